//! Output for scripts: JSON, identifiers, exit codes, and progress apart from them.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::server_state::jobs;
use super::shell::Shell;
use crate::fixture::{PART_SIZE, System, csv, noise};

/// Fails unless the value has all of `members`.
fn assert_members(value: &Value, members: &[&str]) -> Result<()> {
    let missing: Vec<_> = members
        .iter()
        .filter(|member| value.get(**member).is_none())
        .collect();
    ensure!(missing.is_empty(), "{missing:?} of {value}");
    Ok(())
}

#[tokio::test]
async fn push_has_documented_json_members() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", csv(5))?;
    let pushed = shell.json(&["push", "rows.csv", "--create"]).await?;
    let id = system.client.find_dataset("rows").await?.id.to_string();
    assert_eq!(
        (&pushed["dataset"]["id"], &pushed["dataset"]["name"]),
        (&id.as_str().into(), &"rows".into())
    );
    assert_eq!(
        (&pushed["status"], &pushed["version"], &pushed["row_count"]),
        (&"committed".into(), &1.into(), &5.into())
    );
    assert_eq!(
        (&pushed["file"], pushed["bytes_held"].as_u64()),
        (&"rows.csv".into(), Some(0))
    );
    assert_eq!(
        (pushed["file_size"].as_u64(), &pushed["bytes_sent"]),
        (Some(csv(5).len() as u64), &pushed["file_size"])
    );
    assert_eq!(pushed["schema_diff"]["verdict"], "compatible");
    assert_members(&pushed, &["retries", "seconds"])?;
    Ok(())
}

#[tokio::test]
async fn reads_have_documented_json_members() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", csv(5))?;
    let pushed = shell.json(&["push", "rows.csv", "--create"]).await?;
    let job_id = pushed["job_id"].as_str().context("no job")?;
    let job = shell.json(&["job", "show", job_id]).await?;
    assert_eq!(
        (&job["id"], &job["status"], &job["version"]),
        (&job_id.into(), &"committed".into(), &1.into())
    );
    let preview = shell.json(&["preview", job_id]).await?;
    assert_eq!(
        (&preview["job_id"], &preview["format"]),
        (&job_id.into(), &"csv".into())
    );
    assert_members(
        &preview,
        &["row_count", "columns", "sample", "findings", "schema_diff"],
    )?;

    let pulled = shell.json(&["pull", "rows", "-o", "pulled.csv"]).await?;
    assert_eq!(
        (&pulled["path"], &pulled["version"]),
        (&"pulled.csv".into(), &1.into())
    );
    assert_members(
        &pulled,
        &[
            "dataset",
            "filename",
            "file_size",
            "etag",
            "bytes_held",
            "verification",
            "seconds",
        ],
    )?;
    Ok(())
}

#[tokio::test]
async fn lists_have_documented_json_members() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", csv(5))?;
    shell.json(&["push", "rows.csv", "--create"]).await?;
    for (list, member) in [
        (&["dataset", "list"][..], "id"),
        (&["jobs", "rows"], "id"),
        (&["versions", "rows"], "version"),
    ] {
        let listed = shell.json(list).await?;
        assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
        assert_members(&listed[0], &[member, "created_at"])?;
    }
    assert_eq!(
        shell
            .json(&["dataset", "list", "--name", "unknown"])
            .await?,
        Value::Array(vec![])
    );
    assert_members(
        &shell.json(&["dataset", "show", "rows"]).await?,
        &["id", "name", "current_version"],
    )
}

#[tokio::test]
async fn several_files_print_one_line_each() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("a.csv", csv(1))?;
    shell.write("b.csv", csv(2))?;
    let ran = shell
        .ends(
            1,
            &[
                "push",
                "a.csv",
                "missing.csv",
                "b.csv",
                "--create",
                "--json",
            ],
        )
        .await?;
    let lines = ran
        .stdout
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<Vec<Value>, _>>()?;
    let mut files: Vec<_> = lines
        .iter()
        .filter_map(|line| line["file"].as_str())
        .collect();
    files.sort_unstable();
    assert_eq!(files, ["a.csv", "b.csv"]);
    assert_eq!(ran.error()?["file"], "missing.csv");
    Ok(())
}

