//! Committing an inspected file as the dataset's current version.

use super::policy::{CommitPolicy, ExpectedVersion, dataset};
use super::progress::{Phase, ProgressTracker};
use super::settings::Settings;
use crate::error::{Error, Result};
use crate::generated::types::{
    Acceptance, Change, ChangeKind, CommitJobRequest, Job, JobStatus, PolicyAction, Preview,
    Verdict, Version,
};

/// The commit of an inspected job.
pub(super) struct Commit<'a, 'l> {
    pub settings: &'a Settings<'a>,
    pub tracker: &'a ProgressTracker<'l>,
    pub job: &'a Job,
    pub preview: &'a Preview,
    pub expected: ExpectedVersion,
    /// `ETag` of the uploaded object, where it is made of MD5s.
    pub object_etag: Option<&'a str>,
}

/// What came of a commit.
pub(super) enum Committed {
    /// The current version.
    Version(Box<Version>),
    /// The caller wants no commit, or these changes are not admitted.
    Refused(Vec<Change>),
}

impl Commit<'_, '_> {
    /// Commits the job by the policies of the caller and of the dataset. Repeated calls return the same version.
    pub async fn run(&self) -> Result<Committed> {
        let (policy, status) = (self.settings.commit, self.job.status);
        if policy == CommitPolicy::LeaveAtPreview && status != JobStatus::Committed {
            return Ok(Committed::Refused(Vec::new()));
        }
        if policy == CommitPolicy::IfCompatible && status == JobStatus::Ready {
            let refused = self.refused().await?;
            if !refused.is_empty() || self.is_of_unknown_schema() {
                return Ok(Committed::Refused(refused));
            }
        }
        self.tracker.enter(Phase::Commit);
        if let (JobStatus::Committed, ExpectedVersion::Base, Some(number)) =
            (status, self.expected, self.job.version)
        {
            // The completion has committed it, so that only the version is left to be read, which is less work for the server.
            let version = self.version(number).await?;
            return Ok(Committed::Version(Box::new(version)));
        }
        self.require_expected_base().await?;
        let mut requested = self.request(self.expected.precondition()).await;
        if let Err(conflict) = &requested
            && conflict.is_version_conflict()
            && let Some(current) = self.current_with_same_bytes().await?
        {
            requested = self.request(Some(current)).await;
        }
        match requested {
            Ok(version) => Ok(Committed::Version(Box::new(version))),
            Err(Error::BreakingChange { changes, .. }) if policy == CommitPolicy::IfCompatible => {
                Ok(Committed::Refused(changes))
            }
            Err(error) => Err(error),
        }
    }

    /// The breaking changes that neither the caller accepts nor the policy of the dataset allows.
    async fn refused(&self) -> Result<Vec<Change>> {
        let is_accepted = |kind: ChangeKind| self.settings.accept.contains(&kind.into());
        let changes = self.preview.schema_diff.changes.iter();
        let mut refused: Vec<Change> = changes
            .filter(|change| change.breaking && !is_accepted(change.kind))
            .cloned()
            .collect();
        if !refused.is_empty() {
            let dataset = dataset(self.settings.client, self.settings.dataset_id).await?;
            let is_allowed = |kind| dataset.policy.action(kind) == Some(PolicyAction::Allow);
            refused.retain(|change| !is_allowed(change.kind));
        }
        Ok(refused)
    }

    /// Whether no change shows why the verdict is not better: the columns are not known, and the caller did not say that
    /// they need not be.
    fn is_of_unknown_schema(&self) -> bool {
        let diff = &self.preview.schema_diff;
        let options = self.settings.read_options.as_ref();
        diff.verdict == Verdict::Breaking
            && !diff.changes.iter().any(|change| change.breaking)
            && !self.settings.accept.contains(&Acceptance::Uninspected)
            && options.and_then(|options| options.inspect) != Some(false)
    }

    /// `Exactly(None)` cannot be expressed as a precondition of the commit.
    async fn require_expected_base(&self) -> Result<()> {
        let is_unexpected = matches!(self.expected, ExpectedVersion::Exactly(None))
            && self.job.base_version.is_some()
            && self.job.status != JobStatus::Committed;
        if !is_unexpected {
            return Ok(());
        }
        let dataset = dataset(self.settings.client, self.job.dataset_id).await?;
        Err(Error::VersionConflict {
            expected: None,
            current: dataset.current_version,
        })
    }

    /// The current version, if another process has committed the same bytes meanwhile: what this caller wanted is there
    /// already. Not if the caller demanded that another version be current.
    async fn current_with_same_bytes(&self) -> Result<Option<i64>> {
        let (client, dataset_id) = (self.settings.client, self.settings.dataset_id);
        let (Some(etag), ExpectedVersion::Base, false) = (
            self.object_etag,
            self.settings.expected,
            self.settings.force,
        ) else {
            return Ok(None);
        };
        let Some(number) = dataset(client, dataset_id).await?.current_version else {
            return Ok(None);
        };
        let version = self.version(number).await?;
        let is_same = version.etag == etag && version.file_size == self.job.file_size;
        Ok(is_same.then_some(number))
    }

    async fn version(&self, number: i64) -> Result<Version> {
        let (client, dataset_id) = (self.settings.client, self.settings.dataset_id);
        let version = || {
            let operation = client.api().get_version().dataset_id(dataset_id);
            operation.version(number).send()
        };
        client.call(version).await
    }

    async fn request(&self, replaces: Option<i64>) -> Result<Version> {
        let mut accept = self.settings.accept.clone();
        if self.settings.commit == CommitPolicy::Always {
            accept.extend(ChangeKind::ALL.map(Acceptance::from));
            // An inspection that reached a limit is no reason to refuse, but content that cannot be read is.
            let is_unread = self.job.status == JobStatus::Ready && self.preview.columns.is_empty();
            accept.extend(is_unread.then_some(Acceptance::Uninspected));
        }
        accept.sort_unstable();
        accept.dedup();
        let body = CommitJobRequest {
            accept,
            force: self.settings.force.then_some(true),
            replaces,
        };
        let client = self.settings.client;
        let request = || {
            client
                .api()
                .commit_job()
                .job_id(self.job.id)
                .body(body.clone())
        };
        client.call(|| request().send()).await
    }
}
