//! What came of a file, in words and as JSON.

use std::time::Duration;

use console::style;
use serde_json::{Value, json};

use super::super::printable::printable;
use super::super::{schema_diff, units};
use restow_sdk::generated::types::{Dataset, Version};
use restow_sdk::{ReuploadOutcome, UploadEvent};

/// A notice, with sizes as people read them.
pub fn notice(notice: &UploadEvent) -> String {
    let UploadEvent::Resumed {
        job_id,
        parts_held,
        parts_total,
        bytes_held,
        bytes_total,
        ..
    } = notice
    else {
        return notice.to_string();
    };
    let (held, total) = (units::bytes(*bytes_held), units::bytes(*bytes_total));
    format!(
        "resuming job {job_id}: S3 holds {parts_held} of {parts_total} parts ({held} of {total})"
    )
}

/// A file that was uploaded and inspected.
pub struct Pushed {
    /// The file's name.
    pub file: String,
    /// Where it went.
    pub dataset: Dataset,
    /// What became of it.
    pub reupload: ReuploadOutcome,
    /// How long all of it took.
    pub elapsed: Duration,
    /// How long the bytes took.
    pub sending: Duration,
}

impl Pushed {
    /// One JSON object.
    pub fn document(&self) -> Value {
        let ReuploadOutcome {
            job,
            preview,
            version,
            bytes_sent,
            bytes_held,
            retries,
            ..
        } = &self.reupload;
        json!({
            "file": &self.file,
            "dataset": { "id": self.dataset.id, "name": &self.dataset.name },
            "job_id": job.id,
            "status": if version.is_some() { "committed" } else { "ready" },
            "version": version.as_ref().map(|version| version.version),
            "row_count": preview.row_count,
            "schema_diff": &preview.schema_diff,
            "file_size": job.file_size,
            "bytes_sent": bytes_sent,
            "bytes_held": bytes_held,
            "retries": retries,
            "seconds": self.elapsed.as_secs_f64(),
        })
    }

    /// A few lines for a person.
    pub fn text(&self) -> String {
        let mut lines = match &self.reupload.version {
            Some(version) => vec![self.committed(version)],
            None => self.left(),
        };
        lines.insert(1, format!("  {}", self.transfer()));
        lines.join("\n")
    }

    fn committed(&self, version: &Version) -> String {
        let (name, number) = (printable(&self.dataset.name), version.version);
        format!(
            "{} {name} is at version {number}: {}",
            style("✓").green().bold(),
            self.content()
        )
    }

    /// The file is there, and not committed.
    fn left(&self) -> Vec<String> {
        let (name, job_id) = (printable(&self.dataset.name), self.reupload.job.id);
        let diff = &self.reupload.preview.schema_diff;
        let (mark, reason) = if diff.compatible {
            (style("✓").green().bold(), "")
        } else {
            (
                style("!").yellow().bold(),
                ", for its schema is not compatible",
            )
        };
        let mut lines = vec![format!(
            "{mark} {name} is not changed: {} is not committed{reason}",
            self.content()
        )];
        lines.extend(
            schema_diff::lines(diff)
                .iter()
                .map(|line| format!("  {line}")),
        );
        lines.push(format!("  To look at it:    restow preview {job_id}"));
        lines.push(format!("  To commit it:     restow job commit {job_id}"));
        lines.push(format!("  To give it up:    restow job cancel {job_id}"));
        lines
    }

    fn content(&self) -> String {
        let rows = self
            .reupload
            .preview
            .row_count
            .map(|rows| units::counted(units::unsigned(rows), "row"));
        rows.map_or_else(
            || self.file.clone(),
            |rows| format!("{} ({rows})", self.file),
        )
    }

    /// What was moved, and how fast.
    fn transfer(&self) -> String {
        let ReuploadOutcome {
            job,
            bytes_sent,
            bytes_held,
            retries,
            ..
        } = &self.reupload;
        let mut told = format!(
            "{} in {}",
            units::bytes(units::unsigned(job.file_size)),
            units::duration(self.elapsed)
        );
        if *bytes_held > 0 {
            told = format!(
                "{told}, {} sent, {} were there already",
                units::bytes(*bytes_sent),
                units::bytes(*bytes_held)
            );
        }
        if *bytes_sent > 0 {
            told = format!(
                "{told}, {}",
                units::rate(units::per_second(*bytes_sent, self.sending))
            );
        }
        if *retries > 0 {
            told = format!(
                "{told}, {}",
                if *retries == 1 {
                    "1 retry".to_string()
                } else {
                    format!("{retries} retries")
                }
            );
        }
        told
    }
}
