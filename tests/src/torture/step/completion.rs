//! Completions: right, wrong, twice at once, and against a cancellation.

use futures::join;
use rand::RngExt;
use rand::rngs::StdRng;
use restow_sdk::generated::types::{JobStatus, UploadResponse};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::torture::api::Ended;
use crate::torture::client::{Client, cancellation};
use crate::torture::message::{Request, Response};
use crate::torture::plan;

/// How often a completion is tried whose parts S3 has lost.
const ROUNDS: u32 = 4;

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// With the parts that S3 has confirmed.
    Named,
    /// With whatever S3 has.
    Unnamed,
    /// With each part twice, backwards.
    Duplicates,
    /// With a list that leaves a part out.
    LeftOut,
    /// With a part that was never planned.
    NotPlanned,
    /// With an entity tag that no part has.
    WrongEtag,
    /// Twice at once.
    Twice,
    /// While the job is given up.
    AgainstCancel,
}

const KINDS: [(u32, Kind); 8] = [
    (10, Kind::Named),
    (8, Kind::Unnamed),
    (3, Kind::Duplicates),
    (2, Kind::LeftOut),
    (2, Kind::NotPlanned),
    (3, Kind::WrongEtag),
    (4, Kind::Twice),
    (3, Kind::AgainstCancel),
];

impl Client {
    /// Completes a job, perhaps after an invalid request; returns whether it is ready.
    pub async fn complete_somehow(
        &mut self,
        job_id: Uuid,
        generator: &mut StdRng,
    ) -> Result<bool, Ended> {
        let kind = plan::choose(generator, &KINDS).unwrap_or(Kind::Unnamed);
        let Some(job) = self.model.job(job_id) else {
            return Ok(false);
        };
        let named: Vec<Value> = job
            .etags
            .iter()
            .map(|(number, etag)| part(*number, etag))
            .collect();
        let wrong = generator.random_range(0..named.len().max(1));
        match kind {
            Kind::Named => self.complete_with(job_id, Some(&named)).await,
            Kind::Unnamed => self.complete_with(job_id, None).await,
            Kind::Duplicates => {
                let twice: Vec<Value> = named.iter().rev().chain(&named).cloned().collect();
                self.complete_with(job_id, Some(&twice)).await
            }
            Kind::LeftOut if named.len() > 1 => {
                let rest = [&named[..wrong], &named[wrong + 1..]].concat();
                self.complete_wrongly(job_id, &rest).await
            }
            Kind::LeftOut | Kind::NotPlanned => {
                let more = [
                    &named[..],
                    &[part(named.len() + 1, "0123456789abcdef0123456789abcdef")],
                ]
                .concat();
                self.complete_wrongly(job_id, &more).await
            }
            Kind::WrongEtag => {
                let other = [
                    &named[..wrong],
                    &[part(wrong + 1, "\"00000000000000000000000000000000\"")],
                ]
                .concat();
                let rest = named.get(wrong + 1..).unwrap_or_default();
                self.complete_wrongly(job_id, &[&other[..], rest].concat())
                    .await
            }
            Kind::Twice => self.complete_twice(job_id, &named).await,
            Kind::AgainstCancel => self.complete_against_cancel(job_id).await,
        }
    }

    /// Completes a job whose parts are all sent; returns whether it is ready.
    pub async fn complete_rightly(&mut self, job_id: Uuid) -> Result<bool, Ended> {
        self.complete_with(job_id, None).await
    }

    /// Completes a job of which S3 has nothing yet; all of it is missing, and nothing changes.
    pub async fn complete_early(&mut self, job_id: Uuid) -> Result<(), Ended> {
        let Some(request) = self.completion(job_id, &[]) else {
            return Ok(());
        };
        let response = self.api.call(&request).await?;
        self.take_completion(job_id, &response)?;
        let parts = self.model.job(job_id).map_or(0, |job| job.content.parts());
        let reported = response.context("total");
        match self.wait(job_id).await? {
            JobStatus::AwaitingUpload if response.status == 200 || *reported == json!(parts) => {
                Ok(())
            }
            // A completion that takes long may still be rejected.
            JobStatus::Completing | JobStatus::Expired => Ok(()),
            status => Err(self.api.unexpected(
                &format!("completing job {job_id} too early made it {status}"),
                &response,
            )),
        }
    }

    /// Completes a job with this list, and sends again what S3 has lost; returns whether it is ready.
    async fn complete_with(
        &mut self,
        job_id: Uuid,
        named: Option<&[Value]>,
    ) -> Result<bool, Ended> {
        for round in 0..ROUNDS {
            self.send_missing(job_id).await?;
            // Parts that were sent again have other entity tags, perhaps.
            let named = if round == 0 {
                named.unwrap_or_default()
            } else {
                &[]
            };
            let Some(request) = self.completion(job_id, named) else {
                return Ok(false);
            };
            let response = self.api.call(&request).await?;
            self.take_completion(job_id, &response)?;
            if response.is(409, "invalid_state") {
                return Ok(false);
            }
            match self.wait(job_id).await? {
                JobStatus::AwaitingUpload => {}
                status => return Ok(status == JobStatus::Ready),
            }
            if !self.renew_urls(job_id).await? {
                return Ok(false);
            }
            if let Some(job) = self.model.job(job_id) {
                job.etags.clear();
            }
        }
        Ok(false)
    }

