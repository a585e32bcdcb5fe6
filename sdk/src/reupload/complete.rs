//! Completing the upload: the server has S3 assemble the parts.

use std::collections::BTreeSet;

use serde_json::Value;
use tokio::time::sleep;
use uuid::Uuid;

use super::etag::PartEtags;
use super::plan::{Part, PartNumber, Plan};
use super::upload::Uploader;
use super::uploaded_parts::UploadedParts;
use crate::error::{Error, Result};
use crate::generated::types::{CompleteUploadRequest, CompletedPart, JobStatus, ReadOptions};

/// Maximum number of times that completion is requested again after S3 refused it.
const MAX_REJECTIONS: u32 = 3;

/// A completed upload.
pub(super) struct Completed {
    /// The `ETag`s of the parts that the object is made of, as far as this call knows them.
    pub etags: PartEtags,
    /// State of the job thereafter.
    pub status: JobStatus,
}

/// The completion of one job.
pub(super) struct Completion<'a, 'l> {
    pub dataset_id: Uuid,
    pub job_id: Uuid,
    pub plan: Plan,
    pub uploader: &'a Uploader<'a, 'l>,
    pub read_options: Option<&'a ReadOptions>,
    /// Whether the job is to be committed as soon as it is inspected, if the policy of the dataset admits it.
    pub commit: bool,
}

impl Completion<'_, '_> {
    /// Completes the upload. Parts that the server reports as missing or wrong are sent again, each once.
    pub async fn run(&self, mut etags: PartEtags) -> Result<Completed> {
        let mut resent = BTreeSet::new();
        let mut rejections = 0;
        loop {
            self.save_is_sent(true);
            match self.request(&etags).await {
                Ok(JobStatus::AwaitingUpload) if rejections < MAX_REJECTIONS => {
                    rejections += 1;
                    sleep(rejections * self.uploader.client.retry().initial_delay).await;
                }
                Ok(JobStatus::AwaitingUpload) => return Err(self.rejection().await),
                Ok(status) => return Ok(Completed { etags, status }),
                Err(error) => {
                    let wrong = self.parts_to_resend(&error, &mut resent);
                    if wrong.is_empty() {
                        return Err(error);
                    }
                    self.save_is_sent(false);
                    self.uploader.tracker.retried(wrong.len());
                    let none = UploadedParts::default();
                    etags.extend(self.uploader.send(&wrong, &none).await?);
                }
            }
        }
    }

    fn save_is_sent(&self, is_sent: bool) {
        self.uploader
            .journal
            .inspect(|journal| journal.save_is_sent(is_sent));
    }

    /// Requests completion once and waits for its result: the server may respond before S3 is done.
    async fn request(&self, etags: &PartEtags) -> Result<JobStatus> {
        let client = self.uploader.client;
        let parts = etags
            .iter()
            .map(completed_part)
            .collect::<Result<Vec<_>>>()?;
        let request = || {
            let body = CompleteUploadRequest {
                commit: self.commit.then_some(true),
                parts: parts.clone(),
                read_options: self.read_options.cloned(),
            };
            let operation = client.api().complete_presigned_reupload();
            operation
                .dataset_id(self.dataset_id)
                .job_id(self.job_id)
                .body(body)
                .send()
        };
        match client.call(request).await?.status {
            JobStatus::Completing => Ok(client
                .poll(self.job_id, |job| job.status != JobStatus::Completing)
                .await?
                .status),
            status => Ok(status),
        }
    }

    /// The error of a completion that S3 refuses repeatedly.
    async fn rejection(&self) -> Error {
        let client = self.uploader.client;
        let job = client
            .call(|| client.api().get_job().job_id(self.job_id).send())
            .await;
        let reason = job.map(|job| {
            job.error.map_or_else(
                || "no reason given".to_string(),
                |error| format!("{} ({})", error.msg, error.type_),
            )
        });
        match reason {
            Ok(reason) => Error::InvalidResponse(format!(
                "S3 repeatedly failed to complete the upload: {reason}"
            )),
            Err(error) => error,
        }
    }

    /// The parts that a `parts_mismatch` names and that have not been sent again yet.
    fn parts_to_resend(&self, error: &Error, resent: &mut BTreeSet<PartNumber>) -> Vec<Part> {
        let Error::Api { errors, .. } = error else {
            return Vec::new();
        };
        let mismatches = errors
            .iter()
            .filter(|error| error.type_ == "parts_mismatch");
        let named = mismatches
            .filter_map(|error| error.ctx.get("parts")?.as_array())
            .flatten();
        named
            .filter_map(part_number)
            .filter_map(|number| self.plan.part(number))
            .filter(|part| resent.insert(part.number))
            .collect()
    }
}

/// A part is named by its number, alone or as a member of an object.
fn part_number(named: &Value) -> Option<PartNumber> {
    named
        .get("part_number")
        .unwrap_or(named)
        .as_u64()
        .and_then(PartNumber::new)
}

/// A part as the API takes it.
fn completed_part((part_number, etag): (&PartNumber, &String)) -> Result<CompletedPart> {
    let etag = etag.parse().map_err(|_| {
        Error::InvalidResponse(format!(
            "S3 sent an ETag that is too long for part {part_number}"
        ))
    })?;
    Ok(CompletedPart {
        etag,
        part_number: *part_number,
    })
}
