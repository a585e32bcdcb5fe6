//! Previews: what the inspection found, beside the version that is current now.

use restow_api::Preview;
use restow_api::job::JobStatus;
use restow_api::version::Version;
use restow_inspect::{has_rows, schema_diff, unknown_diff};
use uuid::Uuid;

use crate::app::App;
use crate::dataset;
use crate::error::{Error, Result};
use crate::job;
use crate::reupload;
use crate::store::Principal;

/// The preview of a job whose object is inspected.
///
/// The difference is computed per request, since the dataset may have a new version after the inspection.
///
/// # Errors
/// [`Error::InvalidState`] where the object is not inspected.
pub async fn get(app: &App, principal: &Principal, job_id: Uuid) -> Result<Preview> {
    let job = job::find(app, principal, job_id).await?;
    // The rows of an object that became no version are removed with it.
    let has_ended = matches!(
        job.status(),
        JobStatus::Failed | JobStatus::Cancelled | JobStatus::Expired
    );
    let found = if has_ended {
        None
    } else {
        app.store.find_inspection(job_id).await?
    };
    let Some(found) = found else {
        return Err(Error::InvalidState {
            status: job.status(),
            operation: "be previewed",
        });
    };
    let current = match dataset::get(app, principal, job.dataset_id)
        .await?
        .current_version
    {
        Some(number) => app
            .store
            .find_version(job.dataset_id, number)
            .await?
            .map(Version::from),
        None => None,
    };
    let format = found.format.as_deref();
    let is_unknown = found.row_count().is_none() && format.is_some_and(has_rows);
    let schema_diff = match &current {
        Some(version) if is_unknown || has_unknown_columns(version) => {
            unknown_diff(version.version)
        }
        current => {
            let current = current.as_ref();
            let columns = current.map(|version| (version.version, version.columns.as_slice()));
            schema_diff(columns, &found.columns.0)
        }
    };
    Ok(Preview {
        job_id,
        row_count: found.row_count(),
        schema_diff,
        format: found.format,
        columns: found.columns.0,
        sample: found.sample.0,
    })
}

/// Whether the inspection of a version took too long to find out its columns.
fn has_unknown_columns(version: &Version) -> bool {
    let extension = reupload::extension(&version.filename);
    version.row_count.is_none() && extension.is_some_and(|extension| has_rows(&extension))
}
