//! Uploads that are broken off, and gone on with.

use anyhow::{Context, Result, ensure};
use restow_tests::fault_proxy::{Fault, Operation, Seen};
use tokio::process::Command;

use super::shell::{Shell, server_url};
use super::terminal::CTRL_C;
use crate::fixture::{FaultyLine, PART_SIZE, Proxied, assert_invariants, csv, eventually, noise};

/// Columns in which a bar has room for all that it has to tell.
const WIDE: u16 = 160;

/// A line on which the third of four parts does not come through.
fn line_without_third_part() -> Result<(FaultyLine, Shell)> {
    let line = FaultyLine::start()?;
    line.proxy
        .inject(Operation::UploadPart(3), 1.., Fault::Hang);
    let shell = Shell::at(&line.system)?;
    shell.write("my noise.bin", noise(3 * PART_SIZE + 1000, 1))?;
    Ok((line, shell))
}

/// Fails unless the dataset has all of the file, and what S3 held was not sent again.
async fn assert_only_third_part_was_sent_again(line: &FaultyLine) -> Result<()> {
    let dataset = line.system.client.find_dataset("my noise").await?;
    assert_eq!(dataset.current_version, Some(1));
    assert_eq!(
        line.system.read(dataset.id).await?,
        noise(3 * PART_SIZE + 1000, 1)
    );
    let jobs = line
        .system
        .client
        .api()
        .list_jobs()
        .dataset_id(dataset.id)
        .send()
        .await?
        .into_inner()
        .items;
    ensure!(jobs.len() == 1, "there was more than one upload: {jobs:?}");
    let mut puts = line.puts(jobs[0].id);
    puts.sort_unstable();
    assert_eq!(puts, [1, 2, 3, 3, 4]);
    assert_invariants(&line.system, &line.system.bucket()).await
}

#[tokio::test]
async fn the_command_that_an_interrupted_push_names_sends_only_what_is_missing() -> Result<()> {
    let (line, shell) = line_without_third_part()?;
    // What the environment does not tell, the command has to.
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
    let (said, command) = text
        .split_once("what S3 holds is kept; to resume: ")
        .context("no way to go on")?;
    assert_eq!(said.trim(), "error: interrupted\n hint:", "{text}");
    let expected =
        format!("restow push 'my noise.bin' --dataset 'my noise' --create --endpoint {endpoint}");
    assert_eq!(command.trim(), expected);

    line.proxy.heal();
    let ended = shell.terminal_of_sh(WIDE, command.trim())?.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    let text = ended.text();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[0].starts_with("my noise.bin: resuming job "),
        "{text}"
    );
    assert!(
        lines[0].ends_with(": S3 holds 3 of 4 parts (10.0 MiB of 15.0 MiB)"),
        "{text}"
    );
    assert!(
        lines[1].starts_with("✓ my noise is at version 1: my noise.bin"),
        "{text}"
    );
    assert!(
        lines[2].contains("5.0 MiB sent, 10.0 MiB were there already"),
        "{text}"
    );
    assert_only_third_part_was_sent_again(&line).await
}

#[tokio::test]
async fn an_interruption_before_there_is_a_bar_leaves_the_lines_above_alone() -> Result<()> {
    let proxied = Proxied::start_with(&[])?;
    proxied.system.dataset("noise").await?;
    proxied
        .proxy
        .inject(Operation::CreateMultipartUpload, 1.., Fault::Hang);
    let shell = Shell::at(&proxied.system)?;
    shell.write("noise.bin", noise(2 * PART_SIZE, 1))?;
    let terminal = shell.terminal_of_sh(WIDE, "echo before; restow push noise.bin")?;
    let is_asked = |seen: &Seen| seen.operation == Operation::CreateMultipartUpload;
    eventually("a job to be made", async || {
        proxied.proxy.seen().iter().any(is_asked).then_some(())
    })
    .await;
    terminal.press(CTRL_C).await?;
    let text = terminal.ended().await?.text();
    assert!(
        text.starts_with("before\nerror: interrupted\n hint: "),
        "{text}"
    );
    Ok(())
}

#[tokio::test]
async fn several_files_are_interrupted_and_gone_on_with_together() -> Result<()> {
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
    // What is done is not done again.
    let expected =
        format!("error: interrupted\n hint: what S3 holds is kept; to resume: {command}");
    assert!(ended.text().trim().ends_with(&expected), "{}", ended.text());

    line.proxy.heal();
    let ended = shell.terminal_of_sh(WIDE, command)?.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    assert_eq!(
        ended.text().matches(": S3 holds 3 of 4 parts").count(),
        2,
        "{}",
        ended.text()
    );
    assert_only_third_part_was_sent_again(&line).await
}

#[tokio::test]
async fn a_push_that_was_killed_is_gone_on_with_by_the_same_command() -> Result<()> {
    let (line, shell) = line_without_third_part()?;
    let arguments = ["push", "my noise.bin", "--create"];
    let mut child = shell
        .command(&arguments)
        .stderr(std::process::Stdio::null())
        .spawn()?;
    // S3 has what it does not miss.
    eventually("three parts with S3", async || {
        (held(&line).await.ok()? == [1, 2, 4]).then_some(())
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

/// Numbers of the parts that S3 holds.
async fn held(line: &FaultyLine) -> Result<Vec<u64>> {
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
async fn sigterm_ends_a_push_without_a_terminal_in_good_order() -> Result<()> {
    let (line, shell) = line_without_third_part()?;
    let arguments = ["push", "my noise.bin", "--create", "--json"];
    let mut command = shell.command(&arguments);
    let child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()?;
    eventually("three parts with S3", async || {
        (held(&line).await.ok()? == [1, 2, 4]).then_some(())
    })
    .await;
    signal("TERM", child.id()).await?;
    let ended = child.wait_with_output().await?;
    assert_eq!(ended.status.code(), Some(130));
    let told: serde_json::Value = serde_json::from_slice(&ended.stderr)?;
    assert_eq!(told["error"]["type"], "interrupted");
    assert!(
        told["error"]["hint"]
            .as_str()
            .is_some_and(|hint| hint.contains("to resume: restow push")),
        "{told}"
    );

    line.proxy.heal();
    shell.run(&arguments).await?;
    assert_only_third_part_was_sent_again(&line).await
}

#[tokio::test]
async fn who_asks_for_a_new_beginning_gets_one() -> Result<()> {
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

#[tokio::test]
async fn a_second_interruption_does_not_wait_for_what_the_first_one_began() -> Result<()> {
    let line = FaultyLine::start()?;
    line.proxy.inject(None, 1.., Fault::Hang);
    let shell = Shell::at(&line.system)?;
    let terminal = shell.terminal(WIDE, &["doctor"])?;
    eventually("an upload under way", async || {
        (!line.proxy.seen().is_empty()).then_some(())
    })
    .await;
    // Doctor removes what it made before it ends, which a server that stands still does not let it do.
    let server = Some(line.system.server.id());
    signal("STOP", server).await?;
    let ended = eventually("the end of doctor", async || {
        // Two signals that come at once are one.
        let _ = terminal.press(CTRL_C).await;
        terminal.is_left().then_some(())
    });
    ended.await;
    signal("CONT", server).await?;
    assert_eq!(terminal.ended().await?.code, 130);
    Ok(())
}

/// Sends a signal to a process.
async fn signal(name: &str, process: Option<u32>) -> Result<()> {
    let process = process.context("it has ended")?;
    let sent = Command::new("sh")
        .args(["-c", &format!("kill -{name} {process}")])
        .status()
        .await?;
    ensure!(sent.success(), "no {name} could be sent");
    Ok(())
}
