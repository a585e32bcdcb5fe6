//! What a client has been reported, and therefore may rely on. It alone changes its datasets, so that whatever is
//! otherwise has gone wrong.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use restow_sdk::generated::types::JobStatus;
use uuid::Uuid;

use super::content::{Content, Digest};
use super::settings::{JOB_DEADLINE, JOB_GRACE, KEEP_VERSIONS, PREVIEW_DEADLINE};

/// All that a client knows.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Its datasets, but for those that it has deleted.
    pub datasets: Vec<Dataset>,
    /// Its jobs, but for those of deleted datasets.
    pub jobs: Vec<Job>,
}

/// A dataset.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Identifier.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// The current version.
    pub current: Option<i64>,
    /// The highest version ever.
    pub last: i64,
    /// Versions that are not known to be retired.
    pub versions: BTreeMap<i64, Version>,
}

/// A version whose commit was acknowledged.
#[derive(Clone, Debug)]
pub struct Version {
    /// Name of the file.
    pub filename: String,
    /// Size in bytes.
    pub file_size: i64,
    /// Digests of which one is that of its content: several where it is unknown which copy of a part counts.
    pub digests: Vec<Digest>,
    /// Whether it may be retired at any time.
    pub may_be_retired: bool,
}

/// A job.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says what may have happened, and they are independent"
)]
pub struct Job {
    /// Identifier.
    pub id: Uuid,
    /// Dataset whose data it replaces.
    pub dataset_id: Uuid,
    /// What is uploaded.
    pub content: Content,
    /// Size in bytes.
    pub file_size: i64,
    /// Current version of the dataset when it began.
    pub base: Option<i64>,
    /// State when it was last seen.
    pub status: JobStatus,
    /// The version that it became.
    pub version: Option<i64>,
    /// One URL a part.
    pub urls: Vec<String>,
    /// Entity tags of the parts that S3 has confirmed.
    pub etags: BTreeMap<usize, String>,
    /// Digests of which one is that of the object.
    pub digests: Vec<Digest>,
    /// Whether its completion was requested, and may have succeeded.
    pub complete_requested: bool,
    /// Whether its commit was requested.
    pub commit_requested: bool,
    /// Whether it was to be given up.
    pub cancel_requested: bool,
    /// Before this it does not expire.
    pub expires: DateTime<Utc>,
    /// Whether its object may be gone: it was given up after the backup was taken that has been restored since.
    pub may_be_gone: bool,
}

impl Model {
    /// A dataset of the client.
    pub fn dataset(&mut self, id: Uuid) -> Option<&mut Dataset> {
        self.datasets.iter_mut().find(|dataset| dataset.id == id)
    }

    /// A job of the client.
    pub fn job(&mut self, id: Uuid) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.id == id)
    }

    /// Forgets a dataset that is deleted.
    pub fn forget(&mut self, dataset_id: Uuid) {
        self.datasets.retain(|dataset| dataset.id != dataset_id);
        self.jobs.retain(|job| job.dataset_id != dataset_id);
    }

    /// What is known once the database is restored to the backup at which this was known. S3 has moved on until `newest`.
    pub fn restored_after(&self, newest: &Self) -> Self {
        let mut restored = self.clone();
        for job in &mut restored.jobs {
            match newest.jobs.iter().find(|newer| newer.id == job.id) {
                Some(newer) => job.take_uploads(newer),
                // It was given up with its dataset.
                None => job.may_be_gone = true,
            }
        }
        restored
    }
}

impl Dataset {
    /// A dataset without versions.
    pub fn new(id: Uuid, name: String) -> Self {
        Self {
            id,
            name,
            current: None,
            last: 0,
            versions: BTreeMap::new(),
        }
    }

    /// Notes a commit.
    pub fn commit(&mut self, number: i64, version: Version) {
        self.versions.insert(number, version);
        self.last = self.last.max(number);
        self.current = Some(number);
        self.note_retirable();
    }

    /// Notes a restoration, which proves that the version was there.
    pub fn restore(&mut self, number: i64) {
        if let Some(version) = self.versions.get_mut(&number) {
            version.may_be_retired = false;
        }
        self.current = Some(number);
        self.note_retirable();
    }

