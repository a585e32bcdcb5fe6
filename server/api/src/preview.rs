//! The result of inspecting an uploaded object, and its difference from the version that it replaces.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::column::Column;
use crate::diff::SchemaDiff;
use crate::finding::Finding;
use crate::read_options::ReadOptions;

/// The result of the inspection, to check before committing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    /// Job whose object was inspected.
    #[schemars(title = "Job Id")]
    pub job_id: Uuid,
    /// Detected format: `csv`, `tsv`, `ndjson`, `json`, `parquet`; or the extension of a file of any other format,
    /// whose content is not inspected.
    #[schemars(title = "Format")]
    pub format: Option<String>,
    /// How the object was read, with everything that was detected; null for a format without options.
    pub dialect: Option<ReadOptions>,
    /// Number of rows; null for a format without rows, and where it is not known.
    #[schemars(title = "Row Count")]
    pub row_count: Option<u64>,
    /// Columns in the order of the file; empty where they are not known.
    #[schemars(title = "Columns")]
    pub columns: Vec<Column>,
    /// First rows, at most twenty, each with one value per column. Empty for a token without the scope `read`.
    #[schemars(title = "Sample")]
    pub sample: Vec<Vec<serde_json::Value>>,
    /// What the inspection found, at most a hundred, most severe first.
    #[schemars(title = "Findings")]
    pub findings: Vec<Finding>,
    /// Number of all findings, also of those that are not listed.
    #[schemars(title = "Findings Total")]
    pub findings_total: u64,
    /// Difference from the dataset's current version at the time when the job was created.
    pub schema_diff: SchemaDiff,
}

impl Preview {
    /// The same without values of the object.
    #[must_use]
    pub fn without_values(self) -> Self {
        let columns = self.columns.into_iter().map(Column::without_values);
        let findings = self.findings.into_iter().map(|finding| Finding {
            examples: Vec::new(),
            ..finding
        });
        Self {
            columns: columns.collect(),
            sample: Vec::new(),
            findings: findings.collect(),
            ..self
        }
    }
}
