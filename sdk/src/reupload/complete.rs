//! Having S3 put the parts together.

use std::collections::BTreeSet;

use serde_json::Value;
use tokio::time::sleep;
use uuid::Uuid;

use super::plan::{Part, PartNumber, Plan};
use super::upload::{PartEtags, Uploader};
use super::uploaded_parts::UploadedParts;
use crate::error::{Error, Result};
use crate::generated::types::{CompleteUploadRequest, CompletedPart, JobStatus};

/// How often completion may be asked for after S3 has refused it.
const MAX_REJECTIONS: u32 = 3;

/// The completion of one job.
pub(super) struct Completion<'a, 'l> {
    pub dataset_id: Uuid,
    pub job_id: Uuid,
    pub plan: Plan,
    pub uploader: &'a Uploader<'a, 'l>,
}

impl Completion<'_, '_> {
    /// Completes the upload. Parts that the server finds missing or wrong are sent again, each once.
    /// Gives the tags of the parts that the object is made of, if it was this call that had it made.
    pub async fn run(&self, mut sent: PartEtags) -> Result<PartEtags> {
        let mut mended = BTreeSet::new();
        let mut refusals = 0;
        loop {
            self.save_is_sent(true);
            match self.ask(&sent).await {
                Ok(JobStatus::AwaitingUpload) if refusals < MAX_REJECTIONS => {
                    refusals += 1;
                    sleep(refusals * self.uploader.client.retry().initial_delay).await;
                }
                Ok(JobStatus::AwaitingUpload) => return Err(self.refused().await),
                Ok(_) => return Ok(sent),
                Err(error) => {
                    let wrong = self.mendable(&error, &mut mended);
                    if wrong.is_empty() {
                        return Err(error);
                    }
                    self.save_is_sent(false);
                    self.uploader.tracker.retried(wrong.len());
                    sent.extend(
                        self.uploader
                            .send(&wrong, &UploadedParts::default())
                            .await?,
                    );
                }
            }
        }
    }

    fn save_is_sent(&self, is_sent: bool) {
        self.uploader
            .journal
            .inspect(|journal| journal.save_is_sent(is_sent));
    }

    /// Asks once, and waits until the answer is known: completion goes on after a slow request has returned.
    async fn ask(&self, sent: &PartEtags) -> Result<JobStatus> {
        let client = self.uploader.client;
        let part = |(part_number, etag): (&PartNumber, &String)| CompletedPart {
            etag: etag.clone(),
            part_number: *part_number,
        };
        let request = || {
            let body = CompleteUploadRequest {
                parts: sent.iter().map(part).collect(),
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

    /// The error of a completion that S3 refuses again and again.
    async fn refused(&self) -> Error {
        let client = self.uploader.client;
        let job = client
            .call(|| client.api().get_job().job_id(self.job_id).send())
            .await;
        let reason = job.map(|job| {
            job.error
                .map(|error| format!("{} ({})", error.msg, error.type_))
        });
        match reason {
            Ok(reason) => {
                Error::InvalidResponse(format!("{NOT_COMPLETED}: {}", reason.unwrap_or_default()))
            }
            Err(error) => error,
        }
    }

    /// The parts that a `parts_mismatch` names and that have not been mended yet.
    fn mendable(&self, error: &Error, mended: &mut BTreeSet<PartNumber>) -> Vec<Part> {
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
            .filter(|part| mended.insert(part.number))
            .collect()
    }
}

const NOT_COMPLETED: &str = "the server went back from completing the upload, again and again";

/// A part is named by its number, alone or as a member of an object.
fn part_number(named: &Value) -> Option<PartNumber> {
    named
        .get("part_number")
        .unwrap_or(named)
        .as_u64()
        .and_then(PartNumber::new)
}
