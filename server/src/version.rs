//! Versions: listed, read, restored.

use dropshot::ResultsPage;
use restow_api::SchemaDiff;
use restow_api::diff::DiffQuery;
use restow_api::page::PageQuery;
use restow_api::version::{Download, Replaces, Version};
use restow_inspect::format_of_filename;
use uuid::Uuid;

use crate::app::App;
use crate::clock;
use crate::crash::{self, Point};
use crate::dataset;
use crate::error::{Error, Result};
use crate::page;
use crate::storage::{StorageError, UrlLife};
use crate::store::{ComparedRow, Principal, VersionRow};
use crate::verdict::{self, Object};

/// Where a request names a version.
const IN_PATH: [&str; 2] = ["path", "version"];

/// The versions of a dataset, newest first.
pub async fn list(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    query: PageQuery,
) -> Result<ResultsPage<Version>> {
    let before = match page::after::<u64>(&query) {
        Ok(before) => before,
        Err(error) => return Err(dataset::missing_or(app, principal, dataset_id, error).await?),
    };
    let limit = page::rows_wanted(&query);
    let rows = app
        .store
        .list_versions(principal.id, dataset_id, before, limit)
        .await?;
    if rows.is_empty() {
        dataset::get(app, principal, dataset_id).await?;
    }
    Ok(page::of(
        rows.into_iter().map(Version::from).collect(),
        &query,
        |version| version.version,
    ))
}

/// One version.
pub async fn get(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    version: u64,
) -> Result<Version> {
    let found = app.store.find_version(principal.id, dataset_id, version);
    match found.await? {
        Some(row) => Ok(row.into()),
        None => Err(missing(app, principal, dataset_id).await?),
    }
}

/// Why there is no such version.
async fn missing(app: &App, principal: &Principal, dataset_id: Uuid) -> Result<Error> {
    dataset::missing_or(app, principal, dataset_id, Error::NotFound(IN_PATH)).await
}

/// A URL from which a version's object can be read.
pub async fn download(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    version: u64,
) -> Result<Download> {
    // The columns can be thousands, and a URL needs none of them.
    let found = app
        .store
        .find_version_briefly(principal.id, dataset_id, version);
    match found.await? {
        Some(row) => signed(app, row).await,
        None => Err(missing(app, principal, dataset_id).await?),
    }
}

async fn signed(app: &App, row: VersionRow) -> Result<Download> {
    let now = clock::now();
    let wanted = app.settings.url_expires;
    let credentials = app.storage.credentials(now).await?;
    let life = UrlLife::new(now, wanted, now + wanted, &credentials).map_err(StorageError::from)?;
    let signer = app.storage.signer();
    let object = signer.download(&row.s3_key, life, &credentials);
    let head_url = signer.head(&row.s3_key, life, &credentials).url;
    let Version {
        filename,
        file_size,
        etag,
        ..
    } = row.into();
    Ok(Download {
        url: object.url,
        head_url,
        expires_at: object.expires_at,
        filename,
        file_size,
        etag,
    })
}

/// A URL from which the current version's object can be read.
pub async fn download_current(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
) -> Result<Download> {
    let found = app
        .store
        .find_current_version_briefly(principal.id, dataset_id);
    match found.await? {
        Some(row) => signed(app, row).await,
        None => Err(dataset::missing_or(app, principal, dataset_id, Error::NoVersion).await?),
    }
}

/// How a version differs from an earlier one, or from a later one.
pub async fn diff(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    query: &DiffQuery,
) -> Result<SchemaDiff> {
    let dataset = dataset::get(app, principal, dataset_id).await?;
    let to = query.to.or(dataset.current_version);
    let to = compared(app, dataset_id, to.ok_or(Error::NoVersion)?, "to").await?;
    let from = compared(app, dataset_id, query.from, "from").await?;
    let format = format_of_filename(to.version().filename());
    let object = Object::of_version(to.version(), format.as_deref());
    Ok(verdict::judge(Some(&from), &object).diff)
}

/// A version that can be read, as the request names it in its query.
async fn compared(
    app: &App,
    dataset_id: Uuid,
    version: u64,
    parameter: &'static str,
) -> Result<ComparedRow> {
    let row = app.store.find_compared(dataset_id, version).await?;
    row.filter(|row| !row.is_retired)
        .ok_or(Error::NotFound(["query", parameter]))
}

/// Makes an old version the current one. Idempotent.
///
/// # Errors
/// [`Error::VersionConflict`] where the dataset has moved from what is to be replaced.
pub async fn restore(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    version: u64,
    replaces: Replaces,
) -> Result<Version> {
    dataset::get(app, principal, dataset_id).await?;
    let restored = app
        .store
        .restore_version(principal.id, dataset_id, version, replaces, app.now())
        .await?;
    let row = restored.ok_or(Error::NotFound(IN_PATH))?;
    crash::at(Point::RestoreDone);
    tracing::info!(%dataset_id, version, "version restored");
    Ok(row.into())
}
