//! `restow pull`: interrupted downloads, and files that change during a download.

use std::process::Stdio;

use anyhow::{Result, ensure};
use restow_tests::Held;
use restow_tests::fault_proxy::{Fault, Operation};
use tokio::task::JoinHandle;

use super::shell::{Ran, Shell};
use super::terminal::CTRL_C;
use crate::fixture::{FaultyLine, MIB, PART_SIZE, eventually, noise};

/// Size of a download, large enough that buffers of connections and processes hold less than half of it.
const SIZE: usize = 2 * PART_SIZE + 1000;

/// A fault proxy before a system with two datasets of different content.
async fn line_to_noise() -> Result<(FaultyLine, Shell)> {
    let line = FaultyLine::start()?;
    for (name, seed) in [("my noise", 1), ("other", 2)] {
        let dataset_id = line.system.dataset(name).await?;
        line.system
            .publish(dataset_id, "noise.bin", noise(SIZE, seed))
            .await?;
    }
    let shell = Shell::at(&line.system)?;
    Ok((line, shell))
}

/// Like [`line_to_noise`], with downloads that stall half way.
async fn line_that_stops() -> Result<(FaultyLine, Shell)> {
    let (line, shell) = line_to_noise().await?;
    line.proxy
        .inject(Operation::GetObject, 1.., Fault::StallReply);
    Ok((line, shell))
}

/// Waits until half of the content with this seed is written.
async fn half_arrived(shell: &Shell, seed: u64) {
    let content = noise(SIZE, seed);
    // The process may still buffer some bytes.
    let is_half =
        |arrived: &[u8]| arrived.len() > SIZE / 2 - MIB / 2 && content.starts_with(arrived);
    let arrived = || {
        shell
            .read("noise.bin.partial")
            .is_ok_and(|arrived| is_half(&arrived))
    };
    eventually("half of the file", async || arrived().then_some(())).await;
}

/// A pull of the first dataset whose download is held until it is released.
async fn held_pull(line: &FaultyLine, shell: &Shell) -> (JoinHandle<Result<Ran>>, Held) {
    let held = line.proxy.hold(Operation::GetObject);
    let pull = tokio::spawn(Ran::of(shell.command(&["pull", "my noise"])));
    eventually("the download", async || held.is_reached().then_some(())).await;
    (pull, held)
}

#[tokio::test]
async fn concurrent_pull_to_a_file_is_refused() -> Result<()> {
    let (line, shell) = line_to_noise().await?;
    let (first, held) = held_pull(&line, &shell).await;
    let state = tempfile::tempdir()?;
    for arguments in [&["pull", "other"][..], &["pull", "other", "--force"]] {
        // The state directory of another user has no record of the first pull.
        let mut elsewhere = shell.command(arguments);
        elsewhere.env("XDG_STATE_HOME", state.path());
        for second in [shell.command(arguments), elsewhere] {
            let ran = Ran::of(second).await?;
            assert!(
                ran.code == 5
                    && ran
                        .stderr
                        .contains("another process is transferring the same file"),
                "{ran:?}"
            );
        }
    }
    held.release();
    let ran = first.await??;
    assert!(
        ran.code == 0 && ran.stdout.contains("; MD5 verified"),
        "{ran:?}"
    );
    assert_eq!(
        (shell.read("noise.bin")?, shell.files()?),
        (noise(SIZE, 1), vec!["noise.bin".to_string()])
    );
    Ok(())
}

#[tokio::test]
async fn file_created_during_pull_needs_force() -> Result<()> {
    let (line, shell) = line_to_noise().await?;
    let (pull, held) = held_pull(&line, &shell).await;
    shell.write("noise.bin", "mine")?;
    held.release();
    let ran = pull.await??;
    assert!(
        ran.code == 5 && ran.stderr.contains("noise.bin already exists"),
        "{ran:?}"
    );
    assert_eq!(shell.read("noise.bin")?, "mine");
    let pulled = shell.json(&["pull", "my noise", "--force"]).await?;
    assert_eq!(pulled["bytes_held"], SIZE, "received data is kept");
    assert_eq!(
        (shell.read("noise.bin")?, shell.files()?),
        (noise(SIZE, 1), vec!["noise.bin".to_string()])
    );
    Ok(())
}

