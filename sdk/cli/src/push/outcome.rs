//! The result of a push, as text and as JSON.

use std::time::Duration;

use console::style;
use serde_json::{Value, json};
use uuid::Uuid;

use super::skipped::Skipped;
use crate::hint::accepting_command;
use crate::printable::printable;
use crate::{findings, schema_diff, units};
use restow_sdk::generated::types::{Dataset, Finding, Severity, Verdict, Version};
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

/// What came of a file that did not fail.
pub enum FileOutcome {
    /// It was uploaded and inspected.
    Pushed(Box<Pushed>),
    /// The dataset has its bytes already.
    Skipped(Box<Skipped>),
}

impl FileOutcome {
    /// The result as a JSON object.
    pub fn document(&self) -> Value {
        match self {
            Self::Pushed(pushed) => pushed.document(),
            Self::Skipped(skipped) => skipped.document(),
        }
    }

    /// The identifier of the job.
    pub fn job_id(&self) -> Uuid {
        match self {
            Self::Pushed(pushed) => pushed.reupload.job.id,
            Self::Skipped(skipped) => skipped.version.job_id,
        }
    }

    /// Whether the file is the current version.
    pub fn is_committed(&self) -> bool {
        match self {
            Self::Pushed(pushed) => pushed.reupload.version.is_some(),
            Self::Skipped(_) => true,
        }
    }

    /// The result as a few lines of text, with warnings; as few as possible if it is one of `several`.
    pub fn text(&self, width: usize, several: bool) -> String {
        match self {
            Self::Pushed(pushed) => pushed.text(width, several),
            Self::Skipped(skipped) => skipped.text(),
        }
    }
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
    fn document(&self) -> Value {
        let ReuploadOutcome {
            job,
            preview,
            version,
            is_unchanged,
            refused,
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
            "unchanged": is_unchanged,
            "findings": &preview.findings,
            "schema_diff": &preview.schema_diff,
            "refused": refused,
            "file_size": job.file_size,
            "bytes_sent": bytes_sent,
            "bytes_held": bytes_held,
            "retries": retries,
            "seconds": self.elapsed.as_secs_f64(),
        })
    }

    /// The result as a few lines of text, with warnings. The transfers of several files are summed up at the end.
    fn text(&self, width: usize, several: bool) -> String {
        let mut lines = match &self.reupload.version {
            Some(version) => vec![self.committed(version)],
            None => self.uncommitted(width),
        };
        let warnings = self.warnings();
        let warnings = findings::lines(&warnings, 0, width);
        let transfer = (!several).then(|| format!("  {}", self.transfer()));
        lines.splice(1..1, transfer.into_iter().chain(warnings));
        lines.join("\n")
    }

    /// The findings but those that only say how the file was read.
    fn warnings(&self) -> Vec<Finding> {
        let findings = self.reupload.preview.findings.iter();
        findings
            .filter(|finding| finding.severity != Severity::Info)
            .cloned()
            .collect()
    }

    fn committed(&self, version: &Version) -> String {
        let (name, number) = (printable(&self.dataset.name), version.version);
        let mark = style("✓").green().bold();
        if self.reupload.is_unchanged {
            return format!(
                "{mark} {name} stays at version {number}: {} has the same bytes",
                self.content()
            );
        }
        format!("{mark} {name} is at version {number}: {}", self.content())
    }

    /// Lines for a file that was uploaded, but not committed.
    fn uncommitted(&self, width: usize) -> Vec<String> {
        let (name, job_id) = (printable(&self.dataset.name), self.reupload.job.id);
        let diff = &self.reupload.preview.schema_diff;
        let refused = &self.reupload.refused;
        let is_unknown = diff.verdict == Verdict::Breaking && diff.changes.is_empty();
        let (mark, reason) = match (diff.verdict, refused.is_empty()) {
            _ if is_unknown => (style("!").yellow().bold(), ": its columns are not known"),
            (Verdict::Breaking, _) => (style("!").yellow().bold(), ": its changes break readers"),
            (_, false) => (
                style("!").yellow().bold(),
                ": the policy refuses its changes",
            ),
            _ => (style("✓").green().bold(), ""),
        };
        let mut lines = vec![format!(
            "{mark} {name} is unchanged: {} was not committed{reason}",
            self.content()
        )];
        lines.extend(
            schema_diff::lines(diff, width.saturating_sub(2))
                .iter()
                .map(|line| format!("  {line}")),
        );
        lines.push(format!("  To preview it:  restow preview {job_id}"));
        lines.push(format!("  To commit it:   {}", self.commit_command()));
        lines.push(format!("  To discard it:  restow job cancel {job_id}"));
        lines
    }

    /// The command that commits the file whatever its changes.
    fn commit_command(&self) -> String {
        let (job_id, diff) = (self.reupload.job.id, &self.reupload.preview.schema_diff);
        let breaking = diff.changes.iter().filter(|change| change.breaking);
        let refused = self.reupload.refused.iter().chain(breaking);
        let refused: Vec<_> = refused.cloned().collect();
        if refused.is_empty() && diff.verdict != Verdict::Breaking {
            return format!("restow job commit {job_id}");
        }
        accepting_command(job_id, &refused)
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
