//! The request for URLs: a row, an upload, its id in the row, and signatures, in this order, so that nothing is
//! ever only in S3.

use aws_credential_types::Credentials;
use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;
use restow_api::reupload::{PresignedUploadRequest, PresignedUploadResponse};
use uuid::Uuid;

use super::Plan;
use crate::app::App;
use crate::clock;
use crate::crash::{self, Point};
use crate::dataset;
use crate::error::{Error, Result};
use crate::storage::{StorageError, UrlLife, content_disposition, content_type};
use crate::store::{JobRow, NewJob, Principal};

/// Longest extension that a key takes over, in bytes.
const MAX_EXTENSION: usize = 16;

/// Plans an upload, creates its job, and signs its URLs.
///
/// # Errors
/// [`Error::ExtensionNotAllowed`], [`Error::NotFound`], [`Error::FileTooLarge`], [`Error::QuotaExceeded`],
/// [`Error::TooManyOpenJobs`]; none of them creates anything.
pub async fn request(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    asked: PresignedUploadRequest,
) -> Result<PresignedUploadResponse> {
    let (now, signed_at) = (app.now(), clock::now());
    check_extension(&asked.filename, &app.settings.allowed_extensions)?;
    dataset::get(app, principal, dataset_id).await?;
    let plan = Plan::new(asked.file_size, &app.settings.plan)?;
    let deadline = now + app.settings.job_deadline.min(app.settings.job_hard_limit);
    // Without credentials there is nothing to sign with, and no reason to begin.
    let credentials = app.storage.upload_credentials(signed_at).await?;
    let life =
        url_life(app, signed_at, deadline, &credentials).ok_or(StorageError::CredentialsExpired)?;
    let job = create_job(app, principal, dataset_id, asked, plan, now, deadline).await?;
    crash::at(Point::RequestRowWritten);
    let upload_id = create_upload(app, &job).await?;
    crash::at(Point::RequestUploadRecorded);
    let signer = app
        .storage
        .signer()
        .upload(&job.s3_key, &upload_id, life, &credentials);
    let parts =
        (1..=plan.part_count()).filter_map(|number| Some((number, plan.part_length(number)?)));
    let urls: Vec<_> = parts
        .map(|(number, length)| signer.part(number, length).url)
        .collect();
    app.metrics.urls.inc_by(urls.len() as u64);
    app.metrics.count_jobs(JobStatus::AwaitingUpload, 1);
    tracing::info!(job_id = %job.id, %dataset_id, parts = urls.len(), bytes = plan.file_size(), "reupload requested");
    Ok(PresignedUploadResponse {
        job_id: job.id,
        urls,
        s3_key: job.s3_key,
        upload_id: (!plan.is_single()).then_some(upload_id),
        part_size: (!plan.is_single()).then(|| plan.part_size()),
    })
}

async fn create_job(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    asked: PresignedUploadRequest,
    plan: Plan,
    created_at: DateTime<Utc>,
    deadline: DateTime<Utc>,
) -> Result<NewJob> {
    let id = Uuid::now_v7();
    let s3_key = key(app.storage.prefix(), dataset_id, id, &asked.filename);
    let PresignedUploadRequest {
        filename,
        content_type,
        ..
    } = asked;
    let principal_id = principal.id;
    let job = NewJob {
        id,
        dataset_id,
        principal_id,
        filename,
        content_type,
        plan,
        s3_key,
        created_at,
        deadline,
    };
    if app.store.insert_job(&job, app.settings.quota).await? {
        Ok(job)
    } else {
        Err(Error::NotFound(dataset::IN_PATH))
    }
}

/// Creates the upload of a job whose row has just been written, and records it there.
///
/// A job that gets none is given up at once: its client has nothing to come back with.
async fn create_upload(app: &App, job: &NewJob) -> Result<String> {
    let recorded =
        match new_upload(app, job.id, &job.s3_key, &job.filename, &job.content_type).await {
            Ok(Some(upload_id)) => return Ok(upload_id),
            Ok(None) => Err(Error::NotFound(dataset::IN_PATH)),
            Err(error) => Err(error),
        };
    // If this fails too, the reaper finds the row by its deadline.
    let _ = app.store.cancel_job(job.id, app.now()).await;
    recorded
}

