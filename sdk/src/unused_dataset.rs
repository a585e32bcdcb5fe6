//! The removal of datasets that were created for an upload that then failed.

use uuid::Uuid;

use crate::client::Client;
use crate::generated::types::JobStatus;

impl Client {
    /// Deletes a dataset that was created for an upload that then failed. One with an upload that can be resumed, or with
    /// content that can be inspected again, is kept. Errors are ignored: the caller needs to see that of the upload.
    pub async fn delete_unused_dataset(&self, dataset_id: Uuid) {
        let jobs = self
            .call(|| self.api().list_jobs().dataset_id(dataset_id).send())
            .await;
        let is_over = |status| {
            matches!(
                status,
                JobStatus::Cancelled | JobStatus::Failed | JobStatus::Expired
            )
        };
        if jobs.is_ok_and(|jobs| jobs.items.iter().all(|job| is_over(job.status))) {
            let _ = self
                .call(|| self.api().delete_dataset().dataset_id(dataset_id).send())
                .await;
        }
    }
}
