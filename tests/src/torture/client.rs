//! One client: it sends random requests for its own datasets, and compares every response with its model.

use std::path::PathBuf;
use std::sync::Arc;

use rand::RngExt;
use rand::rngs::StdRng;
use reqwest::Method;
use restow_sdk::generated::types::{Job as JobResponse, JobStatus};
use serde_json::{Value, json};
use uuid::Uuid;

use super::api::{Api, Ended};
use super::lost::Lost;
use super::message::{Request, Response};
use super::model::{Model, is_over};
use super::plan;
use super::pool::Pool;
use super::report::Section;

/// A client.
pub struct Client {
    /// Number, from 0.
    pub number: u64,
    /// Name of its principal.
    pub principal: &'static str,
    /// The API.
    pub api: Api,
    /// The same by the SDK, one a server.
    pub sdk: Vec<restow_sdk::Client>,
    /// The state that it expects.
    pub model: Model,
    /// The state that it expected when the last backup was taken.
    pub backup: Model,
    /// How many of the events it has taken note of that concern the whole database.
    pub caught_up: usize,
    /// What restored backups do not know of.
    pub lost: Lost,
    /// The identifiers shared with other clients.
    pub pool: Arc<Pool>,
    /// Directory for files that it uploads.
    pub directory: PathBuf,
    /// The seed of the run.
    pub seed: u64,
}

impl Client {
    /// Any dataset of the client; a new one where it has none.
    pub async fn any_dataset(&mut self, generator: &mut StdRng) -> Result<Uuid, Ended> {
        match plan::any(generator, &self.model.datasets) {
            Some(dataset) => Ok(dataset.id),
            None => self.create_dataset(generator).await,
        }
    }

    /// Records a violation.
    pub fn violation(&self, what: &str) -> Ended {
        self.api.violation(what)
    }

    /// Reads a job, and compares it with the model.
    pub async fn look(&mut self, job_id: Uuid) -> Result<JobResponse, Ended> {
        let response = self
            .api
            .call(&Request::get("get_job", format!("/jobs/{job_id}")))
            .await?;
        if response.status != 200 {
            return Err(self
                .api
                .unexpected(&format!("job {job_id} of a living dataset"), &response));
        }
        let job: JobResponse = self.api.read(&response)?;
        self.observe_job(&job)?;
        Ok(job)
    }

    /// Compares a job with the model.
    pub fn observe_job(&mut self, job: &JobResponse) -> Result<(), Ended> {
        self.observe(job.id, job.status)?;
        let Some(known) = self.model.job(job.id) else {
            return Ok(());
        };
        let is_same = (
            &job.filename,
            job.file_size,
            job.base_version,
            job.dataset_id,
        ) == (
            &known.content.filename,
            known.file_size,
            known.base,
            known.dataset_id,
        );
        let known_version = known.version;
        let may_be_gone = known.may_be_gone;
        if !is_same {
            let known = format!("{known:?}");
            return Err(self.violation(&format!("the job should be {known}, and is {job:?}")));
        }
        match job.version {
            Some(number) if known_version.is_none() => self.note_commit(job.id, number)?,
            version if version != known_version => {
                return Err(self.violation(&format!(
                    "job {} was version {known_version:?}, and is {version:?}",
                    job.id
                )));
            }
            _ => {}
        }
        let reason = job.error.as_ref().map_or("", |error| error.type_.as_str());
        let explained = reason == "inspection_crashed" || reason == "object_missing" && may_be_gone;
        if job.status == JobStatus::Failed && !explained {
            return Err(self.violation(&format!("content made a job fail: {job:?}")));
        }
        Ok(())
    }

