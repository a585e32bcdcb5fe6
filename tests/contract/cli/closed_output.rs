//! Commands whose output cannot be written.

use std::process::Stdio;

use anyhow::Result;

use super::shell::{Ran, Shell, server_url};
use crate::fixture::{PART_SIZE, System, noise};

#[tokio::test]
async fn unwritable_stdout_is_an_error() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    // Every write to /dev/full fails with ENOSPC.
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
                ran.stderr.contains("cannot write to standard output")
            ),
            (1, true),
            "{ran:?}"
        );
    }
    Ok(())
}

/// The writing end of a pipe whose reading end is closed.
fn closed() -> Result<Stdio> {
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    Ok(writer.into())
}

#[tokio::test]
async fn closed_stderr_does_not_stop_a_transfer() -> Result<()> {
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
async fn closed_stdout_keeps_the_exit_code() -> Result<()> {
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
