//! Text for the terminal and the log of a CI job.

use std::fmt::Write;

use crate::check::Check;
use crate::judgement::{Grouped, Judgement, Verdict};

/// The most names of checks that are listed with a finding.
const MAX_CHECKS: usize = 3;

/// The document.
pub fn document(judgement: &Judgement) -> String {
    let findings = judgement.findings();
    let mut text = String::new();
    for group in &findings {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}", block(group));
    }
    if let Some(reason) = &judgement.stopped {
        let _ = writeln!(text, "STOPPED   {reason}\n");
    }
    let departures = findings
        .iter()
        .filter(|group| group.finding.is_departure())
        .count();
    let failed = judgement.checks.iter().filter(|check| check.departs());
    let _ = writeln!(
        text,
        "{} checks, {} with departures; departures: {departures}, notes: {}",
        judgement.checks.len(),
        failed.collect::<Vec<&Check>>().len(),
        findings.len() - departures
    );
    let verdict = match judgement.verdict() {
        Verdict::Conforms => "conforms to the published contract",
        Verdict::Departs => "departs from the published contract",
        Verdict::Unjudged => "could not be judged",
    };
    let _ = writeln!(text, "{} {verdict}", judgement.subject);
    text
}

fn block(group: &Grouped) -> String {
    let finding = group.finding;
    let level = if finding.is_departure() {
        "DEPARTURE"
    } else {
        "note     "
    };
    let (shown, further) = group.checks.split_at(group.checks.len().min(MAX_CHECKS));
    let further = match further.len() {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    format!(
        "{level} {}: {}\n  expected: {}\n  seen:     {}\n  to do:    {}\n  in check: {}{further}\n\n",
        finding.rule.id(),
        finding.place,
        finding.expected,
        finding.seen,
        finding.rule.advice(),
        shown.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::judgement;

    #[test]
    fn text_groups_findings_and_counts_checks() {
        let expected = "\
DEPARTURE wrong-type: POST /datasets 201 /name
  expected: string
  seen:     <1> & \"2\"
  to do:    Send the value with its documented type; typed clients fail on any other.
  in check: first, second

note      undocumented-member: GET /jobs 200
  expected: no others
  seen:     x
  to do:    Clients ignore the member; document it, or remove it from the response.
  in check: third

STOPPED   connection refused

3 checks, 2 with departures; departures: 1, notes: 1
http://127.0.0.1:1 departs from the published contract
";
        assert_eq!(document(&judgement()), expected);
    }
}
