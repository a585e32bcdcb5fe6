//! The result of an inspection.

use restow_api::{Column, Finding, ReadOptions, Severity};
use serde_json::Value;

/// What an object contains.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// `csv`, `tsv`, `ndjson`, `json`, `parquet`, or the extension of any other object; none without an extension.
    pub format: Option<String>,
    /// How the object was read, with everything that was detected; none for a format without options.
    pub dialect: Option<ReadOptions>,
    /// Number of rows, where it is known.
    pub row_count: Option<u64>,
    /// Columns in the order of the file; for JSON in the order in which their keys first appear.
    pub columns: Vec<Column>,
    /// First rows, at most [`Limits::sample_rows`](crate::Limits::sample_rows), each with one value per column.
    pub sample: Vec<Vec<Value>>,
    /// What is to be said about the content, at most [`MAX_FINDINGS`](crate::MAX_FINDINGS), most severe first.
    pub findings: Vec<Finding>,
    /// Number of all findings, also of those beyond [`MAX_FINDINGS`](crate::MAX_FINDINGS).
    pub findings_total: u64,
}

impl Inspection {
    /// Of an object of which nothing is known but why it is rejected.
    pub(crate) fn rejected(finding: Finding) -> Self {
        Self {
            findings: vec![finding],
            findings_total: 1,
            ..Self::default()
        }
    }

    /// The finding for which the object is rejected, if it cannot be read as it stands.
    pub fn rejection(&self) -> Option<&Finding> {
        self.findings
            .iter()
            .find(|finding| finding.severity == Severity::Error)
    }
}
