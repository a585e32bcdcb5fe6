//! Text of the findings of an inspection.

use console::{StyledObject, style};

use crate::units;
use crate::wrap::wrapped;
use restow_sdk::generated::types::{Finding, Severity};

/// The findings in lines of at most `width` columns, and the number of those that are not listed.
pub fn lines(findings: &[Finding], total: i64, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = findings
        .iter()
        .flat_map(|finding| of_finding(finding, width))
        .collect();
    let omitted = units::unsigned(total).saturating_sub(findings.len() as u64);
    if omitted > 0 {
        lines.push(format!(
            "  … and {}",
            units::counted(omitted, "more finding")
        ));
    }
    lines
}

fn of_finding(finding: &Finding, width: usize) -> Vec<String> {
    let severity = severity(finding.severity);
    let text = format!("{}: {}", place(finding), finding.msg);
    let mut lines = wrapped("          ", &text, width);
    if let Some(first) = lines.first_mut() {
        *first = format!("  {severity:8}{}", first.trim_start());
    }
    if let Some(suggestion) = new_suggestion(finding) {
        lines.extend(wrapped("          → ", suggestion, width));
    }
    lines
}

/// The suggestion, unless the message ends with it.
pub fn new_suggestion(finding: &Finding) -> Option<&str> {
    let suggestion = finding.suggestion.as_deref()?;
    (!finding.msg.contains(suggestion)).then_some(suggestion)
}

/// The type of a finding, with its line unless the message names it.
pub fn place(finding: &Finding) -> String {
    match finding.line.map(|line| format!("line {line}")) {
        Some(line) if !finding.msg.contains(&line) => format!("{}, {line}", finding.type_),
        _ => finding.type_.to_string(),
    }
}

fn severity(severity: Severity) -> StyledObject<&'static str> {
    match severity {
        Severity::Error => style("error").red().bold(),
        Severity::Warning => style("warning").yellow().bold(),
        Severity::Info => style("info").cyan().bold(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn findings_state_severity_place_and_suggestion() {
        console::set_colors_enabled(false);
        let findings: Vec<Finding> = serde_json::from_value(json!([
            {"type": "ragged_rows", "severity": "error", "line": 7, "examples": [],
             "msg": "3 rows have 5 fields instead of 4.", "suggestion": "State the delimiter."},
            {"type": "single_column", "severity": "warning", "examples": [],
             "msg": "One column. State the delimiter.", "suggestion": "State the delimiter."},
        ]))
        .unwrap();
        let expected = [
            "  error   ragged_rows, line 7: 3 rows have 5",
            "          fields instead of 4.",
            "          → State the delimiter.",
            "  warning single_column: One column. State",
            "          the delimiter.",
            "  … and 2 more findings",
        ];
        assert_eq!(lines(&findings, 4, 44), expected);
        assert_eq!(lines(&findings, 2, 200).len(), 3);
    }
}