#[tokio::test]
async fn json_errors_have_api_codes() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", csv(1))?;
    shell.write("rows.parquet", csv(1))?;
    system.dataset("rows").await?;
    let unknown = uuid::Uuid::nil().to_string();
    for (code, arguments, error_type) in [
        (4, &["dataset", "show", "unknown"][..], "not_found"),
        (4, &["job", "show", &unknown], "not_found"),
        (4, &["pull", "rows"], "not_found"),
        (5, &["dataset", "create", "rows"], "name_taken"),
        (
            5,
            &["push", "rows.csv", "--replaces", "3"],
            "version_conflict",
        ),
        (1, &["push", "missing.csv"], "error"),
        (2, &["dataset", "delete", "rows"], "usage"),
    ] {
        let ran = shell.ends(code, &[arguments, &["--json"]].concat()).await?;
        assert_eq!(ran.error()?["type"], error_type, "{arguments:?}");
        assert_eq!(ran.stdout, "", "{arguments:?}");
    }
    let ran = shell.ends(9, &["push", "rows.parquet", "--json"]).await?;
    let failed = system.client.find_dataset("rows").await?.id;
    let jobs = jobs(&system, failed).await?;
    let reason = jobs[0].error.as_ref().context("the job is not rejected")?;
    assert_eq!(ran.error()?["type"], reason.type_.as_str());
    let ran = shell
        .with("RESTOW_TOKEN", "unknown")
        .ends(3, &["dataset", "list", "--json"])
        .await?;
    assert_members(&ran.error()?, &["hint"])
}

#[tokio::test]
async fn quiet_prints_only_identifiers() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", csv(1))?;
    let quiet = async |arguments: &[&str]| -> Result<String> {
        let ran = shell.run(&[arguments, &["--quiet"]].concat()).await?;
        ensure!(ran.stderr.is_empty(), "{ran:?}");
        Ok(ran.line().to_string())
    };
    let id = quiet(&["dataset", "create", "rows"]).await?;
    assert_eq!(id, system.client.find_dataset("rows").await?.id.to_string());
    let job_id = quiet(&["push", "rows.csv", "--commit", "never"]).await?;
    let jobs = jobs(&system, id.parse::<uuid::Uuid>()?).await?;
    assert_eq!((jobs.len(), jobs[0].id.to_string()), (1, job_id.clone()));
    assert_eq!(quiet(&["job", "wait", &job_id]).await?, job_id);
    assert_eq!(quiet(&["job", "commit", &job_id]).await?, "1");
    for (arguments, expected) in [
        (&["dataset", "list"][..], id.as_str()),
        (&["dataset", "show", "rows"], &id),
        (&["jobs", "rows"], &job_id),
        (&["preview", &job_id], &job_id),
        (&["versions", "rows"], "1"),
        (&["pull", "rows", "-o", "copy.csv"], "copy.csv"),
        (&["doctor"], ""),
        (&["dataset", "delete", "rows", "--yes"], &id),
    ] {
        assert_eq!(quiet(arguments).await?, expected, "{arguments:?}");
    }
    Ok(())
}

#[tokio::test]
async fn progress_without_terminal_is_plain_lines() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("noise.bin", noise(2 * PART_SIZE + 1, 1))?;
    let ran = shell.run(&["push", "noise.bin", "--create"]).await?;
    assert!(
        !ran.stdout.contains('\u{1b}') && !ran.stderr.contains(['\u{1b}', '\r']),
        "{ran:?}"
    );
    let first = ran.stderr.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("Uploading noise.bin: 0 %, 0 B of 10.0 MiB, 0 of 3 parts"),
        "{ran:?}"
    );
    assert!(
        ran.stderr
            .contains("\nCompleting noise.bin: S3 is assembling 3 parts\n"),
        "{ran:?}"
    );
    assert!(
        ran.stderr.contains("\nCommitting noise.bin\n")
            || ran.stderr.contains("\nInspecting noise.bin"),
        "{ran:?}"
    );
    Ok(())
}
