//! Datasets: named collections of versions.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::page::PageQuery;
use crate::policy::Policy;

/// A dataset of the principal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dataset {
    /// Identifier of the dataset.
    #[schemars(title = "Id")]
    pub id: Uuid,
    /// Name of the dataset, unique among those of its owner.
    #[schemars(title = "Name")]
    pub name: String,
    /// Version that downloads of the dataset return; null until the first commit.
    #[schemars(title = "Current Version")]
    pub current_version: Option<u64>,
    /// Which changes may be committed.
    pub policy: Policy,
    /// Time of creation.
    #[schemars(title = "Created At")]
    pub created_at: DateTime<Utc>,
    /// Time of the last change of the name, of the policy or of the current version.
    #[schemars(title = "Updated At")]
    pub updated_at: DateTime<Utc>,
}

/// The name of a dataset.
///
/// A name cannot be a UUID, so that clients can accept either without ambiguity.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DatasetNameRequest {
    /// Name of the dataset: without control characters, not a UUID, unique among those of its owner.
    #[schemars(
        title = "Name",
        length(min = 1, max = 255),
        regex(
            pattern = r"^(?![0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$)[^\x00-\x1f\x7f]*$"
        )
    )]
    pub name: String,
}

/// What to change of a dataset; what is omitted stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct UpdateDatasetRequest {
    /// New name, by the rules for names of new datasets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "Name",
        length(min = 1, max = 255),
        regex(
            pattern = r"^(?![0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$)[^\x00-\x1f\x7f]*$"
        )
    )]
    pub name: Option<String>,
    /// New policy, which replaces the whole of the old one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
}

/// Path of a dataset.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DatasetPath {
    /// Identifier of the dataset.
    #[schemars(description = "")]
    pub dataset_id: Uuid,
}

/// Which datasets to list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DatasetQuery {
    /// Page of the list.
    #[serde(flatten)]
    pub page: PageQuery,
    /// Only the dataset with exactly this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}
