//! Commits: once, twice, twice at once, against a cancellation, against another job, against a deletion.

use futures::join;
use rand::rngs::StdRng;
use reqwest::Method;
use restow_sdk::generated::types::{JobStatus, Version as VersionResponse};
use serde_json::json;
use uuid::Uuid;

use crate::torture::api::Ended;
use crate::torture::client::{Client, Replaces, cancellation, commitment};
use crate::torture::message::{Request, Response};
use crate::torture::model::Job;
use crate::torture::plan;

#[derive(Clone, Copy, Debug)]
enum End {
    Commit,
    CommitTwice,
    CommitTwiceAtOnce,
    CommitAgainstCancel,
    CommitAgainstDelete,
    CommitInPlaceOfOther,
    PutTooLate,
    Cancel,
    Leave,
}

const ENDS: [(u32, End); 9] = [
    (16, End::Commit),
    (4, End::CommitTwice),
    (4, End::CommitTwiceAtOnce),
    (3, End::CommitAgainstCancel),
    (1, End::CommitAgainstDelete),
    (2, End::CommitInPlaceOfOther),
    (4, End::PutTooLate),
    (3, End::Cancel),
    (2, End::Leave),
];

impl Client {
    /// Does something with a job that is ready.
    pub async fn end_somehow(&mut self, job_id: Uuid, generator: &mut StdRng) -> Result<(), Ended> {
        match plan::choose(generator, &ENDS).unwrap_or(End::Commit) {
            End::Commit => {
                self.check_preview(job_id).await?;
                self.commit(job_id, Replaces::Unstated).await?;
            }
            End::CommitTwice => {
                self.commit(job_id, Replaces::Unstated).await?;
                self.commit(job_id, Replaces::Unstated).await?;
            }
            End::CommitTwiceAtOnce => self.commit_twice_at_once(job_id).await?,
            End::CommitAgainstCancel => self.commit_against_cancel(job_id).await?,
            End::CommitAgainstDelete => return self.commit_against_delete(job_id).await,
            End::CommitInPlaceOfOther => {
                self.commit(job_id, Replaces::Exactly(Some(1_000_000)))
                    .await?;
            }
            End::PutTooLate => {
                self.put_too_late(job_id, generator).await?;
                self.commit(job_id, Replaces::Unstated).await?;
            }
            End::Cancel => {
                self.cancel(job_id).await?;
            }
            End::Leave => return Ok(()),
        }
        match self.model.job(job_id).map(|job| job.dataset_id) {
            Some(dataset_id) => self.check_dataset(dataset_id).await,
            None => Ok(()),
        }
    }

