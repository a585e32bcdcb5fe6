//! Datasets.

use std::fmt;
use std::str::FromStr;

use dropshot::ResultsPage;
use restow_api::dataset::{Dataset, DatasetNameRequest, DatasetQuery, UpdateDatasetRequest};
use restow_api::idempotency::IdempotencyKey;
use restow_api::job::JobStatus;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::abort;
use crate::app::App;
use crate::error::{Error, Result};
use crate::idempotency::key_use;
use crate::page;
use crate::store::{Principal, Visible};

/// Where a request names a dataset.
pub(crate) const IN_PATH: [&str; 2] = ["path", "dataset_id"];

/// Most datasets of a name that are listed, and datasets that a token can be restricted to.
const MAX_OF_NAME: i64 = 100;

/// Creates a dataset, or returns the one that the same request with the same key created before.
///
/// # Errors
/// [`Error::IdempotencyKeyReused`], [`Error::CreatedGone`], [`Error::NameTaken`].
pub async fn create(
    app: &App,
    principal: &Principal,
    request: &DatasetNameRequest,
    key: Option<&IdempotencyKey>,
) -> Result<Dataset> {
    let now = app.now();
    let key = key.map(|key| key_use(principal, key, ("create_dataset", request), now));
    app.store
        .create_dataset(principal.id, &normalized(&request.name), key.as_ref(), now)
        .await
}

/// A name as it is kept and compared: what looks the same is the same, however it was typed.
fn normalized(name: &str) -> String {
    name.nfc().collect()
}

/// Who lists datasets.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    /// The principal.
    pub principal: Principal,
    /// Its name.
    pub name: &'a str,
    /// Which datasets it sees.
    pub visible: Visible,
}

/// The datasets that a principal sees, oldest first.
///
/// The token of a page remembers what the list is restricted to, since a client that asks for the next page need not repeat it.
pub async fn list(
    app: &App,
    viewer: &Viewer<'_>,
    query: DatasetQuery,
) -> Result<ResultsPage<Dataset>> {
    let token = page::after::<DatasetToken>(&query.page)?;
    let (after, owners) = match token {
        Some(token) => (Some(token.after), token.owners),
        None => (None, Owners::of(&query, viewer)),
    };
    let found = match &query.name {
        // No dataset is called what not every database can even compare with.
        Some(name) if name.contains('\0') => Vec::new(),
        Some(name) => by_name(app, viewer, &owners, name).await?,
        None => {
            let limit = page::rows_wanted(&query.page);
            behind(app, viewer, &owners, after, limit).await?
        }
    };
    let is_behind = |dataset: &Dataset| after.is_none_or(|after| dataset.id > after);
    let rows = found.into_iter().filter(is_behind).collect();
    Ok(page::of(rows, &query.page, |dataset: &Dataset| {
        DatasetToken {
            after: dataset.id,
            owners: owners.clone(),
        }
    }))
}

/// The first datasets behind an id.
async fn behind(
    app: &App,
    viewer: &Viewer<'_>,
    owners: &Owners,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Dataset>> {
    if let Visible::OfToken(_) = viewer.visible {
        return of_token(app, viewer, owners).await;
    }
    let visible = match owners {
        Owners::All => viewer.visible,
        Owners::Caller => Visible::Own,
        Owners::Other(name) => match app.store.find_principal(name).await? {
            Some(owner) => Visible::SharedBy(owner.id),
            None => return Ok(Vec::new()),
        },
    };
    app.store
        .list_datasets(viewer.principal.id, visible, after, limit)
        .await
}

/// The datasets of a name: names are unique among those of one owner. The caller's own one is first.
async fn by_name(
    app: &App,
    viewer: &Viewer<'_>,
    owners: &Owners,
    name: &str,
) -> Result<Vec<Dataset>> {
    let (principal, normalized) = (viewer.principal, normalized(name));
    if let Visible::OfToken(_) = viewer.visible {
        let listed = of_token(app, viewer, owners).await?;
        let has_name = |dataset: &Dataset| dataset.name == normalized || dataset.name == name;
        return Ok(listed.into_iter().filter(has_name).collect());
    }
    if let Owners::Other(owner) = owners {
        let Some(owner) = app.store.find_principal(owner).await? else {
            return Ok(Vec::new());
        };
        let shared = app
            .store
            .find_shared_by_owner_and_name(principal.id, owner.id, &normalized);
        return Ok(Vec::from_iter(shared.await?));
    }
    let mut found = Vec::from_iter(find_by_name(app, &principal, name).await?);
    if viewer.visible == Visible::Shared && *owners == Owners::All {
        let shared = app
            .store
            .find_shared_by_name(principal.id, &normalized, MAX_OF_NAME);
        found.extend(shared.await?);
    }
    Ok(found)
}

/// The datasets that a token is restricted to.
async fn of_token(app: &App, viewer: &Viewer<'_>, owners: &Owners) -> Result<Vec<Dataset>> {
    let listed = app
        .store
        .list_datasets(viewer.principal.id, viewer.visible, None, MAX_OF_NAME)
        .await?;
    let is_listed = |dataset: &Dataset| match owners {
        Owners::All => true,
        Owners::Caller => dataset.owner == viewer.name,
        Owners::Other(name) => dataset.owner == *name,
    };
    Ok(listed.into_iter().filter(is_listed).collect())
}

/// Whose datasets are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Owners {
    All,
    Caller,
    /// The principal of that name, which may not exist.
    Other(String),
}

