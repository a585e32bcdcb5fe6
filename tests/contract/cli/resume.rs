//! Interrupted uploads that are resumed.

use anyhow::{Context, Result, ensure};
use restow_tests::fault_proxy::{Fault, Operation};

use super::server_state::jobs;
use super::shell::{Shell, server_url};
use super::terminal::{CTRL_C, signal};
use crate::fixture::{FaultyLine, PART_SIZE, assert_invariants, csv, eventually, noise};

/// Columns in which a bar has room for all details.
const WIDE: u16 = 160;

/// A fault proxy on which the third of four parts hangs.
fn line_without_third_part() -> Result<(FaultyLine, Shell)> {
    let line = FaultyLine::start()?;
    line.proxy
        .inject(Operation::UploadPart(3), 1.., Fault::Hang);
    let shell = Shell::at(&line.system)?;
    shell.write("my noise.bin", noise(3 * PART_SIZE + 1000, 1))?;
    Ok((line, shell))
}

/// Fails unless the version is complete, and only the third part was sent twice.
async fn assert_only_third_part_was_sent_again(line: &FaultyLine) -> Result<()> {
    let dataset = line.system.client.find_dataset("my noise").await?;
    assert_eq!(dataset.current_version, Some(1));
    assert_eq!(
        line.system.read(dataset.id).await?,
        noise(3 * PART_SIZE + 1000, 1)
    );
    let jobs = jobs(&line.system, dataset.id).await?;
    ensure!(jobs.len() == 1, "there was more than one upload: {jobs:?}");
    let mut puts = line.puts(jobs[0].id);
    puts.sort_unstable();
    assert_eq!(puts, [1, 2, 3, 3, 4]);
    assert_invariants(&line.system, &line.system.bucket()).await
}

#[tokio::test]
async fn suggested_command_sends_only_missing_parts() -> Result<()> {
    let (line, shell) = line_without_third_part()?;
    // Without RESTOW_ENDPOINT, the suggested command needs --endpoint.
    let (shell, endpoint) = (
        shell.without("RESTOW_ENDPOINT"),
        server_url(&line.system.client),
    );
    let terminal = shell.terminal(
        WIDE,
        &["push", "my noise.bin", "--create", "--endpoint", endpoint],
    )?;
    terminal.shows("3 of 4 parts").await;
    assert!(!terminal.text().contains("retry"), "{}", terminal.text());
    terminal.press(CTRL_C).await?;
    let ended = terminal.ended().await?;
    assert_eq!(ended.code, 130, "{}", ended.text());
    let text = ended.text();
    let (error, command) = text
        .split_once("uploaded parts are kept; to resume: ")
        .context("no command to resume")?;
    // The bar also counted bytes of the part that hangs.
    let expected = "error: interrupted: S3 has 10.0 MiB of 15.0 MiB\n hint:";
    assert_eq!(error.trim(), expected, "{text}");
    let expected =
        format!("restow push 'my noise.bin' --dataset 'my noise' --create --endpoint {endpoint}");
    assert_eq!(command.trim(), expected);

    line.proxy.heal();
    let ended = shell.terminal_of_sh(WIDE, command.trim())?.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    assert_resumed(&ended.text());
    assert_only_third_part_was_sent_again(&line).await
}

/// Fails unless the output reports a resumed upload and its version.
fn assert_resumed(text: &str) {
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[0].starts_with("my noise.bin: resuming job "),
        "{text}"
    );
    assert!(
        lines[0].ends_with(": S3 has 3 of 4 parts (10.0 MiB of 15.0 MiB)"),
        "{text}"
    );
    assert!(
        lines[1].starts_with("✓ my noise is at version 1: my noise.bin"),
        "{text}"
    );
    assert!(
        lines[2].contains("5.0 MiB sent, 10.0 MiB resumed"),
        "{text}"
    );
}

#[tokio::test]
async fn several_interrupted_files_resume_together() -> Result<()> {
    let (line, shell) = line_without_third_part()?;
    shell.write("other.bin", noise(3 * PART_SIZE + 1000, 2))?;
    shell.write("small.csv", csv(10))?;
    let terminal = shell.terminal(
        WIDE,
        &["push", "my noise.bin", "small.csv", "other.bin", "--create"],
    )?;
    terminal.shows("small is at version 1").await;
    eventually("three parts of both", async || {
        (terminal.text().matches("3 of 4 parts").count() == 2).then_some(())
    })
    .await;
    terminal.press(CTRL_C).await?;
    let ended = terminal.ended().await?;
    assert_eq!(ended.code, 130, "{}", ended.text());
    let command = "restow push 'my noise.bin' other.bin --create";
    // The file that was pushed is not in the suggested command.
    let expected = format!(
        "error: interrupted: S3 has 20.0 MiB of 30.0 MiB\n hint: uploaded parts are kept; to resume: {command}"
    );
    assert!(ended.text().trim().ends_with(&expected), "{}", ended.text());

    line.proxy.heal();
    let ended = shell.terminal_of_sh(WIDE, command)?.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    assert_eq!(
        ended.text().matches(": S3 has 3 of 4 parts").count(),
        2,
        "{}",
        ended.text()
    );
    assert_only_third_part_was_sent_again(&line).await
}

