//! Versions: immutable objects in S3, numbered from 1.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::Schema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::column::Column;
use crate::diff::ChangeKind;
use crate::read_options::ReadOptions;
use crate::string_enum::string_enum;

/// One version of a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    /// Dataset of the version.
    #[schemars(title = "Dataset Id")]
    pub dataset_id: Uuid,
    /// Number of the version, from 1.
    #[schemars(title = "Version")]
    pub version: u64,
    /// Job that created the version.
    #[schemars(title = "Job Id")]
    pub job_id: Uuid,
    /// Original filename.
    #[schemars(title = "Filename")]
    pub filename: String,
    /// MIME type given in the request.
    #[schemars(title = "Content Type")]
    pub content_type: String,
    /// Size of the file in bytes.
    #[schemars(title = "File Size")]
    pub file_size: u64,
    /// Entity tag of the object, without quotes.
    #[schemars(title = "Etag")]
    pub etag: String,
    /// Number of rows; null for a format without rows, and where it is not known.
    #[schemars(title = "Row Count")]
    pub row_count: Option<u64>,
    /// Columns in the order of the file. Empty in lists, since a file can have thousands.
    #[schemars(title = "Columns")]
    pub columns: Vec<Column>,
    /// How the object was read, with everything that was detected; null for a format without options. The options that
    /// its caller stated are remembered for the next job of the dataset.
    pub dialect: Option<ReadOptions>,
    /// Time of the commit.
    #[schemars(title = "Created At")]
    pub created_at: DateTime<Utc>,
    /// Name of the principal that committed the version, or whose completed upload was committed automatically; null for
    /// versions of early releases.
    #[schemars(title = "Committed By")]
    pub committed_by: Option<String>,
}

impl Version {
    /// The same without values of the object.
    #[must_use]
    pub fn without_values(self) -> Self {
        let columns = self.columns.into_iter().map(Column::without_values);
        Self {
            columns: columns.collect(),
            ..self
        }
    }
}

/// The version that a commit or restore replaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Replaces {
    /// Omitted: the operation's default applies.
    #[default]
    Unstated,
    /// This version, or none.
    Exactly(Option<u64>),
}

impl Replaces {
    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference"
    )]
    fn is_unstated(&self) -> bool {
        *self == Self::Unstated
    }
}

impl<'de> Deserialize<'de> for Replaces {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Exactly)
    }
}

impl JsonSchema for Replaces {
    fn schema_name() -> String {
        "Replaces".to_string()
    }

    fn is_referenceable() -> bool {
        false
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Option::<u64>::json_schema(generator).into_object();
        schema.number().minimum = Some(1.0);
        schema.into()
    }
}

string_enum! {
    /// What a commit accepts although it would be refused otherwise.
    Acceptance, "Acceptance" {
        /// An object that cannot be read as it stands, or that was not inspected.
        Uninspected = "uninspected",
        /// Columns that are new.
        ColumnAdded = "column_added",
        /// Columns that are missing.
        ColumnRemoved = "column_removed",
        /// Columns that may have been renamed.
        ColumnRenamed = "column_renamed",
        /// Types that changed, where every value fits the schema.
        TypeFits = "type_fits",
        /// Types that changed, where values do not fit the schema.
        TypeBreaks = "type_breaks",
        /// Null values in columns that had none.
        NullsAppeared = "nulls_appeared",
        /// Another order of the columns.
        OrderChanged = "order_changed",
        /// Another format or compression.
        FormatChanged = "format_changed",
        /// Another delimiter, quoting, encoding, header or decimal mark.
        DialectChanged = "dialect_changed",
        /// Fewer rows.
        RowsLost = "rows_lost",
    }
}

impl Acceptance {
    /// Whether it accepts changes of `kind`.
    pub fn covers(self, kind: ChangeKind) -> bool {
        self.as_str() == kind.as_str()
    }
}

/// Makes the inspected object the current version.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct CommitJobRequest {
    /// Version that must be the current one, null if there must be none. By default the one that was current when the
    /// job was created.
    #[serde(default, skip_serializing_if = "Replaces::is_unstated")]
    #[schemars(title = "Replaces")]
    pub replaces: Replaces,
    /// Kinds of changes to accept although the policy of the dataset refuses them, and `uninspected` for an object that
    /// cannot be read as it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Accept", length(max = 20))]
    pub accept: Vec<Acceptance>,
    /// Whether to make a new version also if the object has the same bytes as the current version. By default not.
    #[serde(default)]
    #[schemars(title = "Force", skip_serializing_if = "std::ops::Not::not")]
    pub force: bool,
}

/// Makes an old version the current one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RestoreVersionRequest {
    /// Version that must be the current one, null if there must be none. By default not checked.
    #[serde(default, skip_serializing_if = "Replaces::is_unstated")]
    #[schemars(title = "Replaces")]
    pub replaces: Replaces,
}

/// The download of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Download {
    /// Presigned URL for GET, with or without a range. Do not send a bearer token to it.
    #[schemars(title = "Url")]
    pub url: String,
    /// Presigned URL for HEAD, for readers that request the size before the content. Do not send a bearer token to it.
    #[schemars(title = "Head Url")]
    pub head_url: String,
    /// Time at which the URLs expire.
    #[schemars(title = "Expires At")]
    pub expires_at: DateTime<Utc>,
    /// Original filename.
    #[schemars(title = "Filename")]
    pub filename: String,
    /// Size of the file in bytes.
    #[schemars(title = "File Size")]
    pub file_size: u64,
    /// Entity tag of the object, without quotes.
    #[schemars(title = "Etag")]
    pub etag: String,
}

/// How to return a download.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct DownloadQuery {
    /// Whether to redirect to the object with 303, as for `curl -L`, in the place of a response with the URLs. A HEAD
    /// request is redirected to a URL for HEAD.
    #[serde(default)]
    pub redirect: bool,
}

/// Path of a version.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct VersionPath {
    /// Identifier of the dataset.
    pub dataset_id: Uuid,
    /// Number of the version, from 1.
    #[schemars(range(min = 1))]
    pub version: u64,
}
