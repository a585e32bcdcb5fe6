//! When an inspected file is committed, and what it replaces.

use uuid::Uuid;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::Dataset;

/// When an uploaded and inspected file is committed as the dataset's current version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CommitPolicy {
    /// Always: every kind of change is accepted, and a file whose columns are not known, but not one that is rejected. If the dataset has another version than the reupload was to replace,
    /// the API refuses with `version_conflict`, and the job stays `ready`.
    #[default]
    Always,
    /// Only if the verdict of the preview is `identical` or `compatible`, or if the caller
    /// ([`accept`](crate::ReuploadBuilder::accept)) or the policy of the dataset admits every breaking change; and if
    /// that policy refuses no change. Otherwise the job stays `ready`.
    IfCompatible,
    /// Never: the job stays `ready`, to be committed or cancelled by its id, unless the policy of the dataset says that
    /// its jobs are committed as soon as they are inspected.
    LeaveAtPreview,
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
        let current = dataset(client, dataset_id).await?.current_version;
        if current == expected {
            Ok(())
        } else {
            Err(Error::VersionConflict { expected, current })
        }
    }

    /// The version that a resumed job must replace: the one that is current now, since this call replaces it.
    pub async fn of_resumed(self, client: &Client, dataset_id: Uuid) -> Result<Self> {
        let current = dataset(client, dataset_id).await?.current_version;
        match self {
            Self::Exactly(expected) if expected != current => {
                Err(Error::VersionConflict { expected, current })
            }
            _ => Ok(Self::Exactly(current)),
        }
    }

    /// The precondition of the commit.
    pub fn precondition(self) -> Option<i64> {
        match self {
            // A dataset never returns to having no version, so the base version of the job, none, is the precondition.
            Self::Base | Self::Exactly(None) => None,
            // The check before the upload has let only a version of the dataset pass, and they begin at 1.
            Self::Exactly(version) => version,
        }
    }
}

/// The dataset as it is now.
pub(super) async fn dataset(client: &Client, dataset_id: Uuid) -> Result<Dataset> {
    client
        .call(|| client.api().get_dataset().dataset_id(dataset_id).send())
        .await
}
