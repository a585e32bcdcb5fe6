//! Previews: what the inspection found, beside the version that was current when the job was created.

use restow_api::job::JobStatus;
use restow_api::{Preview, SchemaDiff};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::job;
use crate::store::{JobRow, Principal};
use crate::verdict::{self, Object};

/// The preview of a job whose object is inspected.
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
    let schema_diff = difference(app, &job, &Object::of_job(&job, &found)).await?;
    Ok(Preview {
        job_id,
        row_count: found.row_count(),
        dialect: found.dialect().cloned(),
        findings_total: found.findings_total(),
        schema_diff,
        format: found.format,
        columns: found.columns.0,
        sample: found.sample.0,
        findings: found.findings.0,
    })
}

/// The difference from the version that the job is to replace, also when it has done so.
async fn difference(app: &App, job: &JobRow, object: &Object<'_>) -> Result<SchemaDiff> {
    let Some(number) = job.base_version() else {
        return Ok(verdict::judge(None, object).diff);
    };
    let base = app.store.find_compared(job.dataset_id, number).await?;
    Ok(match base {
        Some(base) => verdict::judge(Some(&base), object).diff,
        None => verdict::diff_from_unknown(number, object),
    })
}
