//! What callers do with tokens.

use chrono::TimeDelta;
use dropshot::ResultsPage;
use restow_api::scope::Scopes;
use restow_api::token::{CreateTokenRequest, CreatedToken, Token, TokenQuery};
use uuid::Uuid;

use super::{NewToken, TokenTerms, insert};
use crate::app::App;
use crate::caller::Caller;
use crate::error::{Error, Forbidden, Result};
use crate::page;
use crate::store::{Principal, PrincipalRow, TokenRow};

/// Where a request names a token.
const IN_PATH: [&str; 2] = ["path", "token_id"];

/// Creates a token that may do no more than the caller's own.
///
/// # Errors
/// [`Error::Forbidden`] where it would do more, or is to belong to another principal and the caller is no administrator;
/// [`Error::NotFound`] for a dataset that the caller may do nothing with, and for an unknown principal.
pub async fn create(
    app: &App,
    caller: &Caller,
    request: &CreateTokenRequest,
) -> Result<CreatedToken> {
    let scopes: Scopes = request.scopes.iter().copied().collect();
    if !scopes.is_subset(caller.identity().scopes) {
        return Err(Forbidden::MoreThanOwn.into());
    }
    let (principal, name) = owner(app, caller, request.principal.as_deref()).await?;
    let datasets = datasets(app, caller, request.datasets.as_deref()).await?;
    let now = app.now();
    let terms = TokenTerms {
        name: request.name.clone(),
        scopes,
        datasets,
        expires_at: Some(now + TimeDelta::seconds(i64::from(request.expires_in))),
    };
    let created = NewToken::generate();
    insert(&app.store, &created, &principal, &terms, now).await?;
    tracing::info!(token_id = %created.id, by = ?caller.identity().token_id, "token created");
    Ok(CreatedToken {
        secret: created.secret,
        token: Token {
            id: created.id,
            name: terms.name,
            principal: name,
            scopes: terms.scopes.iter().collect(),
            datasets: terms.datasets,
            created_at: now,
            expires_at: terms.expires_at,
            last_used_at: None,
            revoked_at: None,
        },
    })
}

/// The principal that a new token belongs to, with its name.
async fn owner(app: &App, caller: &Caller, name: Option<&str>) -> Result<(Principal, String)> {
    let own = &caller.identity().name;
    let Some(name) = name.filter(|name| name != own) else {
        return Ok((caller.itself(), own.clone()));
    };
    let found = other_principal(app, caller, name, ["body", "principal"]).await?;
    Ok((found.principal(), found.name))
}

/// A principal that the caller administers.
async fn other_principal(
    app: &App,
    caller: &Caller,
    name: &str,
    place: [&'static str; 2],
) -> Result<PrincipalRow> {
    if !caller.is_admin() {
        return Err(Forbidden::OtherPrincipal.into());
    }
    let found = app.store.find_principal(name).await?;
    found.ok_or(Error::NotFound(place))
}

/// The datasets that a new token is for: at most those of the caller's own.
async fn datasets(
    app: &App,
    caller: &Caller,
    requested: Option<&[Uuid]>,
) -> Result<Option<Vec<Uuid>>> {
    let Some(requested) = requested else {
        return Ok(caller.identity().datasets.clone());
    };
    let mut datasets = requested.to_vec();
    datasets.sort_unstable();
    datasets.dedup();
    for id in &datasets {
        if !caller.can_see(app, *id).await? {
            return Err(Error::NotFound(["body", "datasets"]));
        }
    }
    Ok(Some(datasets))
}

/// The caller's tokens, oldest first; those of another principal for an administrator.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`].
pub async fn list(app: &App, caller: &Caller, query: &TokenQuery) -> Result<ResultsPage<Token>> {
    let after = page::after::<Uuid>(&query.page)?;
    let own = &caller.identity().name;
    let principal_id = match query.principal.as_deref().filter(|name| name != own) {
        None => caller.itself().id,
        Some(name) => {
            let place = ["query", "principal"];
            other_principal(app, caller, name, place).await?.id
        }
    };
    let limit = page::rows_wanted(&query.page);
    let rows = app
        .store
        .list_tokens(Some(principal_id), after, limit)
        .await?;
    let rows = page::of(rows, &query.page, |row| row.id);
    let mut items = Vec::with_capacity(rows.items.len());
    for row in rows.items {
        items.push(token(app, row).await?);
    }
    Ok(ResultsPage {
        next_page: rows.next_page,
        items,
    })
}

async fn token(app: &App, row: TokenRow) -> Result<Token> {
    let datasets = if row.is_restricted {
        Some(app.store.datasets_of_token(row.id).await?)
    } else {
        None
    };
    Ok(Token {
        id: row.id,
        name: row.name,
        principal: row.principal,
        scopes: row.scopes.0.iter().collect(),
        datasets,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    })
}

/// Revokes a token. Safe to repeat.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it belongs to a principal that the caller does not administer.
pub async fn revoke(app: &App, caller: &Caller, id: Uuid) -> Result<()> {
    let found = app.store.find_token(id).await?;
    let is_allowed = |row: &TokenRow| caller.is_admin() || row.principal == caller.identity().name;
    found.filter(is_allowed).ok_or(Error::NotFound(IN_PATH))?;
    if app.store.revoke_token(id, app.now()).await? {
        tracing::info!(token_id = %id, by = ?caller.identity().token_id, "token revoked");
    }
    Ok(())
}
