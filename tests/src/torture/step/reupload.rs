//! A reupload from its request to its end, by hand, with everything that can be done wrong on the way.

use rand::RngExt;
use rand::rngs::StdRng;
use restow_sdk::generated::types::{JobStatus, PresignedUploadResponse, Preview};
use serde_json::json;
use uuid::Uuid;

use crate::torture::api::Ended;
use crate::torture::client::{Client, Replaces};
use crate::torture::content::{Content, PART_SIZE, noise};
use crate::torture::message::{Request, Response};
use crate::torture::model::Job;
use crate::torture::pool::Known;
use crate::torture::settings::{MAX_OPEN_JOBS, QUOTA};
use crate::torture::transfer::Moved;

/// One of so many reuploads has more than one part.
const BIG: f64 = 0.07;

impl Client {
    /// Replaces the data of a dataset, or stops somewhere on the way.
    pub async fn reupload(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let dataset_id = self.any_dataset(generator).await?;
        let Some(job_id) = self.begin(dataset_id, generator).await? else {
            return Ok(());
        };
        // Most are taken to their end at once; others are left to a later step, or to their deadline.
        if generator.random_bool(0.06) {
            return Ok(());
        }
        if generator.random_bool(0.06) {
            self.complete_early(job_id).await?;
        }
        self.send_parts(job_id, generator).await?;
        if generator.random_bool(0.05) {
            return Ok(());
        }
        if self.complete_somehow(job_id, generator).await? {
            self.end_somehow(job_id, generator).await?;
        }
        Ok(())
    }

    /// Two reuploads on one base: the second one is rejected until it states what it replaces.
    pub async fn commit_on_stale_base(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let dataset_id = self.any_dataset(generator).await?;
        let mut ready = Vec::new();
        for _ in 0..2 {
            let Some(job_id) = self.begin(dataset_id, generator).await? else {
                break;
            };
            self.send_parts(job_id, generator).await?;
            if self.complete_rightly(job_id).await? {
                ready.push(job_id);
            }
        }
        let [first, second] = ready[..] else {
            return Ok(());
        };
        if generator.random_bool(0.5) {
            self.commit_both(first, second).await?;
        } else {
            self.commit(first, Replaces::Unstated).await?;
        }
        // A repeated commit of the first succeeds; the other one has a stale base now.
        self.commit(first, Replaces::Unstated).await?;
        self.commit(second, Replaces::Unstated).await?;
        let current = self
            .model
            .dataset(dataset_id)
            .and_then(|dataset| dataset.current);
        self.commit(second, Replaces::Exactly(current))
            .await
            .map(drop)
    }

    /// Requests a job and its URLs; `None` where there is no room for it.
    pub async fn begin(
        &mut self,
        dataset_id: Uuid,
        generator: &mut StdRng,
    ) -> Result<Option<Uuid>, Ended> {
        let big = generator.random_bool(BIG);
        let content = Content::any(generator, big);
        let file_size = content.bytes().len();
        let body = json!({ "filename": content.filename, "file_size": file_size, "content_type": content.content_type() });
        let path = format!("/datasets/{dataset_id}/reupload/presigned");
        let response = self
            .api
            .call(&Request::post("request_presigned_reupload", path, body))
            .await?;
        if response.status != 201 {
            return self.judge_no_room(file_size, &response).map(|()| None);
        }
        let begun: PresignedUploadResponse = self.api.read(&response)?;
        let is_single = file_size <= PART_SIZE;
        let planned = (!is_single).then_some(i64::try_from(PART_SIZE).unwrap_or_default());
        if begun.urls.len() != content.parts()
            || begun.part_size != planned
            || begun.upload_id.is_none() != is_single
        {
            return Err(self.violation(&format!("{file_size} bytes are planned as {begun:?}")));
        }
        let Some(dataset) = self.model.dataset(dataset_id) else {
            return Ok(None);
        };
        let mut job = Job::new(begun.job_id, dataset, content, response.sent_at);
        job.urls = begun.urls;
        self.note_job(job, response.sent_at);
        self.pool.publish(Known {
            principal: self.principal,
            dataset_id,
            job_id: begun.job_id,
        });
        Ok(Some(begun.job_id))
    }

    /// An error for a job has to name the limit that is exceeded.
    fn judge_no_room(&self, requested: usize, response: &Response) -> Result<(), Ended> {
        let number = |name: &str| response.context(name).as_i64().unwrap_or(-1);
        let requested = i64::try_from(requested).unwrap_or_default();
        let explained = match response.status {
            413 => {
                let (limit, used) = (number("limit"), number("used"));
                response.is(413, "quota_exceeded")
                    && limit == QUOTA
                    && number("asked") == requested
                    && used + requested > limit
            }
            429 => {
                response.is(429, "too_many_open_jobs")
                    && response.context("limit") == &json!(MAX_OPEN_JOBS)
            }
            _ => false,
        };
        if explained {
            Ok(())
        } else {
            Err(self
                .api
                .unexpected(&format!("a reupload of {requested} bytes"), response))
        }
    }

    /// Checks the preview of a job that is ready.
    pub async fn check_preview(&mut self, job_id: Uuid) -> Result<(), Ended> {
        let response = self
            .api
            .call(&Request::get(
                "get_preview",
                format!("/jobs/{job_id}/preview"),
            ))
            .await?;
        if response.status != 200 {
            return Err(self.api.unexpected(
                &format!("the preview of job {job_id}, which was ready"),
                &response,
            ));
        }
        let preview: Preview = self.api.read(&response)?;
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        let (rows, base) = (job.content.rows(), job.base);
        if preview.row_count == rows
            && preview.job_id == job_id
            && preview.schema_diff.current_version == base
        {
            return Ok(());
        }
        Err(self.violation(&format!(
            "{rows:?} rows, on version {base:?}, are previewed as {preview:?}"
        )))
    }

    /// Sends other bytes to a URL whose upload is complete: what was checked cannot be swapped any more.
    pub async fn put_too_late(
        &mut self,
        job_id: Uuid,
        generator: &mut StdRng,
    ) -> Result<(), Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        let number = generator.random_range(1..=job.urls.len().max(1));
        let (Some(url), length) = (
            job.urls.get(number - 1).cloned(),
            job.content.part(number).len(),
        ) else {
            return Ok(());
        };
        match self
            .api
            .put(&url, noise(length, generator.random()))
            .await?
        {
            Moved::Done(_) => Err(self.violation(&format!(
                "a URL of job {job_id} is good after its completion"
            ))),
            Moved::Refused(..) | Moved::Away => Ok(()),
        }
    }

    /// Waits until a job is idle. One that takes too long is left to a later step.
    pub async fn wait(&mut self, job_id: Uuid) -> Result<JobStatus, Ended> {
        let mut status = JobStatus::Completing;
        for round in 0_u64..60 {
            status = self.look(job_id).await?.status;
            if !matches!(status, JobStatus::Completing | JobStatus::Inspecting) {
                break;
            }
            self.api
                .pause(std::time::Duration::from_millis(
                    (100 + 100 * round).min(1_000),
                ))
                .await;
        }
        Ok(status)
    }
}
