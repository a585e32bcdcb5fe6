//! Parts: which ones S3 holds, and fresh URLs for them.

use dropshot::ResultsPage;
use restow_api::job::JobStatus;
use restow_api::page::PageQuery;
use restow_api::part::{Part, PartNumber, PartUrl, PartUrls};
use uuid::Uuid;

use crate::app::App;
use crate::clock;
use crate::error::{Error, PartProblem, PartsMismatch, Result};
use crate::job;
use crate::page;
use crate::reupload;
use crate::storage::{ListedPart, PresignedUrl, StorageError, UrlLife, UrlLifeError};
use crate::store::Principal;

/// The parts that S3 holds, by number, each once: of several copies the newest.
pub async fn list(
    app: &App,
    principal: &Principal,
    job_id: Uuid,
    query: PageQuery,
) -> Result<ResultsPage<Part>> {
    let job = job::find(app, principal, job_id).await?;
    let after = page::after::<u32>(&query)?.unwrap_or(0);
    let status = job.status();
    if !matches!(status, JobStatus::AwaitingUpload | JobStatus::Completing) {
        return Err(Error::InvalidState {
            status,
            operation: "list parts",
        });
    }
    let Some(upload_id) = &job.upload_id else {
        return Ok(ResultsPage {
            next_page: None,
            items: Vec::new(),
        });
    };
    let limit = i32::try_from(query.limit).unwrap_or(i32::MAX);
    let (listed, more) = match app
        .storage
        .list_parts(&job.s3_key, upload_id, after, limit)
        .await
    {
        // A store drops an upload once it is completed or aborted; there are no parts then.
        Err(StorageError::NoSuchUpload) => (Vec::new(), false),
        listed => listed?,
    };
    let next_page = listed
        .last()
        .filter(|_| more)
        .map(|last| last.part_number.to_string());
    Ok(ResultsPage {
        next_page,
        items: newest_copies(listed).into_iter().map(Part::from).collect(),
    })
}

fn newest_copies(mut listed: Vec<ListedPart>) -> Vec<ListedPart> {
    listed.sort_by_key(|part| (part.part_number, std::cmp::Reverse(part.last_modified)));
    listed.dedup_by_key(|part| part.part_number);
    listed
}

/// Signs fresh URLs for parts, and extends the job's deadline.
///
/// # Errors
/// [`Error::PartsNotPlanned`] for parts that the plan does not have, [`Error::InvalidState`] where the job does
/// not wait for its upload any more.
pub async fn request_urls(
    app: &App,
    principal: &Principal,
    job_id: Uuid,
    part_numbers: &[PartNumber],
) -> Result<PartUrls> {
    let (now, signed_at) = (app.now(), clock::now());
    let job = job::find(app, principal, job_id).await?;
    let plan = job.plan();
    let mut lengths = Vec::with_capacity(part_numbers.len());
    let mut unknown = PartsMismatch::default();
    for &PartNumber(number) in part_numbers {
        match plan.part_length(number) {
            Some(length) => lengths.push((number, length)),
            None => unknown.add(number, PartProblem::NotPlanned),
        }
    }
    if !unknown.is_empty() {
        return Err(Error::PartsNotPlanned(unknown));
    }
    let count = lengths.len().try_into().unwrap_or(u32::MAX);
    app.count_urls(principal, count)?;
    let hard_limit = job.created_at + app.settings.job_hard_limit;
    let deadline = (now + app.settings.job_deadline).min(hard_limit);
    let Some(job) = app.store.extend_deadline(job_id, deadline).await? else {
        return Err(takes_no_parts(
            job::find(app, principal, job_id).await?.status(),
        ));
    };
    let upload_id = reupload::ensure_upload(app, &job).await?;
    let credentials = app.storage.upload_credentials(signed_at).await?;
    let end = signed_at + (deadline - now);
    let life = UrlLife::new(signed_at, app.settings.url_expires, end, &credentials)
        .map_err(not_signable)?;
    let signer = app
        .storage
        .signer()
        .upload(&job.s3_key, &upload_id, life, &credentials);
    let items = lengths.into_iter().map(|(part_number, content_length)| {
        let PresignedUrl { url, expires_at } = signer.part(part_number, content_length);
        PartUrl {
            part_number,
            url,
            content_length,
            expires_at,
        }
    });
    app.metrics.urls.inc_by(part_numbers.len() as u64);
    Ok(PartUrls {
        items: items.collect(),
    })
}

fn takes_no_parts(status: JobStatus) -> Error {
    Error::InvalidState {
        status,
        operation: "take parts",
    }
}

/// A job at its hard limit takes no parts any more; expired credentials are an outage of the storage.
fn not_signable(error: UrlLifeError) -> Error {
    match error {
        UrlLifeError::DeadlinePassed => takes_no_parts(JobStatus::AwaitingUpload),
        UrlLifeError::CredentialsExpired => StorageError::CredentialsExpired.into(),
    }
}

#[cfg(test)]
mod tests {
    use restow_api::error::Failure;

    use super::*;

    fn status_and_body(error: UrlLifeError) -> (u16, String) {
        let failure = Failure::from(not_signable(error));
        (failure.status().as_u16(), format!("{failure:?}"))
    }

    #[test]
    fn expired_credentials_are_unavailable_storage() {
        let (status, body) = status_and_body(UrlLifeError::CredentialsExpired);
        assert_eq!(status, 503);
        assert!(body.contains("storage"), "{body}");
        let (status, body) = status_and_body(UrlLifeError::DeadlinePassed);
        assert_eq!(status, 409);
        assert!(body.contains("cannot take parts"), "{body}");
    }
}