/// The upload of a job: the one in its row, or a new one where a crash has left none.
pub async fn ensure_upload(app: &App, job: &JobRow) -> Result<String> {
    if let Some(upload_id) = &job.upload_id {
        return Ok(upload_id.clone());
    }
    if let Some(upload_id) = new_upload(
        app,
        job.id,
        &job.s3_key,
        &job.filename.0,
        &job.content_type.0,
    )
    .await?
    {
        return Ok(upload_id);
    }
    let recorded = app.store.find_upload(job.id).await?;
    recorded.ok_or(Error::InvalidState {
        status: job.status(),
        operation: "take parts any more",
    })
}

/// Creates an upload and records it in its job's row. `None` where the job has another one by now, or waits no
/// longer: nobody but this call knew of the upload then, so it is gone again.
async fn new_upload(
    app: &App,
    job_id: Uuid,
    key: &str,
    filename: &str,
    mime: &str,
) -> Result<Option<String>> {
    let disposition = content_disposition(filename);
    let upload_id = app
        .storage
        .create_upload(key, job_id, content_type(mime), &disposition)
        .await?;
    crash::at(Point::RequestUploadCreated);
    if app.store.set_upload(job_id, &upload_id).await? {
        return Ok(Some(upload_id));
    }
    app.storage.abort_upload(key, &upload_id).await?;
    Ok(None)
}

/// From when to when URLs signed at `signed_at` are good; `None` where the job's end has come. The deadline is judged by
/// the database's clock, the URL by S3's, which the process's own is close to.
pub fn url_life(
    app: &App,
    signed_at: DateTime<Utc>,
    deadline: DateTime<Utc>,
    credentials: &Credentials,
) -> Option<UrlLife> {
    let end = signed_at + (deadline - app.now());
    UrlLife::new(signed_at, app.settings.url_expires, end, credentials)
}

/// The key of a job's object. Of the filename it holds the extension, if that is harmless, and nothing else.
fn key(prefix: &str, dataset_id: Uuid, job_id: Uuid, filename: &str) -> String {
    match extension(filename) {
        Some(extension) => format!("{prefix}datasets/{dataset_id}/{job_id}.{extension}"),
        None => format!("{prefix}datasets/{dataset_id}/{job_id}"),
    }
}

/// The extension of a filename in lower case, without its dot: up to 16 ASCII letters and digits behind the last
/// dot of a longer name.
pub(crate) fn extension(filename: &str) -> Option<String> {
    let (stem, extension) = filename.rsplit_once('.')?;
    let harmless = (1..=MAX_EXTENSION).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    (harmless && !stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

fn check_extension(filename: &str, allowed: &[String]) -> Result<()> {
    let extension = extension(filename);
    if allowed.is_empty() || extension.is_some_and(|extension| allowed.contains(&extension)) {
        return Ok(());
    }
    Err(Error::ExtensionNotAllowed {
        filename: filename.to_string(),
        allowed: allowed.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_holds_nothing_of_the_filename_but_a_harmless_extension() {
        let (dataset, job) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let key = |filename: &str| super::key("p/", dataset, job, filename);
        let stem = format!("p/datasets/{dataset}/{job}");
        assert_eq!(key("Data.CSV"), format!("{stem}.csv"));
        assert_eq!(key("a.tar.gz"), format!("{stem}.gz"));
        for odd in [
            "csv",
            ".csv",
            "a.",
            "a.c/../../x",
            "a.c\0",
            "a.csv ",
            "a.ćsv",
            "a.abcdefghijklmnopq",
        ] {
            assert_eq!(key(odd), stem, "{odd:?}");
        }
    }

    #[test]
    fn extensions_can_be_restricted() {
        let allowed = ["csv".to_string()];
        assert!(check_extension("a.CSV", &allowed).is_ok());
        assert!(check_extension("anything", &[]).is_ok());
        for refused in ["a.exe", "csv"] {
            assert!(matches!(
                check_extension(refused, &allowed),
                Err(Error::ExtensionNotAllowed { .. })
            ));
        }
    }
}
