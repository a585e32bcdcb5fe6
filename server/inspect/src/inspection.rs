//! The result of an inspection.

use restow_api::Column;
use serde_json::Value;

/// What an object contains.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// `csv`, `tsv`, `ndjson`, `parquet`, or the extension of any other object; none without an extension.
    pub format: Option<String>,
    /// Number of rows, where the format has rows.
    pub row_count: Option<u64>,
    /// Columns in the order of the file; for `ndjson` in the order in which their keys first appear.
    pub columns: Vec<Column>,
    /// First rows, at most [`Limits::sample_rows`](crate::Limits::sample_rows), each with one value per column.
    pub sample: Vec<Vec<Value>>,
}