#[tokio::test]
async fn killed_push_is_resumed() -> Result<()> {
    let (line, shell) = line_without_third_part()?;
    let arguments = ["push", "my noise.bin", "--create"];
    let mut child = shell
        .command(&arguments)
        .stderr(std::process::Stdio::null())
        .spawn()?;
    // S3 has all other parts.
    eventually("three parts with S3", async || {
        (uploaded_parts(&line).await.ok()? == [1, 2, 4]).then_some(())
    })
    .await;
    child.kill().await?;

    line.proxy.heal();
    let pushed = shell
        .run(&[&arguments[..], &["--json"]].concat())
        .await?
        .json()?;
    assert_eq!(
        pushed["bytes_held"].as_u64(),
        Some(2 * PART_SIZE as u64 + 1000)
    );
    assert_eq!(pushed["bytes_sent"].as_u64(), Some(PART_SIZE as u64));
    assert_only_third_part_was_sent_again(&line).await
}

/// Numbers of the parts that S3 has.
async fn uploaded_parts(line: &FaultyLine) -> Result<Vec<u64>> {
    let api = line.system.client.api();
    let dataset = line.system.client.find_dataset("my noise").await?;
    let jobs = api
        .list_jobs()
        .dataset_id(dataset.id)
        .send()
        .await?
        .into_inner()
        .items;
    let job = jobs.first().context("no job")?;
    let parts = api
        .list_parts()
        .job_id(job.id)
        .send()
        .await?
        .into_inner()
        .items;
    parts
        .iter()
        .map(|part| Ok(u64::try_from(part.part_number)?))
        .collect()
}

#[tokio::test]
async fn signals_leave_a_resumable_push() -> Result<()> {
    for (name, code) in [("TERM", 143), ("HUP", 129)] {
        let (line, shell) = line_without_third_part()?;
        let arguments = ["push", "my noise.bin", "--create", "--json"];
        let mut command = shell.command(&arguments);
        let child = command
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()?;
        eventually("three parts with S3", async || {
            (uploaded_parts(&line).await.ok()? == [1, 2, 4]).then_some(())
        })
        .await;
        signal(name, child.id()).await?;
        let ended = child.wait_with_output().await?;
        assert_eq!(ended.status.code(), Some(code));
        let error: serde_json::Value = serde_json::from_slice(&ended.stderr)?;
        assert_eq!(error["error"]["type"], "interrupted");
        assert!(
            error["error"]["hint"]
                .as_str()
                .is_some_and(|hint| hint.contains("to resume: restow push")),
            "{error}"
        );

        line.proxy.heal();
        shell.run(&arguments).await?;
        assert_only_third_part_was_sent_again(&line).await?;
    }
    Ok(())
}

#[tokio::test]
async fn push_under_nohup_survives_a_hang_up() -> Result<()> {
    let line = FaultyLine::start()?;
    let shell = Shell::at(&line.system)?;
    shell.write("noise.bin", noise(2 * PART_SIZE, 1))?;
    let held = line.proxy.hold(Operation::UploadPart(2));
    let push = shell.command(&["push", "noise.bin", "--create", "--json"]);
    let push = push.as_std();
    let variables = push
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    let child = tokio::process::Command::new("/usr/bin/nohup")
        .arg(push.get_program())
        .args(push.get_args())
        .env_clear()
        .envs(variables)
        .current_dir(shell.path(""))
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    eventually("the second part", async || held.is_reached().then_some(())).await;
    signal("HUP", child.id()).await?;
    held.release();
    let ended = child.wait_with_output().await?;
    assert_eq!(ended.status.code(), Some(0));
    let pushed: serde_json::Value = serde_json::from_slice(&ended.stdout)?;
    assert_eq!(pushed["status"], "committed");
    Ok(())
}

#[tokio::test]
async fn no_resume_starts_a_new_upload() -> Result<()> {
    let (line, shell) = line_without_third_part()?;
    let arguments = ["push", "my noise.bin", "--create", "--no-resume"];
    let terminal = shell.terminal(WIDE, &arguments)?;
    terminal.shows("3 of 4 parts").await;
    terminal.press(CTRL_C).await?;
    let ended = terminal.ended().await?;
    assert!(
        ended.code == 130 && ended.text().contains("--create --no-resume"),
        "{}",
        ended.text()
    );

    line.proxy.heal();
    let pushed = shell
        .run(&[&arguments[..], &["--json"]].concat())
        .await?
        .json()?;
    assert_eq!(pushed["bytes_held"], 0);
    assert_eq!(
        pushed["bytes_sent"].as_u64(),
        Some(3 * PART_SIZE as u64 + 1000)
    );
    Ok(())
}
