//! The inspection of an uploaded file, by the options of this call.

use futures::future::try_join;
use uuid::Uuid;

use super::policy::CommitPolicy;
use super::progress::ProgressTracker;
use super::settings::Settings;
use crate::error::Result;
use crate::generated::types::{
    Acceptance, InspectJobRequest, Job, JobStatus, Preview, ReadOptions,
};
use crate::wait::rejection;

/// The inspection of one job.
pub(super) struct Inspection<'a, 'l> {
    pub settings: &'a Settings<'a>,
    pub tracker: &'a ProgressTracker<'l>,
    pub job_id: Uuid,
}

impl Inspection<'_, '_> {
    /// Waits for the inspection of the job, which was last in the state `status`, and returns its result.
    ///
    /// # Errors
    ///
    /// [`JobRejected`](crate::Error::JobRejected), unless the job is to be committed uninspected.
    pub async fn run(&self, status: JobStatus) -> Result<(Job, Preview)> {
        if status == JobStatus::Committed {
            // Neither changes any more. Before, another process may have the job inspected again, and the preview would not
            // be that of the job's state.
            return try_join(self.wait(), self.preview()).await;
        }
        let job = self.wait().await?;
        let preview = self.preview().await?;
        if job.status == JobStatus::Rejected && !self.accepts_uninspected() {
            return Err(rejection(&job, preview));
        }
        Ok((job, preview))
    }

    /// Has a job that an earlier call uploaded inspected with the options of this call, if it states any.
    pub async fn restart(&self, status: JobStatus) -> Result<()> {
        let Some(options) = &self.settings.read_options else {
            return Ok(());
        };
        if status == JobStatus::Committed {
            return Ok(());
        }
        match self.request(options).await {
            // The inspection of the earlier call, with other options, is not over.
            Err(error) if error.error_type() == Some("invalid_state") => {
                if self.wait().await?.status == JobStatus::Committed {
                    return Ok(());
                }
                self.request(options).await
            }
            requested => requested,
        }
    }

    async fn request(&self, options: &ReadOptions) -> Result<()> {
        let client = self.settings.client;
        let body = InspectJobRequest {
            read_options: Some(options.clone()),
        };
        let request = || {
            client
                .api()
                .inspect_job()
                .job_id(self.job_id)
                .body(body.clone())
        };
        client.call(|| request().send()).await?;
        Ok(())
    }

    async fn preview(&self) -> Result<Preview> {
        let client = self.settings.client;
        let request = || client.api().get_preview().job_id(self.job_id).send();
        client.call(request).await
    }

    async fn wait(&self) -> Result<Job> {
        let client = self.settings.client;
        let inspected = |job: &Job| self.tracker.inspected(&job.progress);
        client.wait_for_inspection(self.job_id, inspected).await
    }

    fn accepts_uninspected(&self) -> bool {
        self.settings.accept.contains(&Acceptance::Uninspected)
            && self.settings.commit != CommitPolicy::LeaveAtPreview
    }
}
