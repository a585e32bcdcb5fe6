//! Committing an inspected file as the dataset's current version.

use uuid::Uuid;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::{CommitJobRequest, Job, JobStatus, Preview, Version};

/// When an uploaded and inspected file is committed as the dataset's current version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CommitPolicy {
    /// Always. If the dataset has another version than the reupload was to replace, the API refuses with
    /// `version_conflict`, and the job stays `ready`.
    #[default]
    Always,
    /// Only if readers of the current version can read the file too (`schema_diff.compatible` of the preview);
    /// otherwise the job stays `ready`.
    IfCompatible,
    /// Never: the job stays `ready`, to be committed or cancelled by its id.
    LeaveAtPreview,
}

impl CommitPolicy {
    pub(super) fn admits(self, preview: &Preview) -> bool {
        match self {
            Self::Always => true,
            Self::IfCompatible => preview.schema_diff.compatible,
            Self::LeaveAtPreview => false,
        }
    }
}

/// The version that the commit must replace.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum ExpectedVersion {
    /// The one that was current when the job was created.
    #[default]
    Base,
    /// This one; `None` if the dataset must have no version.
    Exactly(Option<i64>),
}

impl ExpectedVersion {
    /// Checks the dataset's current version before anything is sent.
    pub async fn check(self, client: &Client, dataset_id: Uuid) -> Result<()> {
        let Self::Exactly(expected) = self else {
            return Ok(());
        };
        let current = current(client, dataset_id).await?;
        if current == expected {
            Ok(())
        } else {
            Err(Error::VersionConflict { expected, current })
        }
    }

    /// The version that a resumed job must replace: the one that is current now, since this call replaces it.
    pub async fn of_resumed(self, client: &Client, dataset_id: Uuid) -> Result<Self> {
        let current = current(client, dataset_id).await?;
        match self {
            Self::Exactly(expected) if expected != current => {
                Err(Error::VersionConflict { expected, current })
            }
            _ => Ok(Self::Exactly(current)),
        }
    }

    fn request(self) -> CommitJobRequest {
        match self {
            // A dataset never returns to having no version, so the base version of the job, none, is the precondition.
            Self::Base | Self::Exactly(None) => CommitJobRequest { replaces: None },
            // The check before the upload has let only a version of the dataset pass, and they begin at 1.
            Self::Exactly(Some(version)) => CommitJobRequest {
                replaces: Some(version),
            },
        }
    }
}

async fn current(client: &Client, dataset_id: Uuid) -> Result<Option<i64>> {
    Ok(client
        .call(|| client.api().get_dataset().dataset_id(dataset_id).send())
        .await?
        .current_version)
}

/// Commits a job. Repeated calls return the same version.
pub(super) async fn commit(
    client: &Client,
    job: &Job,
    expected: ExpectedVersion,
) -> Result<Version> {
    if matches!(expected, ExpectedVersion::Exactly(None))
        && job.base_version.is_some()
        && job.status != JobStatus::Committed
    {
        let current = current(client, job.dataset_id).await?;
        return Err(Error::VersionConflict {
            expected: None,
            current,
        });
    }
    client
        .call(|| {
            client
                .api()
                .commit_job()
                .job_id(job.id)
                .body(expected.request())
                .send()
        })
        .await
}
