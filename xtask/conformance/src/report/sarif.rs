//! SARIF 2.1.0: a result for each finding.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::finding::Rule;
use crate::judgement::{Grouped, Judgement};

/// The document.
pub fn document(judgement: &Judgement) -> String {
    let findings = judgement.findings();
    let rules: BTreeSet<Rule> = findings.iter().map(|group| group.finding.rule).collect();
    let rules: Vec<_> = rules.into_iter().map(described).collect();
    let results: Vec<_> = findings
        .iter()
        .map(|group| result(&judgement.subject, group))
        .collect();
    let driver = json!({
        "name": "restow conformance",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    let notifications: Vec<_> = judgement
        .stopped
        .iter()
        .map(|reason| json!({ "level": "error", "message": { "text": reason } }))
        .collect();
    let invocation = json!({
        "executionSuccessful": judgement.stopped.is_none(),
        "toolExecutionNotifications": notifications,
    });
    let run = json!({
        "tool": { "driver": driver },
        "invocations": [invocation],
        "results": results,
    });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    format!("{document:#}\n")
}

fn described(rule: Rule) -> Value {
    json!({ "id": rule.id(), "help": { "text": rule.advice() } })
}

fn result(subject: &str, group: &Grouped) -> Value {
    let finding = group.finding;
    let level = if finding.is_departure() {
        "error"
    } else {
        "note"
    };
    let text = format!(
        "{}: expected {}, seen {}. {}",
        finding.place,
        finding.expected,
        finding.seen,
        finding.rule.advice()
    );
    json!({
        "ruleId": finding.rule.id(),
        "level": level,
        "message": { "text": text },
        "locations": [{
            "physicalLocation": { "artifactLocation": { "uri": subject } },
            "logicalLocations": [{ "fullyQualifiedName": finding.place }],
        }],
        "properties": { "checks": group.checks },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::judgement;

    #[test]
    fn each_finding_is_one_result() {
        let document: Value = document(&judgement()).parse().unwrap();
        let run = &document["runs"][0];
        let results = run["results"].as_array().unwrap();
        let summary = |result: &Value| {
            let place = &result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
            json!([
                result["ruleId"],
                result["level"],
                place,
                result["properties"]["checks"]
            ])
        };
        let expected = [
            json!([
                "wrong-type",
                "error",
                "POST /datasets 201 /name",
                ["first", "second"]
            ]),
            json!(["undocumented-member", "note", "GET /jobs 200", ["third"]]),
        ];
        assert_eq!(results.iter().map(summary).collect::<Vec<_>>(), expected);
        assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 2);
        let invocation = &run["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
    }
}
