//! What scripts rely on: JSON, identifiers, exit codes, and nothing in the way of them.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use restow_tests::FaultProxy;
use restow_tests::fault_proxy::Fault;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::shell::{Ran, Shell, server_url};
use crate::fixture::{PART_SIZE, System, csv, noise};

/// More than the command asks for at once, and than fits into a pipe.
const MANY: usize = 900;

/// Fails unless the value has these members.
fn assert_members(value: &Value, members: &[&str]) -> Result<()> {
    let missing: Vec<_> = members
        .iter()
        .filter(|member| value.get(**member).is_none())
        .collect();
    ensure!(missing.is_empty(), "{missing:?} of {value}");
    Ok(())
}

#[tokio::test]
async fn results_are_json_with_the_members_that_scripts_read() -> Result<()> {
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
    assert_eq!(pushed["schema_diff"]["compatible"], true);
    assert_members(&pushed, &["retries", "seconds"])?;

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
    assert_members(&preview, &["row_count", "columns", "sample", "schema_diff"])?;

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
async fn several_files_are_a_line_of_json_each() -> Result<()> {
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
async fn errors_are_json_with_the_codes_of_the_api() -> Result<()> {
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
    let ran = shell.ends(6, &["push", "rows.parquet", "--json"]).await?;
    let failed = system.client.find_dataset("rows").await?.id;
    let jobs = system
        .client
        .api()
        .list_jobs()
        .dataset_id(failed)
        .send()
        .await?
        .into_inner()
        .items;
    let reason = jobs[0].error.as_ref().context("the job has not failed")?;
    assert_eq!(ran.error()?["type"], reason.type_.as_str());
    let ran = shell
        .with("RESTOW_TOKEN", "unknown")
        .ends(3, &["dataset", "list", "--json"])
        .await?;
    assert_members(&ran.error()?, &["hint"])
}

#[tokio::test]
async fn quiet_commands_print_identifiers_alone() -> Result<()> {
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
    let jobs = system
        .client
        .api()
        .list_jobs()
        .dataset_id(id.parse::<uuid::Uuid>()?)
        .send()
        .await?
        .into_inner()
        .items;
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
async fn without_a_terminal_progress_is_plain_lines_beside_the_result() -> Result<()> {
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
            .contains("\nCompleting noise.bin: S3 puts 3 parts together\n"),
        "{ran:?}"
    );
    assert!(
        ran.stderr.contains("\nCommitting noise.bin\n")
            || ran.stderr.contains("\nInspecting noise.bin"),
        "{ran:?}"
    );
    Ok(())
}

/// Many datasets, made as fast as the server can.
async fn make_many(system: &System) -> Result<Vec<String>> {
    let client = system.server.client()?;
    let names: Vec<_> = (0..MANY)
        .map(|number| format!("dataset {number:04}"))
        .collect();
    let make = |name: &String| {
        client
            .api()
            .create_dataset()
            .body_map(|body| body.name(name.as_str()))
            .send()
    };
    stream::iter(names.iter().map(make))
        .buffered(8)
        .try_for_each(async |_| Ok(()))
        .await?;
    Ok(names)
}

#[tokio::test]
async fn lists_of_several_pages_are_whole_and_may_be_left_early() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let names = make_many(&system).await?;
    let listed = shell.json(&["dataset", "list"]).await?;
    let mut found: Vec<_> = listed
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one["name"].as_str())
        .collect();
    found.sort_unstable();
    assert_eq!(found, names);
    let ran = shell.run(&["dataset", "list"]).await?;
    assert_eq!(ran.stdout.lines().count(), MANY + 1);
    assert!(names.iter().all(|name| ran.stdout.contains(name)));

    for options in [&[][..], &["--json"], &["--quiet"]] {
        let mut command = shell.command(&[&["dataset", "list"][..], options].concat());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?)
            .read_line(&mut line)
            .await?;
        let ended = child.wait_with_output().await?;
        assert!(
            !line.is_empty() && ended.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&ended.stderr)
        );
        assert_eq!(ended.status.code(), Some(0), "{options:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_result_that_cannot_be_printed_is_an_error() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    // Every write to it fails for want of space.
    let mut command = tokio::process::Command::new("sh");
    command.args([
        "-c",
        &format!(
            "'{}' restow dataset create rows > /dev/full",
            crate::fixture::executable()
        ),
    ]);
    command
        .env("RESTOW_ENDPOINT", server_url(&system.client))
        .env("HOME", shell.path(""));
    command.env("RESTOW_TOKEN", system.server.token());
    if std::path::Path::new("/dev/full").exists() {
        let ran = Ran::of(command).await?;
        assert_eq!(
            (
                ran.code,
                ran.stderr.contains("cannot write to the standard output")
            ),
            (1, true),
            "{ran:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_list_that_breaks_off_is_json_all_the_same() -> Result<()> {
    let system = System::start()?;
    make_many(&system).await?;
    let proxy = FaultProxy::start(server_url(&system.client))?;
    proxy.inject(None, 2..=2, Fault::Refuse(400, "Odd"));
    let shell = Shell::at(&system)?.with("RESTOW_ENDPOINT", &proxy.url());
    let ran = shell.ends(8, &["dataset", "list", "--json"]).await?;
    assert!(
        proxy.heal() == 1 && ran.error()?["type"] == "foreign_answer",
        "{ran:?}"
    );
    // What the command asks for at once.
    assert_eq!(ran.json()?.as_array().map(Vec::len), Some(500));
    Ok(())
}

/// An end of a pipe that nobody reads from.
fn closed() -> Result<Stdio> {
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    Ok(writer.into())
}

#[tokio::test]
async fn work_goes_on_where_nobody_listens() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("noise.bin", noise(3 * PART_SIZE, 2))?;
    let mut command = shell.command(&["push", "noise.bin", "--create"]);
    let ended = command.stderr(closed()?).output().await?;
    assert_eq!(
        ended.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&ended.stdout)
    );
    let dataset_id = system.client.find_dataset("noise").await?.id;
    assert_eq!(system.read(dataset_id).await?, noise(3 * PART_SIZE, 2));
    let ended = shell
        .command(&["pull", "unknown"])
        .stderr(closed()?)
        .status()
        .await?;
    assert_eq!(ended.code(), Some(4));
    Ok(())
}

#[tokio::test]
async fn what_has_failed_fails_also_where_nobody_reads_on() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("rows.csv", "a,b\n1,2\n")?;
    shell.run(&["push", "rows.csv", "--create"]).await?;
    shell.write("rows.csv", "c\n3\n")?;
    let ended = shell
        .command(&["push", "rows.csv"])
        .stdout(closed()?)
        .stderr(Stdio::null())
        .status()
        .await?;
    assert_eq!(ended.code(), Some(7));
    let shell = shell.with("RESTOW_TOKEN", "restow_unknown");
    let ended = shell
        .command(&["doctor", "--quiet"])
        .stdout(closed()?)
        .stderr(Stdio::null())
        .status()
        .await?;
    assert_eq!(ended.code(), Some(1));
    Ok(())
}
