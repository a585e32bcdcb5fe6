//! What came of one file.

use anyhow::Result;
use restow_sdk::Error;
use restow_sdk::generated::types::{Change, Finding, Verdict};

use crate::error_code::error_type;
use crate::push::outcome::{FileOutcome, Pushed};
use crate::push::skipped::Skipped;
use crate::push::target::Target;
use crate::report::message;

/// What came of a file.
#[derive(Debug)]
pub enum Outcome {
    /// It is the current version with this number.
    Committed(i64),
    /// It was to be left uncommitted.
    Uncommitted,
    /// Changes are not admitted.
    Refused,
    /// Its content cannot be read as it stands.
    Rejected,
    /// Another failure, with its machine code.
    Failed(String),
}

/// The result for a file.
#[derive(Debug)]
pub struct FileReport {
    /// The file.
    pub path: String,
    /// Name of its dataset.
    pub dataset: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The outcome in a sentence.
    pub message: String,
    /// What the inspection found.
    pub findings: Vec<Finding>,
    /// The changes of a commit.
    pub changes: Vec<Change>,
    /// How long it took.
    pub seconds: f64,
}

impl FileReport {
    /// The result for the file of `target`.
    pub fn of(target: &Target, outcome: &Result<FileOutcome>) -> Self {
        let path = target.path.to_string_lossy().into_owned();
        match outcome {
            Ok(FileOutcome::Pushed(pushed)) => of_pushed(path, pushed),
            Ok(FileOutcome::Skipped(skipped)) => of_skipped(path, skipped),
            Err(error) => of_error(path, target, error),
        }
    }
}

fn of_skipped(path: String, skipped: &Skipped) -> FileReport {
    let version = skipped.version.version;
    FileReport {
        path,
        dataset: skipped.dataset.name.clone(),
        outcome: Outcome::Committed(version),
        message: format!("The bytes are those of version {version}."),
        findings: Vec::new(),
        changes: Vec::new(),
        seconds: skipped.elapsed.as_secs_f64(),
    }
}

fn of_pushed(path: String, pushed: &Pushed) -> FileReport {
    let reupload = &pushed.reupload;
    let diff = &reupload.preview.schema_diff;
    let is_wanted = !reupload.refused.is_empty() || diff.verdict == Verdict::Breaking;
    let (outcome, message) = match &reupload.version {
        Some(version) if reupload.is_unchanged => (
            Outcome::Committed(version.version),
            format!("The bytes are those of version {}.", version.version),
        ),
        Some(version) => (
            Outcome::Committed(version.version),
            format!("Committed as version {}.", version.version),
        ),
        None if is_wanted => {
            let message = "Uploaded, but not committed: its changes break readers, or the policy refuses them.";
            (Outcome::Refused, message.to_string())
        }
        None => (
            Outcome::Uncommitted,
            "Uploaded and inspected, but not committed.".to_string(),
        ),
    };
    FileReport {
        path,
        dataset: pushed.dataset.name.clone(),
        outcome,
        message,
        findings: reupload.preview.findings.clone(),
        changes: diff.changes.clone(),
        seconds: pushed.elapsed.as_secs_f64(),
    }
}

fn of_error(path: String, target: &Target, error: &anyhow::Error) -> FileReport {
    let (outcome, findings, changes) = match error.downcast_ref() {
        Some(Error::JobRejected { preview, .. }) => {
            let changes = preview.schema_diff.changes.clone();
            (Outcome::Rejected, preview.findings.clone(), changes)
        }
        Some(Error::BreakingChange { changes, .. }) => {
            (Outcome::Refused, Vec::new(), changes.clone())
        }
        _ => (Outcome::Failed(error_type(error)), Vec::new(), Vec::new()),
    };
    FileReport {
        path,
        dataset: target.dataset.clone(),
        outcome,
        message: message(error),
        findings,
        changes,
        seconds: 0.0,
    }
}

#[cfg(test)]
pub mod tests {
    use serde_json::json;

    use super::*;

    /// A rejected file and a committed one, with characters that formats escape.
    pub fn files() -> [FileReport; 2] {
        let findings = json!([
            {"type": "unclosed_quote", "severity": "error", "line": 7, "examples": ["<a & \"b\">"],
             "msg": "A quote | is <never> closed.", "suggestion": "State the quote."},
            {"type": "delimiter_detected", "severity": "info", "msg": "Semicolons.", "examples": []},
        ]);
        let changes = json!([
            {"kind": "column_removed", "column": "a", "breaking": true, "msg": "Column `a` is missing."},
            {"kind": "column_added", "column": "b", "breaking": false, "msg": "Column `b` is new."},
        ]);
        let rejected = FileReport {
            path: "data/first file.csv".to_string(),
            dataset: "first & only".to_string(),
            outcome: Outcome::Rejected,
            message: "the content was rejected".to_string(),
            findings: serde_json::from_value(findings).unwrap(),
            changes: serde_json::from_value(changes).unwrap(),
            seconds: 0.0,
        };
        let committed = FileReport {
            path: "second.csv".to_string(),
            dataset: "second".to_string(),
            outcome: Outcome::Committed(4),
            message: "Committed as version 4.".to_string(),
            findings: Vec::new(),
            changes: Vec::new(),
            seconds: 1.25,
        };
        [rejected, committed]
    }
}
