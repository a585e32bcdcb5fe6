//! The findings of one inspection, collected while it reads.

use restow_api::{Finding, FindingType, Severity};

/// Most findings that an inspection keeps.
pub const MAX_FINDINGS: usize = 100;

/// Most findings that are held while the object is read, so that those that are kept are the most severe of them.
const MAX_HELD: usize = 10_000;

/// The findings so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    held: Vec<Finding>,
    total: u64,
}

impl Findings {
    /// Adds a finding.
    pub(crate) fn push(&mut self, finding: Finding) {
        self.total += 1;
        if self.held.len() < MAX_HELD || finding.severity == Severity::Error {
            self.held.push(finding);
        }
    }

    /// Adds all of `findings`.
    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// Adds all findings of `others`.
    pub(crate) fn append(&mut self, others: Self) {
        let dropped = others.total - others.held.len() as u64;
        self.extend(others.held);
        self.total += dropped;
    }

    /// States what to do about the errors of a type.
    pub(crate) fn suggest(&mut self, finding_type: FindingType, suggestion: &str) {
        let errors = self.held.iter_mut().filter(|finding| {
            finding.finding_type == finding_type && finding.severity == Severity::Error
        });
        for error in errors {
            error.suggestion = Some(suggestion.to_owned());
        }
    }

    /// The findings to keep, most severe first and otherwise in the order in which they were added, and their total.
    pub(crate) fn finish(mut self) -> (Vec<Finding>, u64) {
        self.held
            .sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        self.held.truncate(MAX_FINDINGS);
        (self.held, self.total)
    }
}

/// A finding about the whole object, without count, line and examples.
pub(crate) fn finding(
    finding_type: FindingType,
    severity: Severity,
    msg: impl Into<String>,
) -> Finding {
    Finding {
        finding_type,
        severity,
        msg: msg.into(),
        column: None,
        line: None,
        count: None,
        examples: Vec::new(),
        suggestion: None,
    }
}
