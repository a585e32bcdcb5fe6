//! Datasets.

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

/// The datasets that the principal sees, oldest first.
pub async fn list(
    app: &App,
    principal: &Principal,
    visible: Visible,
    query: DatasetQuery,
) -> Result<ResultsPage<Dataset>> {
    let after = page::after::<Uuid>(&query.page)?;
    let Some(name) = query.name else {
        let rows = app
            .store
            .list_datasets(principal.id, visible, after, page::rows_wanted(&query.page))
            .await?;
        return Ok(page::of(rows, &query.page, |dataset| dataset.id));
    };
    // No dataset is called what not every database can even compare with.
    let found = if name.contains('\0') {
        Vec::new()
    } else {
        visible_by_name(app, principal, visible, &name).await?
    };
    let behind = |dataset: &Dataset| after.is_none_or(|after| dataset.id > after);
    Ok(ResultsPage {
        next_page: None,
        items: found.into_iter().filter(behind).collect(),
    })
}

/// The datasets of a name that the principal sees: names are unique among those of one owner.
async fn visible_by_name(
    app: &App,
    principal: &Principal,
    visible: Visible,
    name: &str,
) -> Result<Vec<Dataset>> {
    if let Visible::OfToken(_) = visible {
        let normalized = normalized(name);
        let listed = app
            .store
            .list_datasets(principal.id, visible, None, MAX_OF_NAME)
            .await?;
        let has_name = |dataset: &Dataset| dataset.name == normalized || dataset.name == name;
        return Ok(listed.into_iter().filter(has_name).collect());
    }
    let mut found = Vec::from_iter(find_by_name(app, principal, name).await?);
    if visible == Visible::Shared {
        let shared = app
            .store
            .find_shared_by_name(principal.id, &normalized(name), MAX_OF_NAME)
            .await?;
        found.extend(shared);
    }
    Ok(found)
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
