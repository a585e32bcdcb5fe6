//! Datasets: named collections of versions.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::page::PageQuery;
use crate::policy::Policy;

/// What the name of a dataset must match. It is no UUID, neither `.` nor `..`, neither begins nor ends with a blank or an
/// invisible character, and contains no control characters and none that is invisible or changes the direction of text.
/// Joiners (U+200C, U+200D) are allowed inside, since emoji and some scripts need them.
pub const NAME_PATTERN: &str = concat!(
    r"^(?![0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$)(?!\.{1,2}$)",
    r"(?![ \u00a0\u1680\u2000-\u200a\u200c\u200d\u202f\u205f\u3000])",
    r"(?!.*[ \u00a0\u1680\u2000-\u200a\u200c\u200d\u202f\u205f\u3000]$)",
    r"[^\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f",
    r"\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0]*$",
);

/// A dataset that the caller may use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dataset {
    /// Identifier of the dataset.
    #[schemars(title = "Id")]
    pub id: Uuid,
    /// Name of the dataset, unique among those of its owner.
    #[schemars(title = "Name")]
    pub name: String,
    /// Name of the principal that owns the dataset. It is another one than the caller where the dataset was shared.
    #[schemars(title = "Owner")]
    pub owner: String,
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
    /// Name of the dataset, unique among those of its owner: not a UUID, without control characters and invisible
    /// ones, and without blanks at the ends. It is kept in Unicode's normalization form C (NFC).
    #[schemars(
        title = "Name",
        length(min = 1, max = 255),
        regex(path = "NAME_PATTERN")
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
        regex(path = "NAME_PATTERN")
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
    /// Only datasets with exactly this name, compared in Unicode's normalization form C (NFC): one of each owner at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Only datasets of the principal with exactly this name. The next pages are those of the same list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether to list what others have shared with the caller too. The next pages are those of the same list.
    #[serde(default = "shared_by_default")]
    #[schemars(default = "shared_by_default")]
    pub shared: bool,
}

fn shared_by_default() -> bool {
    true
}
