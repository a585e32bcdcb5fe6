//! SARIF 2.1.0: a result for each finding and each change, at its line of the file.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::file_report::{FileReport, Outcome};
use crate::findings::new_suggestion;
use restow_sdk::generated::types::{Change, Finding, Severity};

/// The document.
pub fn document(files: &[&FileReport]) -> String {
    let results: Vec<Value> = files.iter().flat_map(|file| results(file)).collect();
    let rules: BTreeSet<&str> = results
        .iter()
        .filter_map(|result| result["ruleId"].as_str())
        .collect();
    let rules: Vec<_> = rules.into_iter().map(|id| json!({ "id": id })).collect();
    let driver = json!({
        "name": "restow",
        "version": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules,
    });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "results": results }],
    });
    format!("{document:#}\n")
}

fn results(file: &FileReport) -> Vec<Value> {
    let findings = file
        .findings
        .iter()
        .map(|finding| of_finding(file, finding));
    let changes = file.changes.iter().map(|change| of_change(file, change));
    let failure = match &file.outcome {
        Outcome::Failed(code) => Some(result(file, code, "error", &file.message, None)),
        _ => None,
    };
    findings.chain(changes).chain(failure).collect()
}

fn of_finding(file: &FileReport, finding: &Finding) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let message = match new_suggestion(finding) {
        Some(suggestion) => format!("{} {suggestion}", finding.msg),
        None => finding.msg.clone(),
    };
    let rule = finding.type_.to_string();
    result(file, &rule, level, &message, finding.line)
}

fn of_change(file: &FileReport, change: &Change) -> Value {
    let is_refused = matches!(file.outcome, Outcome::Refused | Outcome::Rejected);
    let level = match (change.breaking, is_refused) {
        (true, true) => "error",
        (true, false) => "warning",
        (false, _) => "note",
    };
    result(file, &change.kind.to_string(), level, &change.msg, None)
}

fn result(file: &FileReport, rule: &str, level: &str, message: &str, line: Option<i64>) -> Value {
    let mut location = json!({ "artifactLocation": { "uri": uri(&file.path) } });
    if let Some(line) = line {
        location["region"] = json!({ "startLine": line });
    }
    json!({
        "ruleId": rule,
        "level": level,
        "message": { "text": message },
        "locations": [{ "physicalLocation": location }],
        "properties": { "dataset": &file.dataset },
    })
}

/// A path as a URI reference.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| {
            if is_plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::file_report::tests::files;
    use super::*;

    #[test]
    fn findings_and_changes_are_results() {
        let files = files();
        let document = document(&files.iter().collect::<Vec<_>>());
        let document: Value = document.parse().unwrap();
        let run = &document["runs"][0];
        let results = run["results"].as_array().unwrap();
        let text = |result: &Value| format!("{} {}", result["ruleId"], result["level"]);
        let expected = [
            r#""unclosed_quote" "error""#,
            r#""delimiter_detected" "note""#,
            r#""column_removed" "error""#,
            r#""column_added" "note""#,
        ];
        assert_eq!(results.iter().map(text).collect::<Vec<_>>(), expected);
        let location = json!({
            "artifactLocation": {"uri": "data/first%20file.csv"}, "region": {"startLine": 7},
        });
        assert_eq!(results[0]["locations"][0]["physicalLocation"], location);
        assert_eq!(
            results[0]["message"]["text"],
            "A quote | is <never> closed. State the quote."
        );
        assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 4);
    }
}