impl Owners {
    fn of(query: &DatasetQuery, viewer: &Viewer<'_>) -> Self {
        match &query.owner {
            Some(owner) if *owner != viewer.name => Self::Other(owner.replace('\0', "")),
            None if query.shared => Self::All,
            _ => Self::Caller,
        }
    }
}

/// Where a page of datasets begins, and what the list is restricted to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct DatasetToken {
    after: Uuid,
    owners: Owners,
}

impl fmt::Display for DatasetToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.after)?;
        match &self.owners {
            Owners::All => Ok(()),
            Owners::Caller => f.write_str(".own"),
            Owners::Other(name) => write!(f, ".of.{name}"),
        }
    }
}

impl FromStr for DatasetToken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (after, owners) = match text.split_once('.') {
            None => (text, Owners::All),
            Some((after, "own")) => (after, Owners::Caller),
            Some((after, owner)) => match owner.strip_prefix("of.") {
                Some(name) if !name.contains('\0') => (after, Owners::Other(name.to_string())),
                _ => return Err("no such list".to_string()),
            },
        };
        let after = after.parse().map_err(|_| "no id".to_string())?;
        Ok(Self { after, owners })
    }
}

/// The dataset of a name. A row from before names were normalized holds its name as it was typed.
async fn find_by_name(app: &App, principal: &Principal, name: &str) -> Result<Option<Dataset>> {
    let normalized = normalized(name);
    let found = app.store.find_dataset_by_name(principal.id, &normalized);
    match found.await? {
        None if normalized != name => app.store.find_dataset_by_name(principal.id, name).await,
        found => Ok(found),
    }
}

/// One dataset.
pub async fn get(app: &App, principal: &Principal, id: Uuid) -> Result<Dataset> {
    app.store
        .find_dataset(principal.id, id)
        .await?
        .ok_or(Error::NotFound(IN_PATH))
}

/// Why something of a dataset is not found: `error`, or the dataset does not exist.
///
/// Reads are one statement, and only where it finds nothing, a second one looks for the reason.
pub(crate) async fn missing_or(
    app: &App,
    principal: &Principal,
    id: Uuid,
    error: Error,
) -> Result<Error> {
    get(app, principal, id).await?;
    Ok(error)
}

/// Changes the name or the policy of a dataset. A request that changes nothing leaves the time of the last change alone.
///
/// # Errors
/// [`Error::NameTaken`] where the principal has another dataset of that name.
pub async fn update(
    app: &App,
    principal: &Principal,
    id: Uuid,
    request: &UpdateDatasetRequest,
) -> Result<Dataset> {
    let name = request.name.as_deref().map(normalized);
    let policy = request.policy.as_ref();
    if name.is_none() && policy.is_none() {
        return get(app, principal, id).await;
    }
    app.store
        .update_dataset(principal.id, id, name.as_deref(), policy, app.now())
        .await?
        .ok_or(Error::NotFound(IN_PATH))
}

/// Deletes a dataset, and aborts its uploads. The reaper removes its objects.
pub async fn delete(app: &App, principal: &Principal, id: Uuid) -> Result<()> {
    let now = app.now();
    let deleted = app.store.delete_dataset(principal.id, id, now).await?;
    let cancelled_jobs = deleted.ok_or(Error::NotFound(IN_PATH))?;
    app.metrics.count_jobs(JobStatus::Cancelled, cancelled_jobs);
    tracing::info!(dataset_id = %id, cancelled_jobs, "dataset deleted");
    match app
        .store
        .uploads_of_deleted_dataset(id, now, abort::MAX_ABORTS)
        .await
    {
        Ok(uploads) => abort::abort_uploads(app, uploads).await,
        Err(error) => {
            tracing::warn!(dataset_id = %id, %error, "failed to find the uploads of a deleted dataset; the reaper aborts them");
        }
    }
    Ok(())
}

/// Undoes a deletion, as long as its grace lasts. A dataset that is not deleted stays as it is.
///
/// # Errors
/// [`Error::NotFound`] where there is no such dataset any more, [`Error::NameTaken`] where another one has its name.
pub async fn undelete(app: &App, principal: &Principal, id: Uuid) -> Result<Dataset> {
    let now = app.now();
    let since = now - app.settings.removal_grace();
    match app
        .store
        .undelete_dataset(principal.id, id, since, now)
        .await?
    {
        Some(dataset) => {
            tracing::info!(dataset_id = %id, "dataset undeleted");
            Ok(dataset)
        }
        None => get(app, principal, id).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_tokens_are_read_as_they_are_written() {
        let after = Uuid::from_u128(7);
        for owners in [
            Owners::All,
            Owners::Caller,
            Owners::Other("own".to_string()),
            Owners::Other("https://issuer.example#a.b".to_string()),
        ] {
            let token = DatasetToken { after, owners };
            assert_eq!(token.to_string().parse(), Ok(token));
        }
        for odd in [
            "",
            "x",
            ".own",
            &format!("{after}."),
            &format!("{after}.other"),
        ] {
            assert!(odd.parse::<DatasetToken>().is_err(), "{odd}");
        }
    }
}
