//! How errors are told.

use std::io::{self, IsTerminal};

use console::style;
use serde_json::{Map, Value, json};

use crate::error_code::{error_type, exit_code};
use crate::exit;
use crate::failure::Failure;
use crate::hint::hint;
use crate::output::{self, Output};
use crate::printable::is_harmful;

/// Tells an error, unless nobody needs to hear it, and gives the exit code for it.
pub fn report(output: Output, error: &anyhow::Error) -> u8 {
    report_about(output, None, error)
}

/// The same for an error about one of several files.
pub fn report_about(output: Output, file: Option<&str>, error: &anyhow::Error) -> u8 {
    let silent = matches!(
        error.downcast_ref(),
        Some(Failure::OutputClosed | Failure::Told(_))
    );
    if !silent {
        // Over the ^C that the terminal shows.
        let start = if exit_code(error) == exit::INTERRUPTED && io::stderr().is_terminal() {
            "\r"
        } else {
            ""
        };
        let hint = hint(error);
        let told = if output.json {
            as_json(file, error, hint)
        } else {
            as_text(file, error, hint)
        };
        output::say(format_args!("{start}{told}"));
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
    if let Some(hint) = hint {
        text = format!(
            "{text}\n {} {hint}",
            style("hint:").cyan().bold().for_stderr()
        );
    }
    text
}

fn as_json(file: Option<&str>, error: &anyhow::Error, hint: Option<String>) -> String {
    let mut told = Map::new();
    told.insert("type".to_string(), Value::String(error_type(error)));
    told.insert("message".to_string(), Value::String(message(error)));
    told.extend(hint.map(|hint| ("hint".to_string(), Value::String(hint))));
    told.extend(file.map(|file| ("file".to_string(), Value::String(file.to_string()))));
    json!({ "error": told }).to_string()
}

/// The error with all its causes. What a server says may hold anything, and goes on a terminal.
pub fn message(error: &anyhow::Error) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        // Many errors repeat their cause in their own words.
        if !told.last().is_some_and(|last| last.ends_with(&cause)) {
            told.push(cause);
        }
    }
    told.join(": ").replace(is_harmful, " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn causes_are_told_once_each() {
        let error = anyhow!("refused")
            .context("cannot connect: refused")
            .context("cannot push");
        assert_eq!(message(&error), "cannot push: cannot connect: refused");
    }

    #[test]
    fn what_others_say_cannot_move_the_cursor() {
        assert_eq!(message(&anyhow!("a\u{1b}[2Jb")), "a [2Jb");
    }

    #[test]
    fn in_json_it_is_one_object_on_one_line() {
        let told = as_json(
            Some("a.csv"),
            &Failure::NotLoggedIn.into(),
            Some("run".to_string()),
        );
        let expected = r#"{"error":{"type":"not_logged_in","message":"not logged in","hint":"run","file":"a.csv"}}"#;
        assert_eq!(
            told.parse::<Value>().unwrap(),
            expected.parse::<Value>().unwrap()
        );
        assert!(!told.contains('\n'));
    }
}
