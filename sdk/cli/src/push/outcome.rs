//! The result of a push, as text and as JSON.

use std::time::Duration;

use console::style;
use serde_json::{Value, json};

use crate::printable::printable;
use crate::{schema_diff, units};
use restow_sdk::generated::types::{Dataset, Version};
use restow_sdk::{ReuploadOutcome, UploadEvent};

/// The message of an event, with sizes in binary units.
pub fn event(event: &UploadEvent) -> String {
    let UploadEvent::Resumed {
        job_id,
        parts_held,
        parts_total,
        bytes_held,
        bytes_total,
        ..
    } = event
    else {
        return event.to_string();
    };
    let (held, total) = (units::bytes(*bytes_held), units::bytes(*bytes_total));
    format!("resuming job {job_id}: S3 has {parts_held} of {parts_total} parts ({held} of {total})")
}

/// A file that was uploaded and inspected.
pub struct Pushed {
    /// Name of the file.
    pub file: String,
    /// Dataset that it was uploaded to.
    pub dataset: Dataset,
    /// Result of the upload.
    pub reupload: ReuploadOutcome,
    /// Duration of the push.
    pub elapsed: Duration,
    /// Duration of the transfer to S3 alone.
    pub transfer_time: Duration,
}

impl Pushed {
    /// The result as a JSON object.
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

    /// The result as a few lines of text.
    pub fn text(&self) -> String {
        let mut lines = match &self.reupload.version {
            Some(version) => vec![self.committed(version)],
            None => self.uncommitted(),
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

    /// Lines for a file that was uploaded, but not committed.
    fn uncommitted(&self) -> Vec<String> {
        let (name, job_id) = (printable(&self.dataset.name), self.reupload.job.id);
        let diff = &self.reupload.preview.schema_diff;
        let (mark, reason) = if diff.compatible {
            (style("✓").green().bold(), "")
        } else {
            (style("!").yellow().bold(), ": its schema is incompatible")
        };
        let mut lines = vec![format!(
            "{mark} {name} is unchanged: {} was not committed{reason}",
            self.content()
        )];
        lines.extend(
            schema_diff::lines(diff)
                .iter()
                .map(|line| format!("  {line}")),
        );
        lines.push(format!("  To preview it:  restow preview {job_id}"));
        lines.push(format!("  To commit it:   restow job commit {job_id}"));
        lines.push(format!("  To discard it:  restow job cancel {job_id}"));
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

    /// Amount of data, duration and rate.
    fn transfer(&self) -> String {
        let ReuploadOutcome {
            job,
            bytes_sent,
            bytes_held,
            retries,
            ..
        } = &self.reupload;
        let mut text = format!(
            "{} in {}",
            units::bytes(units::unsigned(job.file_size)),
            units::duration(self.elapsed)
        );
        if *bytes_held > 0 {
            text = format!(
                "{text}, {} sent, {} resumed",
                units::bytes(*bytes_sent),
                units::bytes(*bytes_held)
            );
        }
        if *bytes_sent > 0 {
            text = format!(
                "{text}, {}",
                units::rate(units::per_second(*bytes_sent, self.transfer_time))
            );
        }
        if *retries > 0 {
            text = format!(
                "{text}, {}",
                if *retries == 1 {
                    "1 retry".to_string()
                } else {
                    format!("{retries} retries")
                }
            );
        }
        text
    }
}
