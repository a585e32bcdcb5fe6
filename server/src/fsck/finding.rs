//! What does not agree.

use serde::Serialize;
use uuid::Uuid;

/// After how many rows or keys the progress is logged.
const PROGRESS_INTERVAL: u64 = 10_000;

/// What kind of disagreement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A version or a job has no object.
    MissingObject,
    /// The object of a version or a job has another length.
    WrongLength,
    /// The object of a version or a job is that of another job, by its metadata.
    WrongJob,
    /// An object belongs to no job.
    UnknownObject,
    /// An object belongs to a job that still waits for its upload.
    AwaitedObject,
    /// An upload belongs to no job, and is older than `--sweep-grace`.
    UnknownUpload,
    /// The bytes that a principal stores are counted wrongly.
    StoredBytes,
    /// The versions of a dataset are counted wrongly.
    LiveVersions,
    /// The current version of a dataset does not exist.
    CurrentVersion,
}

impl Kind {
    /// The name in the output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MissingObject => "missing_object",
            Self::WrongLength => "wrong_length",
            Self::WrongJob => "wrong_job",
            Self::UnknownObject => "unknown_object",
            Self::AwaitedObject => "awaited_object",
            Self::UnknownUpload => "unknown_upload",
            Self::StoredBytes => "stored_bytes",
            Self::LiveVersions => "live_versions",
            Self::CurrentVersion => "current_version",
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::MissingObject | Self::WrongLength | Self::WrongJob => {
                "restore the object from a backup or an older state of the bucket, or restore another version of the dataset"
            }
            Self::UnknownObject => {
                "see whether it belongs to a later state of the database; `restow-server reap --delete-unknown-objects` removes it"
            }
            Self::AwaitedObject => "complete the upload again: the job takes the object over",
            Self::UnknownUpload => "run a reaper, which aborts it, and see its log if it does not",
            Self::StoredBytes | Self::LiveVersions => {
                "see whether triggers of the database were removed or rows changed by hand, and correct the counter"
            }
            Self::CurrentVersion => {
                "restore a version of the dataset by POST /datasets/{dataset_id}/versions/{version}/restore"
            }
        }
    }
}

/// Something that does not agree.
#[derive(Clone, Debug, Serialize)]
pub struct Inconsistency {
    /// What kind of disagreement it is.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Key of the object or upload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Job of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_id: Option<Uuid>,
    /// Dataset of the object or the counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<Uuid>,
    /// Version that the object is, or that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Principal of the counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal_id: Option<Uuid>,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub advice: &'static str,
}

impl Inconsistency {
    /// One about nothing in particular yet.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            key: None,
            job_id: None,
            dataset_id: None,
            version: None,
            principal_id: None,
            message: message.into(),
            advice: kind.advice(),
        }
    }

    /// One line, and another one with the advice.
    pub fn text(&self) -> String {
        let ids = [
            ("dataset", self.dataset_id),
            ("job", self.job_id),
            ("principal", self.principal_id),
        ];
        let ids = ids
            .iter()
            .filter_map(|(name, id)| Some(format!("{name} {}", (*id)?)));
        let version = self.version.map(|version| format!("version {version}"));
        let subject: Vec<_> = self
            .key
            .clone()
            .into_iter()
            .chain(ids)
            .chain(version)
            .collect();
        format!(
            "{:15} {} ({})\n{:16}{}",
            self.kind.as_str(),
            self.message,
            subject.join(", "),
            "",
            self.advice
        )
    }
}

/// Counts what was compared, and passes on what does not agree.
#[derive(Debug)]
pub struct Report {
    listener: fn(&Inconsistency),
    found: u64,
    compared: Vec<(&'static str, u64)>,
}

impl Report {
    /// Nothing was compared yet; `listener` is called with each disagreement.
    pub fn new(listener: fn(&Inconsistency)) -> Self {
        Self {
            listener,
            found: 0,
            compared: Vec::new(),
        }
    }

    /// Adds a disagreement.
    pub fn add(&mut self, inconsistency: &Inconsistency) {
        (self.listener)(inconsistency);
        self.found += 1;
    }

    /// Begins with something else to compare.
    pub(super) fn begin(&mut self, what: &'static str) {
        tracing::info!("comparing {what}");
        self.compared.push((what, 0));
    }

    /// Counts what was compared.
    pub(super) fn count(&mut self, number: usize) {
        let Some((what, total)) = self.compared.last_mut() else {
            return;
        };
        let before = *total / PROGRESS_INTERVAL;
        *total += number as u64;
        if *total / PROGRESS_INTERVAL > before {
            tracing::info!(compared = *total, "comparing {what}");
        }
    }

    /// How many disagreements there are.
    pub fn found(&self) -> u64 {
        self.found
    }

    /// What was compared, in words.
    pub fn compared(&self) -> String {
        let compared = self.compared.iter();
        let compared: Vec<_> = compared
            .map(|(what, number)| format!("{number} {what}"))
            .collect();
        compared.join(", ")
    }
}
