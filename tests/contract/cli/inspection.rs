//! Files that are rejected, read with options, or refused for their changes, and reports about them.

use anyhow::{Context, Result};
use restow_sdk::generated::types::JobStatus;
use serde_json::Value;
use uuid::Uuid;

use super::server_state::jobs;
use super::shell::{Ran, Shell};
use crate::fixture::{System, csv};

/// A shell with the dataset `rows`.
async fn with_dataset() -> Result<(System, Shell, Uuid)> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("rows").await?;
    Ok((system, shell, dataset_id))
}

/// The words of the command that follows a label.
fn command_after<'a>(ran: &'a Ran, label: &str) -> Result<Vec<&'a str>> {
    let mut lines = ran.stdout.lines();
    let line = lines
        .find_map(|line| line.split_once(label))
        .with_context(|| format!("no {label:?} in {ran:?}"))?
        .1;
    Ok(line.split_whitespace().skip(1).collect())
}

#[tokio::test]
async fn rejected_file_is_inspected_again_without_upload() -> Result<()> {
    let (system, shell, dataset_id) = with_dataset().await?;
    shell.write("rows.parquet", csv(5))?;
    let ran = shell.ends(9, &["push", "rows.parquet"]).await?;
    let job = jobs(&system, dataset_id).await?.remove(0);
    assert_eq!(job.status, JobStatus::Rejected);
    let id = job.id.to_string();
    for expected in [
        "the content was rejected",
        "\n  error   ",
        &format!("restow job inspect {id}"),
        &format!("restow job commit {id} --accept uninspected"),
    ] {
        assert!(ran.stderr.contains(expected), "{expected}: {ran:?}");
    }
    let waited = shell.ends(9, &["job", "wait", &id, "--json"]).await?;
    let error = waited.error()?;
    assert_eq!(error["job_id"], id);
    assert_eq!(error["findings"][0]["severity"], "error");
    let preview = shell.run(&["preview", &id]).await?;
    assert!(preview.stdout.contains("Findings\n  error"), "{preview:?}");

    let inspect = ["job", "inspect", &id, "--format", "csv"];
    let ran = shell.run(&inspect).await?;
    assert!(ran.stdout.starts_with("csv: 5 rows, 2 columns"), "{ran:?}");
    assert_eq!(shell.json(&inspect).await?["row_count"], 5);
    shell.run(&["job", "commit", &id]).await?;
    assert_eq!(system.read(dataset_id).await?, csv(5));
    assert_eq!(jobs(&system, dataset_id).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn rejected_file_is_committed_uninspected_on_request() -> Result<()> {
    let (system, shell, dataset_id) = with_dataset().await?;
    shell.write("rows.parquet", csv(5))?;
    shell.ends(9, &["push", "rows.parquet"]).await?;
    let id = jobs(&system, dataset_id).await?.remove(0).id.to_string();
    shell.ends(5, &["job", "commit", &id]).await?;
    assert_eq!(system.current_version(dataset_id).await?, None);
    let commit = ["job", "commit", &id, "--accept", "uninspected"];
    let version = shell.json(&commit).await?;
    assert_eq!(version["row_count"], Value::Null);
    assert_eq!(system.read(dataset_id).await?, csv(5));

    // The same in one command.
    shell.write("rows.parquet", csv(6))?;
    let push = ["push", "rows.parquet", "--accept", "uninspected"];
    shell.run(&push).await?;
    assert_eq!(system.read(dataset_id).await?, csv(6));
    Ok(())
}

#[tokio::test]
async fn read_options_are_believed() -> Result<()> {
    let (_system, shell, _) = with_dataset().await?;
    shell.write("rows.csv", "1;2,5\n2;3,5\n")?;
    let options = ["--delimiter", ";", "--no-header", "--decimal", ","];
    let push = [&["push", "rows.csv"][..], &options].concat();
    let pushed = shell.json(&push).await?;
    assert_eq!(
        (&pushed["row_count"], &pushed["version"]),
        (&2.into(), &1.into())
    );
    let job_id = pushed["job_id"].as_str().context("no job")?;
    let preview = shell.json(&["preview", job_id]).await?;
    assert_eq!(preview["columns"][1]["type"], "float");
    assert_eq!(preview["dialect"]["delimiter"], ";");
    let shown = shell.run(&["preview", job_id]).await?.stdout;
    assert!(
        shown.contains("delimiter ';'") && shown.contains("no header"),
        "{shown}"
    );

    shell.write("rows.csv", "not;a\ntable\"\n")?;
    let pushed = shell.json(&["push", "rows.csv", "--no-inspect"]).await?;
    assert_eq!(
        (&pushed["row_count"], &pushed["version"]),
        (&Value::Null, &2.into())
    );
    Ok(())
}

#[tokio::test]
async fn policy_is_shown_set_and_reset() -> Result<()> {
    let (_system, shell, _) = with_dataset().await?;
    let policy = ["dataset", "policy", "rows"];
    let shown = shell.run(&policy).await?.stdout;
    assert!(shown.contains("refuse where breaking (default)"), "{shown}");
    let set = ["--refuse", "column_added", "--max-row-loss", "0.5"];
    shell.run(&[&policy[..], &set].concat()).await?;
    let stored = shell.json(&policy).await?;
    assert_eq!(
        (&stored["column_added"], &stored["max_row_loss"]),
        (&"refuse".into(), &0.5.into())
    );
    let reset = ["--reset", "--auto-commit"];
    let stored = shell.json(&[&policy[..], &reset].concat()).await?;
    assert_eq!(stored["auto_commit"], true);
    assert_eq!(stored.get("column_added"), None);
    Ok(())
}

#[tokio::test]
async fn policy_refuses_until_changes_are_accepted() -> Result<()> {
    let (system, shell, dataset_id) = with_dataset().await?;
    let set = [
        "dataset",
        "policy",
        "rows",
        "--refuse",
        "column_added,rows_lost",
    ];
    shell.run(&set).await?;
    shell.write("rows.csv", "a\n1\n2\n3\n4\n")?;
    shell.run(&["push", "rows.csv"]).await?;
    shell.write("rows.csv", "a,b\n1,1\n")?;
    let ran = shell.ends(7, &["push", "rows.csv"]).await?;
    assert!(
        ran.stdout.contains("the policy refuses its changes"),
        "{ran:?}"
    );
    let commit = command_after(&ran, "To commit it:")?;
    let refused = ["job", "commit", commit[2], "--json"];
    let refused = shell.ends(7, &refused).await?.error()?;
    assert_eq!(refused["type"], "breaking_change");
    let changes = refused["changes"].as_array().context("no changes")?;
    let mut kinds: Vec<_> = changes
        .iter()
        .filter_map(|change| change["kind"].as_str())
        .collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["column_added", "rows_lost"]);
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    shell.run(&commit).await?;
    assert_eq!(system.current_version(dataset_id).await?, Some(2));
    Ok(())
}

#[tokio::test]
async fn same_bytes_make_no_version_unless_forced() -> Result<()> {
    let (system, shell, dataset_id) = with_dataset().await?;
    shell.write("rows.csv", csv(5))?;
    shell.run(&["push", "rows.csv"]).await?;
    let ran = shell.run(&["push", "rows.csv"]).await?;
    assert!(
        ran.stdout
            .starts_with("✓ rows stays at version 1: rows.csv"),
        "{ran:?}"
    );
    let pushed = shell.json(&["push", "rows.csv"]).await?;
    assert_eq!(
        (&pushed["unchanged"], &pushed["schema_diff"]["verdict"]),
        (&true.into(), &"identical".into())
    );
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    shell.run(&["push", "rows.csv", "--force"]).await?;
    assert_eq!(system.current_version(dataset_id).await?, Some(2));
    Ok(())
}

#[tokio::test]
async fn diff_compares_two_versions() -> Result<()> {
    let (system, shell, dataset_id) = with_dataset().await?;
    for content in ["a\n1\n", "a,b\n1,2\n", "a\n3\n"] {
        system
            .publish(dataset_id, "rows.csv", content.into())
            .await?;
    }
    let shown = shell.run(&["diff", "rows", "1", "2"]).await?.stdout;
    assert!(
        shown.starts_with("Compared with version 1\n  + ") && shown.contains("`b`"),
        "{shown}"
    );
    let to_current = shell.json(&["diff", "rows", "2"]).await?;
    assert_eq!(to_current["verdict"], "breaking");
    assert_eq!(to_current["changes"][0]["kind"], "column_removed");
    assert_eq!(
        shell.run(&["diff", "rows", "2", "--quiet"]).await?.line(),
        "breaking"
    );
    shell.ends(4, &["diff", "rows", "9"]).await?;
    shell.ends(2, &["diff", "rows", "0"]).await?;
    Ok(())
}

/// Whether SARIF has an error about a file.
fn has_error(sarif: &Value, file: &str) -> bool {
    let results = sarif["runs"][0]["results"].as_array();
    results.into_iter().flatten().any(|result| {
        let location = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        result["level"] == "error" && *location == *file
    })
}

#[tokio::test]
async fn reports_name_every_file() -> Result<()> {
    let (_system, shell, _) = with_dataset().await?;
    shell.write("rows.parquet", csv(5))?;
    shell.write("good.csv", csv(3))?;
    let push = [
        "push",
        "rows.parquet",
        "good.csv",
        "missing.csv",
        "--create",
    ];
    let reports = [
        "--report=markdown",
        "--report=junit=r.xml",
        "--report=sarif=r.sarif",
    ];
    let ran = shell.ends(1, &[&push[..], &reports].concat()).await?;
    for expected in [
        "| rows.parquet | rows | **rejected** |",
        "| good.csv | good | version 1 |",
        "| missing.csv | missing | **failed** (error) |",
    ] {
        assert!(ran.stdout.contains(expected), "{expected}: {ran:?}");
    }
    let junit = String::from_utf8(shell.read("r.xml")?.to_vec())?;
    assert!(
        junit.contains("tests=\"3\" failures=\"1\" errors=\"1\""),
        "{junit}"
    );
    let sarif = serde_json::from_slice(&shell.read("r.sarif")?)?;
    for file in ["rows.parquet", "missing.csv"] {
        assert!(has_error(&sarif, file), "{file}: {sarif}");
    }
    // Two documents do not fit on the standard output.
    let both = ["push", "good.csv", "--report", "junit", "--json"];
    shell.ends(2, &both).await?;
    Ok(())
}
