//! Something with a job of before, whatever has become of it.

use rand::RngExt;
use rand::rngs::StdRng;
use restow_sdk::generated::types::{JobStatus, Part};
use serde_json::json;
use uuid::Uuid;

use crate::torture::api::Ended;
use crate::torture::client::{Client, Replaces};
use crate::torture::message::Request;
use crate::torture::plan;

impl Client {
    /// Does something with any job.
    pub async fn revisit(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let open: Vec<Uuid> = self
            .model
            .jobs
            .iter()
            .filter(|job| !job.is_over())
            .map(|job| job.id)
            .collect();
        let all: Vec<Uuid> = self.model.jobs.iter().map(|job| job.id).collect();
        let jobs = if generator.random_bool(0.6) && !open.is_empty() {
            open
        } else {
            all
        };
        let Some(job_id) = plan::any(generator, &jobs).copied() else {
            return Ok(());
        };
        match generator.random_range(0..8) {
            0 => self.look(job_id).await.map(drop),
            1 => self.cancel(job_id).await.map(drop),
            2 => self.commit(job_id, Replaces::Unstated).await.map(drop),
            3 => self.renew_urls(job_id).await.map(drop),
            4 => self.list_parts(job_id).await,
            5 => self.ask_for_unplanned_part(job_id).await,
            6 => self.complete_again(job_id).await,
            _ => self.go_on(job_id, generator).await,
        }
    }

    /// Takes a job from wherever it is to its end.
    async fn go_on(&mut self, job_id: Uuid, generator: &mut StdRng) -> Result<(), Ended> {
        let ready = match self.look(job_id).await?.status {
            JobStatus::AwaitingUpload => {
                self.renew_urls(job_id).await? && self.complete_rightly(job_id).await?
            }
            JobStatus::Completing | JobStatus::Inspecting => {
                self.wait(job_id).await? == JobStatus::Ready
            }
            status => status == JobStatus::Ready,
        };
        if ready {
            self.end_somehow(job_id, generator).await
        } else {
            Ok(())
        }
    }

    /// S3 holds at most the parts that were sent, each in its size.
    async fn list_parts(&mut self, job_id: Uuid) -> Result<(), Ended> {
        let response = self
            .api
            .call(&Request::get("list_parts", format!("/jobs/{job_id}/parts")))
            .await?;
        if response.status != 200 {
            let not = [JobStatus::AwaitingUpload, JobStatus::Completing];
            return self.observe_refusal(job_id, &response, &not);
        }
        let mut of_items = response.clone();
        of_items.body = response.body["items"].clone();
        let parts: Vec<Part> = self.api.read(&of_items)?;
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        let content = job.content.clone();
        let is_planned = |part: &Part| {
            let number = usize::try_from(part.part_number).unwrap_or(0);
            (1..=content.parts()).contains(&number)
                && usize::try_from(part.size).ok() == Some(content.part(number).len())
        };
        if parts.iter().all(is_planned)
            && parts.is_sorted_by(|one, next| one.part_number < next.part_number)
        {
            return Ok(());
        }
        Err(self
            .api
            .unexpected(&format!("the parts of {content:?}"), &response))
    }

    async fn ask_for_unplanned_part(&mut self, job_id: Uuid) -> Result<(), Ended> {
        let body = json!({ "part_numbers": [9_999] });
        let response = self
            .api
            .call(&Request::post(
                "request_part_urls",
                format!("/jobs/{job_id}/urls"),
                body,
            ))
            .await?;
        let refused = response.is(409, "parts_mismatch") || response.is(409, "invalid_state");
        if refused {
            Ok(())
        } else {
            Err(self
                .api
                .unexpected("a part that was never planned", &response))
        }
    }

    /// Completes whatever there is: what is over stays as it is.
    async fn complete_again(&mut self, job_id: Uuid) -> Result<(), Ended> {
        let Some(request) = self.completion(job_id, &[]) else {
            return Ok(());
        };
        let response = self.api.call(&request).await?;
        self.take_completion(job_id, &response)
    }
}
