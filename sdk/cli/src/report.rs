//! Prints errors.

use std::collections::HashSet;
use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};

use console::style;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::error_code::{error_type, exit_code};
use crate::failure::Failure;
use crate::findings;
use crate::first_signal;
use crate::hint::hint;
use crate::output::{self, Output};
use crate::printable::is_unsafe;
use restow_sdk::Error;

/// Prints an error, unless it needs none or was printed before, and returns its exit code.
pub fn report(output: Output, error: &anyhow::Error) -> u8 {
    print(output, None, error, hint(error))
}

/// Hints that were printed, so that each is printed once for several files.
#[derive(Debug, Default)]
pub struct PrintedHints(Mutex<HashSet<String>>);

impl PrintedHints {
    /// Records a hint. Returns whether none like it, but for the job, was recorded before.
    fn is_new(&self, hint: &str) -> bool {
        let words = hint.split([' ', '`']);
        let words: Vec<_> = words
            .map(|word| {
                if word.parse::<Uuid>().is_ok() {
                    "JOB"
                } else {
                    word
                }
            })
            .collect();
        let mut printed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        printed.insert(words.join(" "))
    }
}

/// Like [`report`], for an error about one of several files, without a hint that was printed before.
pub fn report_about(
    output: Output,
    file: &str,
    error: &anyhow::Error,
    printed: &PrintedHints,
) -> u8 {
    let hint = hint(error).filter(|hint| output.json || printed.is_new(hint));
    print(output, Some(file), error, hint)
}

fn print(output: Output, file: Option<&str>, error: &anyhow::Error, hint: Option<String>) -> u8 {
    let is_silent = matches!(
        error.downcast_ref(),
        Some(Failure::OutputClosed | Failure::Reported(_))
    );
    if !is_silent {
        // Overwrites the ^C that the terminal echoed.
        let start = if first_signal::is_from_keyboard() && io::stderr().is_terminal() {
            "\r"
        } else {
            ""
        };
        if output.json {
            output::write_stderr(&format!("{start}{}", as_json(file, error, hint)));
        } else {
            let text = as_text(file, error, hint);
            output::print_stderr(format_args!("{start}{text}"));
        }
    }
    exit_code(error)
}

fn as_text(file: Option<&str>, error: &anyhow::Error, hint: Option<String>) -> String {
    let file = file.map_or_else(String::new, |file| format!("{file}: "));
    let mut text = format!(
        "{} {file}{}",
        style("error:").red().bold().for_stderr(),
        message(error)
    );
    for line in details(error, output::stderr_width()) {
        text = format!("{text}\n{line}");
    }
    if let Some(hint) = hint {
        text = format!(
            "{text}\n {} {hint}",
            style("hint:").cyan().bold().for_stderr()
        );
    }
    text
}

fn as_json(file: Option<&str>, error: &anyhow::Error, hint: Option<String>) -> String {
    let mut members = Map::new();
    members.insert("type".to_string(), Value::String(error_type(error)));
    members.insert("message".to_string(), Value::String(message(error)));
    members.extend(hint.map(|hint| ("hint".to_string(), Value::String(hint))));
    members.extend(content(error));
    members.extend(file.map(|file| ("file".to_string(), Value::String(file.to_string()))));
    json!({ "error": members }).to_string()
}

/// What is wrong with the content of a file, in lines of at most `width` columns.
fn details(error: &anyhow::Error, width: usize) -> Vec<String> {
    match error.downcast_ref() {
        Some(Error::JobRejected { preview, .. }) => {
            findings::lines(&preview.findings, preview.findings_total, width)
        }
        _ => Vec::new(),
    }
}

/// The same as members of a JSON object.
fn content(error: &anyhow::Error) -> Map<String, Value> {
    let document = match error.downcast_ref() {
        Some(Error::JobRejected {
            job_id, preview, ..
        }) => json!({ "job_id": job_id, "findings": &preview.findings }),
        Some(Error::BreakingChange { changes, .. }) => json!({ "changes": changes }),
        _ => return Map::new(),
    };
    document.as_object().cloned().unwrap_or_default()
}

/// The error with all its causes. Messages of a server are untrusted, so characters that control a terminal are replaced.
pub fn message(error: &anyhow::Error) -> String {
    let mut messages: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        // Many errors repeat the message of their cause.
        if !messages.last().is_some_and(|last| last.ends_with(&cause)) {
            messages.push(cause);
        }
    }
    messages.join(": ").replace(is_unsafe, " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn repeated_causes_are_printed_once() {
        let error = anyhow!("refused")
            .context("cannot connect: refused")
            .context("cannot push");
        assert_eq!(message(&error), "cannot push: cannot connect: refused");
    }

    #[test]
    fn hints_about_other_jobs_are_not_new() {
        let printed = PrintedHints::default();
        let hint = |id: u128| format!("`restow job cancel {}` discards it", Uuid::from_u128(id));
        assert!(printed.is_new(&hint(1)));
        assert!(!printed.is_new(&hint(2)));
        assert!(printed.is_new("another"));
    }

    #[test]
    fn control_characters_are_replaced() {
        assert_eq!(message(&anyhow!("a\u{1b}[2Jb")), "a [2Jb");
    }

    #[test]
    fn json_error_is_a_single_line() {
        let json = as_json(
            Some("a.csv"),
            &Failure::NotLoggedIn.into(),
            Some("run".to_string()),
        );
        let expected = r#"{"error":{"type":"not_logged_in","message":"not logged in","hint":"run","file":"a.csv"}}"#;
        assert_eq!(
            json.parse::<Value>().unwrap(),
            expected.parse::<Value>().unwrap()
        );
        assert!(!json.contains('\n'));
    }
}
