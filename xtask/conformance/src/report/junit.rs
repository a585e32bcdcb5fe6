//! `JUnit` XML: a test case for each check, which fails if something departs from the contract.

use anyhow::Result;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::check::Check;
use crate::finding::Finding;
use crate::judgement::Judgement;

/// The document.
///
/// # Errors
/// If it cannot be serialized.
pub fn document(judgement: &Judgement) -> Result<String> {
    let mut suite = TestSuite::new("restow conformance");
    suite.set_time(judgement.checks.iter().map(|check| check.elapsed).sum());
    suite.add_test_cases(
        judgement
            .checks
            .iter()
            .map(|check| case(&judgement.subject, check)),
    );
    if let Some(reason) = &judgement.stopped {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type("unjudged").set_message(reason);
        suite.add_test_case(named("all checks are made", &judgement.subject, status));
    }
    let mut report = Report::new("restow conformance");
    report.add_test_suite(suite);
    Ok(report.to_string()?)
}

fn case(subject: &str, check: &Check) -> TestCase {
    let departure = check.findings.iter().find(|finding| finding.is_departure());
    let details: String = check.findings.iter().map(details).collect();
    let status = match departure {
        Some(first) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type(first.rule.id())
                .set_message(message(first))
                .set_description(&details);
            status
        }
        None => TestCaseStatus::success(),
    };
    let mut case = named(&check.name, subject, status);
    case.set_time(check.elapsed);
    if departure.is_none() && !details.is_empty() {
        case.set_system_out(&details);
    }
    case
}

fn named(name: &str, subject: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(subject);
    case
}

fn message(finding: &Finding) -> String {
    format!(
        "{}: expected {}, seen {}",
        finding.place, finding.expected, finding.seen
    )
}

fn details(finding: &Finding) -> String {
    let (rule, advice) = (finding.rule.id(), finding.rule.advice());
    format!("{rule}: {}. {advice}\n", message(finding))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::judgement;

    #[test]
    fn departing_checks_fail_and_a_stop_is_an_error() {
        let document = document(&judgement()).unwrap();
        let suite = r#"<testsuite name="restow conformance" tests="4" skipped="0" errors="1" failures="2" time="0.000">"#;
        assert!(document.contains(suite), "{document}");
        let failure = r#"<failure message="POST /datasets 201 /name: expected string, seen &lt;1&gt; &amp; &quot;2&quot;" type="wrong-type">"#;
        assert_eq!(document.matches(failure).count(), 2, "{document}");
        let error = r#"<error message="connection refused" type="unjudged"/>"#;
        assert!(document.contains(error), "{document}");
        assert_eq!(document.matches("<system-out>").count(), 1, "{document}");
    }
}
