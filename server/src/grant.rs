//! Grants: what principals may do with datasets that others own.

use dropshot::ResultsPage;
use restow_api::grant::{Grant, GrantRequest, Role};
use restow_api::page::PageQuery;
use uuid::Uuid;

use crate::app::App;
use crate::dataset;
use crate::error::{Error, Forbidden, Result};
use crate::page;
use crate::store::Principal;

/// Where a request names the principal of a grant.
const IN_PATH: [&str; 2] = ["path", "principal"];

/// The grants on a dataset.
pub async fn list(
    app: &App,
    owner: &Principal,
    dataset_id: Uuid,
    query: &PageQuery,
) -> Result<ResultsPage<Grant>> {
    dataset::get(app, owner, dataset_id).await?;
    let after = page::after::<Uuid>(query)?;
    let limit = page::rows_wanted(query);
    let rows = app.store.list_grants(dataset_id, after, limit).await?;
    let page = page::of(rows, query, |row| row.principal_id);
    let grants = page.items.into_iter().map(|row| Grant {
        dataset_id,
        principal: row.principal,
        role: row.role.0,
        created_at: row.created_at,
    });
    Ok(ResultsPage {
        next_page: page.next_page,
        items: grants.collect(),
    })
}

/// Grants a role on a dataset, in place of an earlier one. Safe to repeat.
///
/// # Errors
/// [`Error::NotFound`] where there is no such principal, [`Error::Forbidden`] where it owns the dataset.
pub async fn put(
    app: &App,
    owner: &Principal,
    dataset_id: Uuid,
    principal: &str,
    request: &GrantRequest,
) -> Result<Grant> {
    dataset::get(app, owner, dataset_id).await?;
    check_storable(principal)?;
    let found = app.store.find_principal(principal).await?;
    let found = found.ok_or(Error::NotFound(IN_PATH))?;
    if found.id == owner.id {
        return Err(Forbidden::GrantToOwner.into());
    }
    let role: Role = request.role;
    let created_at = app
        .store
        .put_grant(dataset_id, found.id, role, app.now())
        .await?;
    tracing::info!(%dataset_id, principal_id = %found.id, %role, "role granted");
    Ok(Grant {
        dataset_id,
        principal: found.name,
        role,
        created_at,
    })
}

/// Checks a name: no principal is called what not every database can even compare with.
fn check_storable(principal: &str) -> Result<()> {
    if principal.contains('\0') {
        return Err(Error::NotFound(IN_PATH));
    }
    Ok(())
}

/// Ends a grant.
///
/// # Errors
/// [`Error::NotFound`] where there is none.
pub async fn delete(app: &App, owner: &Principal, dataset_id: Uuid, principal: &str) -> Result<()> {
    dataset::get(app, owner, dataset_id).await?;
    check_storable(principal)?;
    if app
        .store
        .delete_grant(dataset_id, principal, app.now())
        .await?
    {
        tracing::info!(%dataset_id, "grant ended");
        Ok(())
    } else {
        Err(Error::NotFound(IN_PATH))
    }
}
