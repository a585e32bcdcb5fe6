//! One client: it does random things with datasets of its own, and holds every answer against what it knows.

use std::path::PathBuf;
use std::sync::Arc;

use rand::RngExt;
use rand::rngs::StdRng;
use reqwest::Method;
use restow_sdk::generated::types::{Job as JobResponse, JobStatus};
use serde_json::{Value, json};
use uuid::Uuid;

use super::api::{Api, Ended};
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
    /// What it knows.
    pub model: Model,
    /// What everybody may know of.
    pub pool: Arc<Pool>,
    /// Directory for files that it uploads.
    pub directory: PathBuf,
    /// What the run is repeated by.
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

    /// What went wrong, noted.
    pub fn violation(&self, what: &str) -> Ended {
        self.api.violation(what)
    }

    /// Reads a job, and checks what it says against what the client knows.
    pub async fn look(&mut self, job_id: Uuid) -> Result<JobResponse, Ended> {
        let answer = self
            .api
            .call(&Request::get("get_job", format!("/jobs/{job_id}")))
            .await?;
        if answer.status != 200 {
            return Err(self
                .api
                .unexpected(&format!("job {job_id} of a living dataset"), &answer));
        }
        let job: JobResponse = self.api.read(&answer)?;
        self.observe_job(&job)?;
        Ok(job)
    }

    /// Checks what a job says of itself against what the client knows.
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
        let good = known.content.is_good();
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
        if job.status == JobStatus::Failed && good && reason != "inspection_crashed" {
            return Err(self.violation(&format!("good content made a job fail: {job:?}")));
        }
        Ok(())
    }

    /// Checks a job's state against what the client knows.
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
        answer: &Response,
        not: &[JobStatus],
    ) -> Result<(), Ended> {
        let status = serde_json::from_value::<JobStatus>(answer.context("status").clone());
        match status {
            Ok(status) if answer.is(409, "invalid_state") && !not.contains(&status) => {
                self.observe(job_id, status)
            }
            _ => Err(self.api.unexpected(&format!("job {job_id}"), answer)),
        }
    }

    /// Gives up a job, and says whether that is its end.
    pub async fn cancel(&mut self, job_id: Uuid) -> Result<bool, Ended> {
        if let Some(job) = self.model.job(job_id) {
            job.cancel_asked = true;
        }
        let answer = self.api.call(&cancellation(job_id)).await?;
        self.take_cancellation(job_id, &answer)
    }

    /// Notes the answer to a cancellation, and says whether that is the job's end.
    pub fn take_cancellation(&mut self, job_id: Uuid, answer: &Response) -> Result<bool, Ended> {
        if answer.status == 200 {
            let job: JobResponse = self.api.read(answer)?;
            if job.status != JobStatus::Cancelled {
                return Err(self.api.unexpected("a cancelled job", answer));
            }
            self.observe_job(&job)?;
            return Ok(true);
        }
        let cancellable = [
            JobStatus::Cancelled,
            JobStatus::AwaitingUpload,
            JobStatus::Inspecting,
            JobStatus::Ready,
        ];
        let status = serde_json::from_value::<JobStatus>(answer.context("status").clone());
        // A job moves between the attempt and the look at what hindered it.
        let not = if status.is_ok_and(|status| status == JobStatus::Cancelled) {
            &cancellable[..]
        } else {
            &[]
        };
        self.observe_refusal(job_id, answer, not)?;
        Ok(false)
    }

    /// Brings everything that is under way to its end, or leaves it to its deadline.
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
                JobStatus::AwaitingUpload | JobStatus::Ready | JobStatus::Inspecting
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
    /// Not said.
    Unstated,
    /// This version, or none.
    Exactly(Option<i64>),
}

impl Replaces {
    /// The body that says so.
    pub fn body(self) -> Value {
        match self {
            Self::Unstated => json!({}),
            Self::Exactly(version) => json!({ "replaces": version }),
        }
    }
}

/// A request to commit a job.
pub fn commitment(job_id: Uuid, replaces: Replaces) -> Request {
    let body = replaces.body();
    Request::post("commit_job", format!("/jobs/{job_id}/commit"), body)
}