    /// Compares a job's state with the model.
    pub fn observe(&mut self, job_id: Uuid, status: JobStatus) -> Result<(), Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        let was_over = job.is_over();
        let good = job.content.is_good();
        if let Err(wrong) = job.observe(status) {
            return Err(self.violation(&wrong));
        }
        if !was_over && is_over(status) {
            let content = if good { "" } else { ", of bad content" };
            self.api
                .shared
                .report
                .count(Section::Jobs, &format!("{status}{content}"));
        }
        Ok(())
    }

    /// Notes a commit that was not known of, of which the number is the next one.
    pub fn note_commit(&mut self, job_id: Uuid, number: i64) -> Result<(), Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        job.version = Some(number);
        let (dataset_id, version) = (job.dataset_id, job.to_version());
        self.lost.found(job_id);
        let Some(dataset) = self.model.dataset(dataset_id) else {
            return Ok(());
        };
        let expected = dataset.last + 1;
        dataset.commit(number, version);
        self.api.shared.report.count(Section::Versions, "committed");
        if number == expected {
            return Ok(());
        }
        Err(self.violation(&format!(
            "job {job_id} became version {number} instead of {expected}"
        )))
    }

    /// Checks the state that a refusal for the job's state names; it may not be one of these.
    pub fn observe_refusal(
        &mut self,
        job_id: Uuid,
        response: &Response,
        not: &[JobStatus],
    ) -> Result<(), Ended> {
        let status = serde_json::from_value::<JobStatus>(response.context("status").clone());
        match status {
            Ok(status) if response.is(409, "invalid_state") && !not.contains(&status) => {
                self.observe(job_id, status)
            }
            _ => Err(self.api.unexpected(&format!("job {job_id}"), response)),
        }
    }

    /// Cancels a job, and returns whether the job has ended.
    pub async fn cancel(&mut self, job_id: Uuid) -> Result<bool, Ended> {
        if let Some(job) = self.model.job(job_id) {
            job.cancel_requested = true;
        }
        let response = self.api.call(&cancellation(job_id)).await?;
        self.take_cancellation(job_id, &response)
    }

    /// Records the response to a cancellation, and returns whether the job has ended.
    pub fn take_cancellation(&mut self, job_id: Uuid, response: &Response) -> Result<bool, Ended> {
        if response.status == 200 {
            let job: JobResponse = self.api.read(response)?;
            if job.status != JobStatus::Cancelled {
                return Err(self.api.unexpected("a cancelled job", response));
            }
            self.observe_job(&job)?;
            return Ok(true);
        }
        let cancellable = [
            JobStatus::Cancelled,
            JobStatus::AwaitingUpload,
            JobStatus::Inspecting,
            JobStatus::Ready,
            JobStatus::Rejected,
        ];
        let status = serde_json::from_value::<JobStatus>(response.context("status").clone());
        // A job moves between the attempt and the look at what hindered it.
        let not = if status.is_ok_and(|status| status == JobStatus::Cancelled) {
            &cancellable[..]
        } else {
            &[]
        };
        self.observe_refusal(job_id, response, not)?;
        Ok(false)
    }

    /// Finishes all open jobs, or leaves them to their deadlines.
    pub async fn finish(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let open: Vec<Uuid> = self
            .model
            .jobs
            .iter()
            .filter(|job| !job.is_over())
            .map(|job| job.id)
            .collect();
        for job_id in open {
            let job = self.look(job_id).await?;
            match job.status {
                JobStatus::Ready if generator.random_bool(0.5) => {
                    self.commit(job_id, Replaces::Unstated).await.map(drop)
                }
                JobStatus::AwaitingUpload
                | JobStatus::Ready
                | JobStatus::Rejected
                | JobStatus::Inspecting
                    if generator.random_bool(0.6) =>
                {
                    self.cancel(job_id).await.map(drop)
                }
                _ => Ok(()),
            }?;
        }
        Ok(())
    }
}

/// A request to give up a job.
pub fn cancellation(job_id: Uuid) -> Request {
    Request::new("cancel_job", Method::POST, format!("/jobs/{job_id}/cancel"))
}

/// The version that a commit or a restoration is to replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaces {
    /// Omitted.
    Unstated,
    /// This version, or none.
    Exactly(Option<i64>),
}

impl Replaces {
    /// The body of the request.
    pub fn body(self) -> Value {
        match self {
            Self::Unstated => json!({}),
            Self::Exactly(version) => json!({ "replaces": version }),
        }
    }
}

/// A request to commit a job with good content, whatever changes: what a policy refuses is for other tests. A job that is
/// rejected, which happens to other content only, is not to be committed.
pub fn commitment(job_id: Uuid, replaces: Replaces, is_good: bool) -> Request {
    let mut body = replaces.body();
    body["force"] = json!(true);
    let mut accept = vec![
        "column_added",
        "column_removed",
        "column_renamed",
        "type_fits",
        "type_breaks",
        "nulls_appeared",
        "order_changed",
        "format_changed",
        "dialect_changed",
        "rows_lost",
    ];
    if is_good {
        accept.push("uninspected");
    }
    body["accept"] = json!(accept);
    Request::post("commit_job", format!("/jobs/{job_id}/commit"), body)
}
