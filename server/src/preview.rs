//! Previews: what the inspection found, beside the version that is current now.

use restow_api::Preview;
use restow_api::job::JobStatus;
use restow_api::version::Version;
use restow_inspect::schema_diff;
use uuid::Uuid;

use crate::app::App;
use crate::dataset;
use crate::error::{Error, Result};
use crate::job;
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
    let current = current
        .as_ref()
        .map(|version| (version.version, version.columns.as_slice()));
    Ok(Preview {
        job_id,
        row_count: found.row_count(),
        schema_diff: schema_diff(current, &found.columns.0),
        format: found.format,
        columns: found.columns.0,
        sample: found.sample.0,
    })
}
