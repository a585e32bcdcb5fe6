//! Results of the checks, in the shape of those of the command's own `restow doctor`.

use serde::Serialize;

/// Result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It works.
    Ok,
    /// It works, but not well or not safely, or this cannot be found out.
    Warning,
    /// It does not work.
    Failed,
    /// It was not checked: what it needs does not work, or does not apply.
    Skipped,
}

impl Status {
    const fn label(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "FAILED",
            Self::Skipped => "skipped",
        }
    }
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

    /// A result that should be improved.
    pub fn warning(
        name: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            status: Status::Warning,
            advice: Some(advice.into()),
            ..Self::ok(name, message)
        }
    }

    /// A check that failed.
    pub fn failed(
        name: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            status: Status::Failed,
            advice: Some(advice.into()),
            ..Self::ok(name, message)
        }
    }

    /// One line, and another one with the advice.
    pub fn text(&self) -> String {
        let (status, name) = (self.status.label(), self.name);
        let message = self.message.replace(char::is_control, " ");
        let line = format!("{status:8} {name:21} {message}");
        match &self.advice {
            Some(advice) => format!("{line}\n{:31}{advice}", ""),
            None => line,
        }
    }
}

/// All findings so far, each of which is passed on as soon as it is there.
#[derive(Debug)]
pub struct Findings {
    listener: fn(&Finding),
    findings: Vec<Finding>,
}

impl Findings {
    /// No findings yet; `listener` is called with each.
    pub fn new(listener: fn(&Finding)) -> Self {
        Self {
            listener,
            findings: Vec::new(),
        }
    }

    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        (self.listener)(&finding);
        self.findings.push(finding);
    }

    /// Adds that these checks were not made.
    pub fn skip(&mut self, names: &[&'static str], reason: &str) {
        for name in names {
            self.add(Finding {
                status: Status::Skipped,
                ..Finding::ok(name, reason)
            });
        }
    }

    /// All findings, in order.
    pub fn all(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether there is a finding of this check.
    pub fn has(&self, name: &str) -> bool {
        self.findings.iter().any(|finding| finding.name == name)
    }

    /// How many checks failed.
    pub fn failed(&self) -> usize {
        let failed = |finding: &&Finding| finding.status == Status::Failed;
        self.findings.iter().filter(failed).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_printed_below_the_message() {
        let finding = Finding::failed("bucket", "no\u{1b}answer", "start it");
        let indent = " ".repeat(31);
        assert_eq!(
            finding.text(),
            format!("FAILED   bucket                no answer\n{indent}start it")
        );
    }

    #[test]
    fn only_failures_are_counted() {
        let mut findings = Findings::new(|_| ());
        findings.add(Finding::warning("cors", "a", "b"));
        findings.skip(&["etag"], "c");
        assert_eq!(findings.failed(), 0);
        findings.add(Finding::failed("bucket", "a", "b"));
        assert!(findings.failed() == 1 && findings.has("etag") && !findings.has("x"));
    }
}