#[tokio::test]
async fn killed_pull_is_resumed() -> Result<()> {
    let (line, shell) = line_that_stops().await?;
    let mut child = shell
        .command(&["pull", "my noise"])
        .stderr(Stdio::null())
        .spawn()?;
    half_arrived(&shell, 1).await;
    child.kill().await?;
    assert_eq!(
        shell.files()?,
        ["noise.bin.partial"],
        "an incomplete download has the final name"
    );
    line.proxy.heal();
    let pulled = shell.json(&["pull", "my noise"]).await?;
    let held = pulled["bytes_held"].as_u64().unwrap_or_default();
    ensure!((MIB as u64..SIZE as u64).contains(&held), "{pulled}");
    assert_eq!(pulled["verification"], "MD5");
    assert_eq!(
        (shell.read("noise.bin")?, shell.files()?),
        (noise(SIZE, 1), vec!["noise.bin".to_string()])
    );
    Ok(())
}

#[tokio::test]
async fn suggested_command_resumes_an_interrupted_pull() -> Result<()> {
    let (line, shell) = line_that_stops().await?;
    let terminal = shell.terminal(120, &["pull", "my noise"])?;
    half_arrived(&shell, 1).await;
    terminal.shows("5.0 MiB of 10.0 MiB").await;
    terminal.press(CTRL_C).await?;
    let ended = terminal.ended().await?;
    assert_eq!(ended.code, 130, "{}", ended.text());
    let expected =
        "error: interrupted\n hint: received data is kept; to resume: restow pull 'my noise'";
    assert_eq!(ended.text().trim(), expected);
    line.proxy.heal();
    let ended = shell
        .terminal_of_sh(120, "restow pull 'my noise'")?
        .ended()
        .await?;
    assert!(
        ended.code == 0 && ended.text().contains(" resumed)"),
        "{}",
        ended.text()
    );
    assert_eq!(
        (shell.read("noise.bin")?, shell.files()?),
        (noise(SIZE, 1), vec!["noise.bin".to_string()])
    );
    Ok(())
}

#[tokio::test]
async fn partial_file_of_another_version_is_discarded() -> Result<()> {
    let (line, shell) = line_that_stops().await?;
    let mut child = shell
        .command(&["pull", "my noise"])
        .stderr(Stdio::null())
        .spawn()?;
    half_arrived(&shell, 1).await;
    child.kill().await?;
    line.proxy.heal();
    let dataset_id = line.system.client.find_dataset("my noise").await?.id;
    line.system
        .publish(dataset_id, "noise.bin", noise(SIZE, 2))
        .await?;
    let pulled = shell.json(&["pull", "my noise"]).await?;
    assert_eq!(
        (&pulled["version"], &pulled["bytes_held"]),
        (&2.into(), &0.into())
    );
    assert_eq!(shell.read("noise.bin")?, noise(SIZE, 2));
    Ok(())
}

#[tokio::test]
async fn partial_file_of_another_dataset_is_discarded() -> Result<()> {
    let (line, shell) = line_that_stops().await?;
    for (name, seed) in [("my noise", 1), ("other", 2)] {
        let mut child = shell
            .command(&["pull", name])
            .stderr(Stdio::null())
            .spawn()?;
        half_arrived(&shell, seed).await;
        child.kill().await?;
    }
    line.proxy.heal();
    let pulled = shell.json(&["pull", "my noise"]).await?;
    assert_eq!(
        (&pulled["bytes_held"], &pulled["verification"]),
        (&0.into(), &"MD5".into())
    );
    assert_eq!(
        (shell.read("noise.bin")?, shell.files()?),
        (noise(SIZE, 1), vec!["noise.bin".to_string()])
    );
    Ok(())
}