    /// Versions beyond those that are kept beside the current one may go at any time from now on.
    fn note_retirable(&mut self) {
        let old = self
            .versions
            .iter_mut()
            .rev()
            .filter(|(number, _)| Some(**number) != self.current);
        for (_, version) in old.skip(KEEP_VERSIONS) {
            version.may_be_retired = true;
        }
    }
}

impl Job {
    /// A job that has just begun.
    pub fn new(id: Uuid, dataset: &Dataset, content: Content, asked_at: DateTime<Utc>) -> Self {
        let bytes = content.bytes();
        Self {
            id,
            dataset_id: dataset.id,
            file_size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            digests: vec![super::content::digest(&bytes)],
            content,
            base: dataset.current,
            status: JobStatus::AwaitingUpload,
            version: None,
            urls: Vec::new(),
            etags: BTreeMap::new(),
            complete_requested: false,
            commit_requested: false,
            cancel_requested: false,
            expires: asked_at + JOB_DEADLINE + JOB_GRACE,
            may_be_gone: false,
        }
    }

    /// Whether it has come to an end.
    pub fn is_over(&self) -> bool {
        is_over(self.status)
    }

    /// Records that its completion is requested. Once it is ready, another deadline applies.
    pub fn ask_completion(&mut self) {
        self.complete_requested = true;
        self.expires = self.expires.min(Utc::now() + PREVIEW_DEADLINE);
    }

    /// Notes that its deadline was put off by a request for URLs.
    pub fn put_off(&mut self, asked_at: DateTime<Utc>) {
        let until = asked_at + JOB_DEADLINE + JOB_GRACE;
        self.expires = if self.complete_requested {
            self.expires.min(until)
        } else {
            self.expires.max(until)
        };
    }

    /// Takes over what has become of its parts and its object after a backup.
    fn take_uploads(&mut self, newer: &Self) {
        self.urls.clone_from(&newer.urls);
        self.etags.clone_from(&newer.etags);
        self.digests.clone_from(&newer.digests);
        let is_given_up = newer.is_over() && newer.status != JobStatus::Committed;
        self.may_be_gone |= newer.may_be_gone
            || newer.cancel_requested
            || is_given_up
            || newer.version.is_none() && Utc::now() >= newer.expires;
    }

    /// Notes its state.
    ///
    /// # Errors
    /// What is wrong, if the job cannot be in that state by now.
    pub fn observe(&mut self, status: JobStatus) -> Result<(), String> {
        let from = self.status;
        if status != from && !self.may_become(status) {
            let requested = (
                self.complete_requested,
                self.commit_requested,
                self.cancel_requested,
            );
            return Err(format!(
                "job {} went from {from} to {status}, requested (complete, commit, cancel) {requested:?}, expires {}",
                self.id, self.expires
            ));
        }
        self.status = status;
        Ok(())
    }

    fn may_become(&self, status: JobStatus) -> bool {
        use JobStatus::{
            AwaitingUpload, Cancelled, Committed, Completing, Expired, Failed, Inspecting, Ready,
            Rejected,
        };
        if self.is_over() {
            return false;
        }
        match status {
            AwaitingUpload => self.status == Completing,
            Completing => self.complete_requested && self.status == AwaitingUpload,
            Inspecting => {
                // A commit that does not find the object has it inspected again: it is gone, or the store has just been
                // started and does not find it yet.
                self.complete_requested
                    && (matches!(self.status, AwaitingUpload | Completing)
                        || self.may_be_gone
                        || self.commit_requested)
            }
            Ready => self.complete_requested && self.content.is_good(),
            Rejected => self.complete_requested && !self.content.is_good(),
            Failed => self.complete_requested && (self.status != Ready || self.may_be_gone),
            Committed => self.commit_requested && self.content.is_good(),
            Cancelled => self.cancel_requested,
            Expired => Utc::now() >= self.expires,
        }
    }

    /// The version that it becomes.
    pub fn to_version(&self) -> Version {
        Version {
            filename: self.content.filename.clone(),
            file_size: self.file_size,
            digests: self.digests.clone(),
            may_be_retired: false,
        }
    }
}

/// Whether a job in this state has come to an end.
pub fn is_over(status: JobStatus) -> bool {
    matches!(
        status,
        JobStatus::Committed | JobStatus::Failed | JobStatus::Cancelled | JobStatus::Expired
    )
}
