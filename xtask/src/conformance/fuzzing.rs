//! schemathesis against the running server, and what it came by.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::environment::sources;
use super::options::Options;
use super::python::Python;
use crate::openapi;
use crate::server::Server;
use crate::workspace::{renew, target};

/// How often each operation answered with each status.
type Answers = BTreeMap<String, BTreeMap<String, u64>>;

/// What the hooks have counted.
#[derive(Default)]
struct Summary {
    answers: Answers,
    /// Tests of each phase.
    phases: BTreeMap<String, u64>,
}

/// Phases that run together. Scenarios run by themselves: they would draw on what other phases left, whose state changes,
/// and a scenario that goes another way when it is played again ends the phase without a word.
const RUNS: [&str; 2] = ["examples,coverage,fuzzing", "stateful"];

/// Runs all phases with all checks, and prints how many tests each operation had.
///
/// # Errors
/// If a check fails, or an operation had fewer tests than it should or never succeeded.
pub fn run(python: &Python, server: &Server, options: &Options) -> Result<()> {
    let directory = target().join("conformance/schemathesis");
    renew(&directory)?;
    fs::write(directory.join("users.json"), users_of(server).to_string())?;
    let mut summary = Summary::default();
    let mut verdict = Ok(());
    for phases in RUNS {
        let outcome = schemathesis(python, server, options, phases);
        summary.add(&directory.join(SUMMARY))?;
        verdict = verdict.and(outcome);
    }
    let short = report(&summary, &operations()?, options.examples);
    verdict?;
    if !short.is_empty() {
        bail!(
            "too few tests, or none that succeeded: {}",
            short.join(", ")
        );
    }
    Ok(())
}

/// Operations whose success takes a token that a CI system has signed, or an administrator. The contract tests have both.
const NEEDS_OTHER_CALLERS: [&str; 2] = ["exchange_token", "list_events"];

/// The file that the hooks write at their end.
const SUMMARY: &str = "summary.json";

fn schemathesis(python: &Python, server: &Server, options: &Options, phases: &str) -> Result<()> {
    let directory = target().join("conformance/schemathesis");
    python.run("schemathesis", |command| {
        command.current_dir(&directory);
        command
            .arg("--config-file")
            .arg(sources().join("schemathesis.toml"))
            .arg("run")
            .arg(openapi::file());
        command.args([
            "--no-color",
            "--url",
            &server.api(),
            "--seed",
            &options.seed.to_string(),
            "--phases",
            phases,
        ]);
        command.args(["--max-examples", &options.examples.to_string()]);
        command.envs([
            ("RESTOW_API", server.api().as_str()),
            ("RESTOW_TOKEN", server.token()),
        ]);
        command
            .env("RESTOW_USERS", directory.join("users.json"))
            .env("RESTOW_SUMMARY", directory.join(SUMMARY))
    })
}

impl Summary {
    /// Adds what one run has counted, and removes its file.
    fn add(&mut self, file: &Path) -> Result<()> {
        let text = fs::read_to_string(file).context("schemathesis did not get as far as a test")?;
        fs::remove_file(file)?;
        let mut members: BTreeMap<String, Value> = serde_json::from_str(&text)?;
        let mut take = |name| {
            members
                .remove(name)
                .with_context(|| format!("{} has no {name}", file.display()))
        };
        let answers: Answers = serde_json::from_value(take("operations")?)?;
        for (operation, statuses) in answers {
            sum(self.answers.entry(operation).or_default(), statuses);
        }
        sum(&mut self.phases, serde_json::from_value(take("phases")?)?);
        Ok(())
    }
}

fn sum(counts: &mut BTreeMap<String, u64>, further: BTreeMap<String, u64>) {
    for (name, count) in further {
        *counts.entry(name).or_default() += count;
    }
}

/// Two principals in the form of the Web Fuzzing Commons.
fn users_of(server: &Server) -> Value {
    let user = |name, token| {
        let header = json!({ "name": "Authorization", "value": format!("Bearer {token}") });
        json!({ "name": name, "fixedHeaders": [header] })
    };
    json!({ "auth": [user("alice", server.token()), user("bob", server.other_token())] })
}

/// Names of the document's operations.
fn operations() -> Result<Vec<String>> {
    let document = openapi::read(&openapi::file())?;
    let items = document["paths"]
        .as_object()
        .into_iter()
        .flat_map(|paths| paths.values());
    let members = items
        .filter_map(Value::as_object)
        .flat_map(|item| item.values());
    Ok(members
        .filter_map(|member| Some(member.get("operationId")?.as_str()?.to_string()))
        .collect())
}

/// Prints a line for each operation and phase, and returns the names of those that were not tested enough.
fn report(summary: &Summary, operations: &[String], wanted: u64) -> Vec<String> {
    let none = BTreeMap::new();
    let mut short = Vec::new();
    println!("\n{:28} {:>6}  answers", "operation", "tests");
    for operation in operations {
        let statuses = summary.answers.get(operation).unwrap_or(&none);
        let tests: u64 = statuses.values().sum();
        let told: Vec<_> = statuses
            .iter()
            .map(|(status, count)| format!("{status}: {count}"))
            .collect();
        println!("{operation:28} {tests:>6}  {}", told.join(", "));
        let succeeded = statuses.keys().any(|status| status.starts_with('2'));
        if tests < wanted || !(succeeded || NEEDS_OTHER_CALLERS.contains(&operation.as_str())) {
            short.push(operation.clone());
        }
    }
    for phase in ["coverage", "fuzzing", "stateful"] {
        let tests = summary.phases.get(phase).copied().unwrap_or_default();
        println!("{phase:28} {tests:>6}");
        // A phase that cannot go on ends without a word.
        if tests < wanted {
            short.push(phase.to_string());
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Summary, report};

    #[test]
    fn what_has_few_tests_or_no_success_is_short() {
        let answers = r#"{"good": {"200": 3, "404": 7}, "few": {"201": 9}, "refused": {"401": 5, "422": 20}}"#;
        let phases = BTreeMap::from([("coverage".to_string(), 10), ("fuzzing".to_string(), 90)]);
        let summary = Summary {
            answers: serde_json::from_str(answers).unwrap(),
            phases,
        };
        let operations = ["good", "few", "refused", "forgotten"].map(str::to_string);
        assert_eq!(
            report(&summary, &operations, 10),
            ["few", "refused", "forgotten", "stateful"]
        );
    }
}
