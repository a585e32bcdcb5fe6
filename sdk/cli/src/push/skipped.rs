//! A file that was not uploaded, since the dataset has its bytes already.

use std::time::Duration;

use console::style;
use serde_json::{Value, json};

use crate::printable::printable;
use crate::units;
use restow_sdk::generated::types::{Dataset, Version};

/// A file with the bytes of the current version.
pub struct Skipped {
    /// Name of the file.
    pub file: String,
    /// Its dataset.
    pub dataset: Dataset,
    /// The current version.
    pub version: Version,
    /// Duration of the comparison.
    pub elapsed: Duration,
}

impl Skipped {
    /// The result as a JSON object, with the members of an upload.
    pub fn document(&self) -> Value {
        let version = &self.version;
        json!({
            "file": &self.file,
            "dataset": { "id": self.dataset.id, "name": &self.dataset.name },
            "job_id": version.job_id,
            "status": "committed",
            "version": version.version,
            "row_count": version.row_count,
            "unchanged": true,
            "findings": [],
            "schema_diff": null,
            "refused": [],
            "file_size": version.file_size,
            "bytes_sent": 0,
            "bytes_held": 0,
            "retries": 0,
            "seconds": self.elapsed.as_secs_f64(),
        })
    }

    /// The result as a line of text.
    pub fn text(&self) -> String {
        let rows = self.version.row_count.map(units::unsigned);
        let rows = rows.map_or_else(String::new, |rows| {
            format!(" ({})", units::counted(rows, "row"))
        });
        format!(
            "{} {} stays at version {}: {}{rows} has the same bytes, and was not uploaded",
            style("✓").green().bold(),
            printable(&self.dataset.name),
            self.version.version,
            self.file,
        )
    }
}
