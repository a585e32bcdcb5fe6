//! The result of judging a server or a document.

use std::process::ExitCode;

use crate::check::Check;
use crate::finding::Finding;

/// What was judged, and with what result.
#[derive(Debug)]
pub struct Judgement {
    /// The server or the document, as a URL or path.
    pub subject: String,
    /// The checks, in their order.
    pub checks: Vec<Check>,
    /// Why further checks could not be made; `None` if all were.
    pub stopped: Option<String>,
}

/// Whether the contract is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All checks were made, and nothing departs from the contract.
    Conforms,
    /// Something departs.
    Departs,
    /// Nothing departs, but not all checks could be made.
    Unjudged,
}

/// A finding, with the names of all checks that made it.
#[derive(Debug)]
pub struct Grouped<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Names of the checks.
    pub checks: Vec<&'a str>,
}

impl Judgement {
    /// Whether the contract is kept. A departure is certain, whatever could not be checked.
    pub fn verdict(&self) -> Verdict {
        if self.checks.iter().any(Check::departs) {
            Verdict::Departs
        } else if self.stopped.is_some() {
            Verdict::Unjudged
        } else {
            Verdict::Conforms
        }
    }

    /// The findings, departures first; those that differ only in the check are one.
    pub fn findings(&self) -> Vec<Grouped<'_>> {
        let mut groups: Vec<Grouped> = Vec::new();
        for check in &self.checks {
            for finding in &check.findings {
                let is_same = |group: &&mut Grouped| {
                    let known = group.finding;
                    (known.rule, &known.place, &known.expected)
                        == (finding.rule, &finding.place, &finding.expected)
                };
                match groups.iter_mut().find(is_same) {
                    Some(group) => group.checks.push(&check.name),
                    None => groups.push(Grouped {
                        finding,
                        checks: vec![&check.name],
                    }),
                }
            }
        }
        groups.sort_by_key(|group| !group.finding.is_departure());
        groups
    }
}

impl Verdict {
    /// The exit code of a program that judges.
    pub fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Conforms => 0,
            Self::Departs => 1,
            Self::Unjudged => 2,
        })
    }
}
