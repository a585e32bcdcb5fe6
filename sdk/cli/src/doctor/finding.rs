//! Results of the checks, one line each.

use anyhow::Result;
use console::{StyledObject, style};
use serde::Serialize;

use crate::hint::hint;
use crate::output::{self, Output};
use crate::printable::is_unsafe;
use crate::report;

/// Result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It works.
    Ok,
    /// Whether this is a fault depends on the user's needs.
    Info,
    /// It works, but not well or not safely.
    Warning,
    /// It does not work.
    Failed,
}

/// What one check found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Name of the check.
    pub name: &'static str,
    /// Its result.
    pub status: Status,
    /// What was found.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    /// A check that passed.
    pub fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            status: Status::Ok,
            message: message.into(),
            advice: None,
        }
    }

    /// A result that may be intended.
    pub fn info(name: &'static str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            name,
            status: Status::Info,
            message: message.into(),
            advice: Some(advice.into()),
        }
    }

    /// A result that should be improved.
    pub fn warning(
        name: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            name,
            status: Status::Warning,
            message: message.into(),
            advice: Some(advice.into()),
        }
    }

    /// A check that failed.
    pub fn failed(
        name: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            name,
            status: Status::Failed,
            message: message.into(),
            advice: Some(advice.into()),
        }
    }

    /// A check that failed with `error`, with the hint for that error.
    pub fn of_error(name: &'static str, error: &anyhow::Error) -> Self {
        let advice = hint(error).unwrap_or_else(|| "see the log of the server".to_string());
        Self::failed(name, report::message(error), advice)
    }

    fn text(&self) -> String {
        let status = match self.status {
            Status::Ok => label("ok").green(),
            Status::Info => label("info").cyan(),
            Status::Warning => label("warning").yellow(),
            Status::Failed => label("FAILED").red(),
        };
        let advice = self
            .advice
            .as_ref()
            .map(|advice| format!("\n{:23}{}", "", style(advice).dim()));
        let text = format!(
            "{status} {:13} {}",
            self.name,
            self.message.replace(is_unsafe, " ")
        );
        text + &advice.unwrap_or_default()
    }
}

fn label(text: &str) -> StyledObject<String> {
    style(format!("{text:8}")).bold()
}

/// All findings so far. Text is printed immediately, JSON at the end.
#[derive(Debug)]
pub struct Findings {
    output: Output,
    findings: Vec<Finding>,
}

impl Findings {
    /// No findings yet.
    pub fn new(output: Output) -> Self {
        Self {
            output,
            findings: Vec::new(),
        }
    }

    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) -> Result<()> {
        let quiet = self.output.quiet && finding.status != Status::Failed;
        let text = (!quiet && !self.output.json).then(|| finding.text());
        self.findings.push(finding);
        text.map_or(Ok(()), |text| output::print(&text))
    }

    /// Prints the JSON document, where JSON was requested.
    pub fn finish(&self) -> Result<()> {
        if self.output.json {
            output::print(&serde_json::to_string(&self.findings)?)
        } else {
            Ok(())
        }
    }

    /// Whether any check failed.
    pub fn any_failed(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.status == Status::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_printed_below_the_message() {
        console::set_colors_enabled(false);
        let finding = Finding::failed("server", "no\u{1b}answer", "start it");
        assert_eq!(
            finding.text(),
            "FAILED   server        no answer\n                       start it"
        );
        assert_eq!(
            Finding::ok("dependencies", "all there").text(),
            "ok       dependencies  all there"
        );
    }

    #[test]
    fn any_failed_reports_a_single_failure() {
        let mut findings = Findings::new(Output {
            json: true,
            quiet: false,
        });
        findings.add(Finding::warning("cors", "a", "b")).unwrap();
        assert!(!findings.any_failed());
        findings.add(Finding::failed("server", "a", "b")).unwrap();
        assert!(findings.any_failed());
    }
}
