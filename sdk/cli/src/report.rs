//! Prints errors.

use std::io::{self, IsTerminal};

use console::style;
use serde_json::{Map, Value, json};

use crate::error_code::{error_type, exit_code};
use crate::exit;
use crate::failure::Failure;
use crate::findings;
use crate::hint::hint;
use crate::output::{self, Output};
use crate::printable::is_unsafe;
use restow_sdk::Error;

/// Prints an error, unless it needs none or was printed before, and returns its exit code.
pub fn report(output: Output, error: &anyhow::Error) -> u8 {
    report_about(output, None, error)
}

/// Like [`report`], for an error about one of several files.
pub fn report_about(output: Output, file: Option<&str>, error: &anyhow::Error) -> u8 {
    let is_silent = matches!(
        error.downcast_ref(),
        Some(Failure::OutputClosed | Failure::Reported(_))
    );
    if !is_silent {
        // Overwrites the ^C that the terminal echoed.
        let start = if exit_code(error) == exit::INTERRUPTED && io::stderr().is_terminal() {
            "\r"
        } else {
            ""
        };
        let hint = hint(error);
        let text = if output.json {
            as_json(file, error, hint)
        } else {
            as_text(file, error, hint)
        };
        output::print_stderr(format_args!("{start}{text}"));
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
