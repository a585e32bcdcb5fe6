//! What remains of a reupload once it has ended: whether its job is cancelled, and whether its record is deleted.

use uuid::Uuid;

use super::journal::Journal;
use super::outcome::ReuploadOutcome;
use super::plan::Plan;
use super::uploaded_parts::UploadedParts;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::JobStatus;

/// The job of a reupload that has ended.
pub(super) struct Cleanup<'a> {
    pub client: &'a Client,
    pub job_id: Uuid,
    pub plan: Plan,
    /// Whether the job was found on the server: another process may be uploading to it.
    pub is_joined: bool,
    pub journal: Option<&'a Journal>,
}

impl Cleanup<'_> {
    /// Cancels the job and deletes the record where they are of no further use, and returns the outcome, with the end
    /// of the job as its error where that is the cause.
    pub async fn run(self, outcome: Result<ReuploadOutcome>) -> Result<ReuploadOutcome> {
        let outcome = match outcome {
            Err(error) if may_mean_job_ended(&error) => Err(self.job_ended_or(error).await),
            outcome => outcome,
        };
        let is_useless = match &outcome {
            Ok(_) => false,
            // The process that created a joined job can still use what S3 holds of it.
            Err(Error::SourceChanged(_)) => !self.is_joined,
            Err(error) => self.is_lost(error).await,
        };
        if is_useless {
            // The server expires the job at its deadline if this fails.
            let _ = self
                .client
                .api()
                .cancel_job()
                .job_id(self.job_id)
                .send()
                .await;
        }
        if is_useless || is_final(&outcome) {
            self.journal.inspect(|journal| journal.delete());
        }
        outcome
    }

    /// The end of the job if it was cancelled or has expired, else the error itself.
    async fn job_ended_or(&self, error: Error) -> Error {
        let client = self.client;
        match client
            .call(|| client.api().get_job().job_id(self.job_id).send())
            .await
        {
            Ok(job) if matches!(job.status, JobStatus::Cancelled | JobStatus::Expired) => {
                Error::JobEnded(job.status)
            }
            _ => error,
        }
    }

    /// Whether S3 has lost the multipart upload of the job, as buckets with a lifecycle rule do after some time: S3
    /// holds no part of it, and its URLs are refused.
    async fn is_lost(&self, error: &Error) -> bool {
        let (client, job_id) = (self.client, self.job_id);
        is_no_such_upload(error)
            && UploadedParts::list(client, job_id, self.plan, false)
                .await
                .is_ok_and(|uploaded| uploaded.count() == 0)
            // In this order: an upload that another process completes ends before the status of its job changes.
            && client
                .api()
                .get_job()
                .job_id(job_id)
                .send()
                .await
                .is_ok_and(|job| job.status == JobStatus::AwaitingUpload)
    }
}

fn is_no_such_upload(error: &Error) -> bool {
    matches!(error, Error::S3 { code, .. } if code == "NoSuchUpload")
}

/// Whether S3 or the server returns this error for a job that has ended.
fn may_mean_job_ended(error: &Error) -> bool {
    is_no_such_upload(error) || error.error_type() == Some("invalid_state")
}

/// Whether another call has nothing to resume, whatever the state of the job.
fn is_final(outcome: &Result<ReuploadOutcome>) -> bool {
    use Error::{ConcurrentUpload, JobEnded, JobFailed, SourceChanged};
    matches!(
        outcome,
        Ok(_) | Err(JobFailed(_) | JobEnded(_) | ConcurrentUpload { .. } | SourceChanged(_))
    )
}
