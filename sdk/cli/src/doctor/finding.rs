//! What doctor has found, one line a check.

use anyhow::Result;
use console::{StyledObject, style};
use serde::Serialize;

use crate::hint::hint;
use crate::output::{self, Output};
use crate::printable::is_harmful;
use crate::report;

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As it should be.
    Ok,
    /// Neither good nor bad: it depends on what is wanted.
    Info,
    /// It works, and could be better or safer.
    Warning,
    /// It does not work.
    Failed,
}

/// What one check has found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Name of the check.
    pub name: &'static str,
    /// How it went.
    pub status: Status,
    /// What was found.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    /// A check that went well.
    pub fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            status: Status::Ok,
            message: message.into(),
            advice: None,
        }
    }

    /// Something that may be meant to be so.
    pub fn info(name: &'static str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            name,
            status: Status::Info,
            message: message.into(),
            advice: Some(advice.into()),
        }
    }

    /// Something that could be better.
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

    /// Something that does not work.
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

    /// A check that ended with an error, with what can be done about it.
    pub fn of_error(name: &'static str, error: &anyhow::Error) -> Self {
        let advice = hint(error).unwrap_or_else(|| "look into the server's log".to_string());
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
            self.message.replace(is_harmful, " ")
        );
        text + &advice.unwrap_or_default()
    }
}

fn label(text: &str) -> StyledObject<String> {
    style(format!("{text:8}")).bold()
}

/// Everything found so far. Text is printed at once, JSON at the end.
#[derive(Debug)]
pub struct Findings {
    output: Output,
    found: Vec<Finding>,
}

impl Findings {
    /// Nothing yet.
    pub fn new(output: Output) -> Self {
        Self {
            output,
            found: Vec::new(),
        }
    }

    /// Adds one.
    pub fn add(&mut self, finding: Finding) -> Result<()> {
        let quiet = self.output.quiet && finding.status != Status::Failed;
        let text = (!quiet && !self.output.json).then(|| finding.text());
        self.found.push(finding);
        text.map_or(Ok(()), |text| output::print(&text))
    }

    /// Prints what is still to be printed.
    pub fn finish(&self) -> Result<()> {
        if self.output.json {
            output::print(&serde_json::to_string(&self.found)?)
        } else {
            Ok(())
        }
    }

    /// Whether any check has failed.
    pub fn any_failed(&self) -> bool {
        self.found
            .iter()
            .any(|finding| finding.status == Status::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_advice_below() {
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
    fn one_failure_is_enough() {
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