    /// Completes a job with a list that is wrong, which is refused and changes nothing; then with one that is right.
    async fn complete_wrongly(&mut self, job_id: Uuid, named: &[Value]) -> Result<bool, Ended> {
        let Some(request) = self.completion(job_id, named) else {
            return Ok(false);
        };
        let response = self.api.call(&request).await?;
        self.take_completion(job_id, &response)?;
        if response.status == 200 && self.wait(job_id).await? != JobStatus::AwaitingUpload {
            let Some(job) = self.model.job(job_id) else {
                return Ok(false);
            };
            // A completion that takes long may still be rejected.
            if matches!(job.status, JobStatus::Completing | JobStatus::Expired) {
                return Ok(false);
            }
            return Err(self.api.unexpected(
                &format!("completing job {job_id} by the wrong {named:?}"),
                &response,
            ));
        }
        self.complete_with(job_id, None).await
    }

    async fn complete_twice(&mut self, job_id: Uuid, named: &[Value]) -> Result<bool, Ended> {
        let (Some(one), Some(other)) =
            (self.completion(job_id, named), self.completion(job_id, &[]))
        else {
            return Ok(false);
        };
        let (one, other) = join!(self.api.call(&one), self.api.call(&other));
        // The first response may contain an earlier state.
        self.wait(job_id).await?;
        for response in [one?, other?] {
            self.judge_completion(job_id, &response)?;
        }
        self.complete_with(job_id, None).await
    }

    /// Either wins, and the job is what the winner made of it.
    async fn complete_against_cancel(&mut self, job_id: Uuid) -> Result<bool, Ended> {
        let Some(completion) = self.completion(job_id, &[]) else {
            return Ok(false);
        };
        if let Some(job) = self.model.job(job_id) {
            job.cancel_requested = true;
        }
        let cancellation = cancellation(job_id);
        let (completed, cancelled) =
            join!(self.api.call(&completion), self.api.call(&cancellation));
        let (completed, cancelled) = (completed?, cancelled?);
        let status = self.wait(job_id).await?;
        self.judge_completion(job_id, &completed)?;
        if cancelled.status == 200 && status != JobStatus::Cancelled {
            return Err(self
                .api
                .unexpected(&format!("job {job_id}, which is {status}"), &cancelled));
        }
        if cancelled.status != 200 && !cancelled.is(409, "invalid_state") {
            return Err(self
                .api
                .unexpected(&format!("cancelling job {job_id}"), &cancelled));
        }
        if cancelled.status == 409 {
            // Nothing may come of a cancellation that was refused.
            if let Some(job) = self.model.job(job_id) {
                job.cancel_requested = job.is_over();
            }
        }
        Ok(status == JobStatus::Ready)
    }

    /// A request to complete a job with these parts, and a note that it is made.
    pub fn completion(&mut self, job_id: Uuid, named: &[Value]) -> Option<Request> {
        let job = self.model.job(job_id)?;
        job.ask_completion();
        let path = format!(
            "/datasets/{}/reupload/presigned/{job_id}/complete",
            job.dataset_id
        );
        Some(Request::post(
            "complete_presigned_reupload",
            path,
            json!({ "parts": named }),
        ))
    }

    /// Records the response to a completion.
    pub fn take_completion(&mut self, job_id: Uuid, response: &Response) -> Result<(), Ended> {
        self.judge_completion(job_id, response)?;
        if response.status == 200 {
            let reported: UploadResponse = self.api.read(response)?;
            return self.observe(job_id, reported.status);
        }
        if response.is(409, "invalid_state") {
            let going_on = [
                JobStatus::AwaitingUpload,
                JobStatus::Completing,
                JobStatus::Inspecting,
                JobStatus::Ready,
                JobStatus::Rejected,
            ];
            return self.observe_refusal(job_id, response, &going_on);
        }
        Ok(())
    }

    fn judge_completion(&self, job_id: Uuid, response: &Response) -> Result<(), Ended> {
        let is_success = response.status == 200 && response.body["job_id"] == json!(job_id);
        if is_success || response.is(409, "parts_mismatch") || response.is(409, "invalid_state") {
            return Ok(());
        }
        Err(self
            .api
            .unexpected(&format!("completing job {job_id}"), response))
    }
}

fn part(number: usize, etag: &str) -> Value {
    json!({ "part_number": number, "etag": etag })
}