    /// Commits a job in the place of a version, if one is named; returns whether it became a version.
    pub async fn commit(&mut self, job_id: Uuid, replaces: Replaces) -> Result<bool, Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(false);
        };
        job.commit_requested = true;
        let request = self.commitment(job_id, replaces);
        let response = self.api.call(&request).await?;
        self.take_commit(job_id, replaces, &response)
    }

    fn commitment(&mut self, job_id: Uuid, replaces: Replaces) -> Request {
        let is_good = |job: &mut Job| job.content.is_good();
        let is_good = self.model.job(job_id).is_none_or(is_good);
        commitment(job_id, replaces, is_good)
    }

    /// Records the response to a commit, and returns whether the job became a version.
    fn take_commit(
        &mut self,
        job_id: Uuid,
        replaces: Replaces,
        response: &Response,
    ) -> Result<bool, Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(false);
        };
        let (dataset_id, known) = (job.dataset_id, job.version);
        let in_place_of = match replaces {
            Replaces::Unstated => job.base,
            Replaces::Exactly(version) => version,
        };
        let current = self
            .model
            .dataset(dataset_id)
            .and_then(|dataset| dataset.current);
        let what = format!(
            "committing job {job_id}, version {known:?}, at {current:?}, in the place of {in_place_of:?}"
        );
        match response.status {
            200 if known.is_some() || current == in_place_of => {
                self.take_version(job_id, response).map(|()| true)
            }
            409 if response.is(409, "version_conflict")
                && known.is_none()
                && current != in_place_of =>
            {
                let reported = response.context("current_version");
                if *reported == json!(current) {
                    Ok(false)
                } else {
                    Err(self.api.unexpected(&what, response))
                }
            }
            409 if response.is(409, "invalid_state") => {
                let not = [JobStatus::Ready, JobStatus::Committed];
                self.observe_refusal(job_id, response, &not).map(|()| false)
            }
            // The version of an old job may be retired.
            404 if known.is_some_and(|number| self.may_be_retired(dataset_id, number)) => Ok(true),
            _ => Err(self.api.unexpected(&what, response)),
        }
    }

    fn may_be_retired(&mut self, dataset_id: Uuid, number: i64) -> bool {
        let dataset = self.model.dataset(dataset_id);
        dataset.is_some_and(|dataset| {
            dataset
                .versions
                .get(&number)
                .is_none_or(|version| version.may_be_retired)
        })
    }

    /// Notes the version that a job has become.
    pub fn take_version(&mut self, job_id: Uuid, response: &Response) -> Result<(), Ended> {
        let version: VersionResponse = self.api.read(response)?;
        self.observe(job_id, JobStatus::Committed)?;
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        let promised = (
            job_id,
            job.dataset_id,
            job.content.filename.as_str(),
            job.file_size,
            job.content.rows(),
        );
        let reported = (
            version.job_id,
            version.dataset_id,
            version.filename.as_str(),
            version.file_size,
            version.row_count,
        );
        let known = job.version;
        if promised != reported || known.is_some_and(|known| known != version.version) {
            return Err(self.api.unexpected(
                &format!("the version of job {job_id}, {known:?} before"),
                response,
            ));
        }
        if known.is_none() {
            self.note_commit(job_id, version.version)
        } else {
            Ok(())
        }
    }

    async fn commit_twice_at_once(&mut self, job_id: Uuid) -> Result<(), Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        job.commit_requested = true;
        let request = self.commitment(job_id, Replaces::Unstated);
        let (one, other) = join!(self.api.call(&request), self.api.call(&request));
        let (one, other) = (one?, other?);
        // Both responses name the same version, whichever request was executed.
        let (first, second) = if one.status == 200 {
            (one, other)
        } else {
            (other, one)
        };
        self.take_commit(job_id, Replaces::Unstated, &first)?;
        self.take_commit(job_id, Replaces::Unstated, &second)
            .map(drop)
    }

    /// Exactly one of the two wins.
    async fn commit_against_cancel(&mut self, job_id: Uuid) -> Result<(), Ended> {
        let Some(job) = self.model.job(job_id) else {
            return Ok(());
        };
        (job.commit_requested, job.cancel_requested) = (true, true);
        let (commitment, cancellation) = (
            self.commitment(job_id, Replaces::Unstated),
            cancellation(job_id),
        );
        let (committed, cancelled) =
            join!(self.api.call(&commitment), self.api.call(&cancellation));
        let (committed, cancelled) = (committed?, cancelled?);
        if (committed.status == 200) == (cancelled.status == 200)
            && self.look(job_id).await?.status != JobStatus::Expired
        {
            let what = format!(
                "cancelling job {job_id}, where the commit returned {}",
                committed.body
            );
            return Err(self.api.unexpected(&what, &cancelled));
        }
        self.take_commit(job_id, Replaces::Unstated, &committed)?;
        self.take_cancellation(job_id, &cancelled).map(drop)
    }

    /// Commits two jobs of one base at once, of which one wins.
    pub async fn commit_both(&mut self, first: Uuid, second: Uuid) -> Result<(), Ended> {
        for job_id in [first, second] {
            if let Some(job) = self.model.job(job_id) {
                job.commit_requested = true;
            }
        }
        let (one, other) = (
            self.commitment(first, Replaces::Unstated),
            self.commitment(second, Replaces::Unstated),
        );
        let (one, other) = join!(self.api.call(&one), self.api.call(&other));
        let mut responses = [(first, one?), (second, other?)];
        // The winner's response decides what the loser's has to be.
        responses.sort_by_key(|(_, response)| response.status);
        for (job_id, response) in &responses {
            self.take_commit(*job_id, Replaces::Unstated, response)?;
        }
        Ok(())
    }

    /// Whichever request wins, the dataset is deleted in the end.
    async fn commit_against_delete(&mut self, job_id: Uuid) -> Result<(), Ended> {
        let Some((dataset_id, base)) = self.model.job(job_id).map(|job| (job.dataset_id, job.base))
        else {
            return Ok(());
        };
        let current = self.model.dataset(dataset_id).map(|it| it.current);
        let path = format!("/datasets/{dataset_id}");
        let deletion = Request::new("delete_dataset", Method::DELETE, path.as_str());
        let request = self.commitment(job_id, Replaces::Unstated);
        let (committed, deleted) = join!(self.api.call(&request), self.api.call(&deletion));
        let (committed, deleted) = (committed?, deleted?);
        self.forget(dataset_id);
        let is_refused = committed.is(409, "invalid_state")
            || committed.is(409, "version_conflict") && current != Some(base);
        if !matches!(committed.status, 200 | 404) && !is_refused {
            return Err(self
                .api
                .unexpected("a commit while its dataset is deleted", &committed));
        }
        if deleted.status != 204 && !(deleted.status == 404 && deleted.repeated) {
            return Err(self
                .api
                .unexpected("a deletion while a job is committed", &deleted));
        }
        let response = self.api.call(&Request::get("get_dataset", path)).await?;
        if response.is(404, "not_found") {
            Ok(())
        } else {
            Err(self.api.unexpected("a deleted dataset", &response))
        }
    }
}
