//! `restow pull`: the content, and files that must not be overwritten.

use std::process::Stdio;

use anyhow::Result;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::shell::{Shell, exists};
use crate::fixture::{PART_SIZE, System, csv, noise};

/// Size of a version, larger than the buffer of a pipe.
const SIZE: usize = 2 * PART_SIZE + 1000;

/// A dataset of two versions.
async fn with_two_versions() -> Result<(System, Shell, Uuid)> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("weather").await?;
    system.publish(dataset_id, "old.csv", csv(10)).await?;
    system.publish(dataset_id, "weather.csv", csv(20)).await?;
    Ok((system, shell, dataset_id))
}

#[tokio::test]
async fn version_is_pulled_under_its_filename() -> Result<()> {
    let (_system, shell, dataset_id) = with_two_versions().await?;
    let ran = shell.run(&["pull", "weather"]).await?;
    assert!(
        ran.stdout
            .starts_with("✓ downloaded version 2 of weather to weather.csv\n"),
        "{ran:?}"
    );
    assert!(ran.stdout.contains("; MD5 verified"), "{ran:?}");
    assert_eq!(
        (shell.read("weather.csv")?, shell.files()?),
        (csv(20), vec!["weather.csv".to_string()])
    );

    shell
        .run(&["pull", &dataset_id.to_string(), "--version", "1"])
        .await?;
    assert_eq!(shell.read("old.csv")?, csv(10));
    std::fs::create_dir(shell.path("below"))?;
    shell.run(&["pull", "weather", "--output", "below"]).await?;
    assert_eq!(shell.read("below/weather.csv")?, csv(20));
    let ran = shell
        .run(&["pull", "weather", "--no-verify", "-o", "unverified.csv"])
        .await?;
    assert!(ran.stdout.contains("; length verified"), "{ran:?}");
    assert_eq!(shell.read("unverified.csv")?, csv(20));
    Ok(())
}

#[tokio::test]
async fn existing_file_is_replaced_only_by_force() -> Result<()> {
    let (_system, shell, _) = with_two_versions().await?;
    shell.write("weather.csv", "mine")?;
    for arguments in [
        &["pull", "weather"][..],
        &["pull", "weather", "-o", "weather.csv", "--json"],
    ] {
        let ran = shell.ends(5, arguments).await?;
        assert!(
            ran.stderr.contains("weather.csv already exists") && ran.stderr.contains("--force"),
            "{ran:?}"
        );
        assert_eq!(shell.read("weather.csv")?, "mine");
    }
    shell.run(&["pull", "weather", "--force"]).await?;
    assert_eq!(shell.read("weather.csv")?, csv(20));
    // A dangling link also exists, and its target is not written.
    std::os::unix::fs::symlink("elsewhere.csv", shell.path("old.csv"))?;
    shell
        .ends(5, &["pull", "weather", "--version", "1"])
        .await?;
    assert!(!exists(&shell.path("elsewhere.csv")));
    Ok(())
}

#[tokio::test]
async fn unknown_partial_file_needs_force() -> Result<()> {
    let (_system, shell, _) = with_two_versions().await?;
    shell.write("weather.csv.partial", "mine")?;
    let ran = shell.ends(5, &["pull", "weather"]).await?;
    let message = "weather.csv.partial already exists";
    assert!(
        ran.stderr.contains(message) && ran.stderr.contains("--force"),
        "{ran:?}"
    );
    assert_eq!(
        (shell.read("weather.csv.partial")?, shell.files()?.len()),
        ("mine".into(), 1)
    );
    shell.run(&["pull", "weather", "--force"]).await?;
    assert_eq!(
        (shell.read("weather.csv")?, shell.files()?),
        (csv(20), vec!["weather.csv".to_string()])
    );

    // The target of a link is never written.
    shell.write("mine", "mine")?;
    std::os::unix::fs::symlink("mine", shell.path("old.csv.partial"))?;
    let pull = ["pull", "weather", "--version", "1"];
    shell.ends(5, &pull).await?;
    assert!(exists(&shell.path("old.csv.partial")) && !exists(&shell.path("old.csv")));
    assert_eq!(shell.read("mine")?, "mine");
    shell.run(&[&pull[..], &["--force"]].concat()).await?;
    assert_eq!(
        (shell.read("old.csv")?, shell.read("mine")?),
        (csv(10), "mine".into())
    );
    assert_eq!(shell.files()?, ["mine", "old.csv", "weather.csv"]);
    Ok(())
}

#[tokio::test]
async fn content_on_a_terminal_has_no_bar() -> Result<()> {
    let (_system, shell, _) = with_two_versions().await?;
    let ended = shell
        .terminal(80, &["pull", "weather", "-o", "-"])?
        .ended()
        .await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    let content = String::from_utf8(csv(20).to_vec())?;
    assert!(
        ended.text().starts_with(&format!(
            "{content}✓ downloaded version 2 of weather to -\n"
        )),
        "{}",
        ended.text()
    );
    assert!(ended.lines_with("Downloading").is_empty());
    Ok(())
}

#[tokio::test]
async fn missing_version_is_not_pulled() -> Result<()> {
    let (system, shell, _) = with_two_versions().await?;
    system.dataset("empty").await?;
    let ran = shell.ends(4, &["pull", "empty"]).await?;
    assert!(ran.stderr.contains("empty has no version yet"), "{ran:?}");
    let ran = shell
        .ends(4, &["pull", "weather", "--version", "3"])
        .await?;
    assert!(
        ran.stderr
            .contains("`restow versions DATASET` shows the versions"),
        "{ran:?}"
    );
    let ran = shell
        .ends(1, &["pull", "weather", "-o", "no/such/directory.csv"])
        .await?;
    assert!(ran.stderr.contains("directory.csv"), "{ran:?}");
    assert_eq!(shell.files()?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn stdout_receives_only_the_content() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("noise").await?;
    system
        .publish(dataset_id, "noise.bin", noise(SIZE, 1))
        .await?;
    let arguments = ["pull", "noise", "-o", "-"];
    let ended = shell
        .command(&arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .await?;
    assert!(ended.status.success() && noise(SIZE, 1) == ended.stdout);
    let stderr = String::from_utf8(ended.stderr)?;
    assert!(
        stderr.contains("Downloading noise.bin: ")
            && stderr.contains("✓ downloaded version 1 of noise to -"),
        "{stderr}"
    );
    shell
        .ends(2, &[&arguments[..], &["--json"]].concat())
        .await?;
    Ok(())
}

#[tokio::test]
async fn closed_stdout_ends_a_pull_without_error() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("noise").await?;
    system
        .publish(dataset_id, "noise.bin", noise(SIZE, 1))
        .await?;
    let mut child = shell
        .command(&["pull", "noise", "-o", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut beginning = vec![0; 1000];
    if let Some(mut output) = child.stdout.take() {
        output.read_exact(&mut beginning).await?;
    }
    let ended = child.wait_with_output().await?;
    assert_eq!(
        (ended.status.code(), &beginning[..]),
        (Some(0), &noise(SIZE, 1)[..1000])
    );
    assert!(!String::from_utf8(ended.stderr)?.contains("error"));
    Ok(())
}
