//! `restow pull`: bytes as they were pushed, and files that are not lost.

use std::process::Stdio;

use anyhow::{Result, ensure};
use restow_tests::fault_proxy::{Fault, Operation};
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::shell::{Shell, exists};
use super::terminal::CTRL_C;
use crate::fixture::{FaultyLine, MIB, PART_SIZE, System, csv, eventually, noise};

/// Bytes of which a half is too much for what connections and processes hold back.
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
async fn a_version_arrives_whole_under_its_own_filename() -> Result<()> {
    let (_system, shell, dataset_id) = with_two_versions().await?;
    let ran = shell.run(&["pull", "weather"]).await?;
    assert!(ran.stdout.starts_with("✓ version 2 of weather in weather.csv\n"), "{ran:?}");
    assert!(ran.stdout.contains("; MD5 checked"), "{ran:?}");
    assert_eq!((shell.read("weather.csv")?, shell.files()?), (csv(20), vec!["weather.csv".to_string()]));

    shell.run(&["pull", &dataset_id.to_string(), "--version", "1"]).await?;
    assert_eq!(shell.read("old.csv")?, csv(10));
    std::fs::create_dir(shell.path("below"))?;
    shell.run(&["pull", "weather", "--output", "below"]).await?;
    assert_eq!(shell.read("below/weather.csv")?, csv(20));
    let ran = shell.run(&["pull", "weather", "--no-verify", "-o", "unverified.csv"]).await?;
    assert!(ran.stdout.contains("; length checked"), "{ran:?}");
    assert_eq!(shell.read("unverified.csv")?, csv(20));
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_there_is_replaced_only_by_force() -> Result<()> {
    let (_system, shell, _) = with_two_versions().await?;
    shell.write("weather.csv", "mine")?;
    for arguments in [&["pull", "weather"][..], &["pull", "weather", "-o", "weather.csv", "--json"]] {
        let ran = shell.ends(5, arguments).await?;
        assert!(ran.stderr.contains("weather.csv exists already") && ran.stderr.contains("--force"), "{ran:?}");
        assert_eq!(shell.read("weather.csv")?, "mine");
    }
    shell.run(&["pull", "weather", "--force"]).await?;
    assert_eq!(shell.read("weather.csv")?, csv(20));
    // A link to nowhere is something, too, and what it leads to is not written.
    std::os::unix::fs::symlink("elsewhere.csv", shell.path("old.csv"))?;
    shell.ends(5, &["pull", "weather", "--version", "1"]).await?;
    assert!(!exists(&shell.path("elsewhere.csv")));
    Ok(())
}

#[tokio::test]
async fn content_that_goes_to_a_terminal_has_it_for_itself() -> Result<()> {
    let (_system, shell, _) = with_two_versions().await?;
    let ended = shell.terminal(80, &["pull", "weather", "-o", "-"])?.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    let content = String::from_utf8(csv(20).to_vec())?;
    assert!(ended.text().starts_with(&format!("{content}✓ version 2 of weather in -\n")), "{}", ended.text());
    assert!(ended.lines_with("Downloading").is_empty());
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_not_pulled() -> Result<()> {
    let (system, shell, _) = with_two_versions().await?;
    system.dataset("empty").await?;
    let ran = shell.ends(4, &["pull", "empty"]).await?;
    assert!(ran.stderr.contains("empty has no version yet"), "{ran:?}");
    let ran = shell.ends(4, &["pull", "weather", "--version", "3"]).await?;
    assert!(ran.stderr.contains("`restow versions DATASET` shows the versions"), "{ran:?}");
    let ran = shell.ends(1, &["pull", "weather", "-o", "no/such/directory.csv"]).await?;
    assert!(ran.stderr.contains("directory.csv"), "{ran:?}");
    assert_eq!(shell.files()?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn the_standard_output_gets_the_bytes_and_nothing_else() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("noise").await?;
    system.publish(dataset_id, "noise.bin", noise(SIZE, 1)).await?;
    let arguments = ["pull", "noise", "-o", "-"];
    let ended = shell.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().await?;
    assert!(ended.status.success() && noise(SIZE, 1) == ended.stdout);
    let said = String::from_utf8(ended.stderr)?;
    assert!(said.contains("Downloading noise.bin: ") && said.contains("✓ version 1 of noise in -"), "{said}");
    shell.ends(2, &[&arguments[..], &["--json"]].concat()).await?;

    // Whoever has seen enough is no failure.
    let mut child = shell.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut beginning = vec![0; 1000];
    if let Some(mut output) = child.stdout.take() {
        output.read_exact(&mut beginning).await?;
    }
    let ended = child.wait_with_output().await?;
    assert_eq!((ended.status.code(), &beginning[..]), (Some(0), &noise(SIZE, 1)[..1000]));
    assert!(!String::from_utf8(ended.stderr)?.contains("error"));
    Ok(())
}

/// A line on which a download stops half way.
async fn line_that_stops() -> Result<(FaultyLine, Shell)> {
    let line = FaultyLine::start()?;
    let dataset_id = line.system.dataset("my noise").await?;
    line.system.publish(dataset_id, "noise.bin", noise(SIZE, 1)).await?;
    line.proxy.inject(Operation::GetObject, 1.., Fault::StallReply);
    let shell = Shell::at(&line.system)?;
    Ok((line, shell))
}

/// Waits until half of the file has arrived.
async fn half_arrived(shell: &Shell) {
    let length = || shell.path("noise.bin.partial").metadata().map_or(0, |metadata| metadata.len());
    // The process may still hold some bytes back.
    let enough = (SIZE / 2 - MIB / 2) as u64;
    eventually("half of the file", async || (length() > enough).then_some(())).await;
}

#[tokio::test]
async fn a_pull_that_was_killed_goes_on_where_it_was() -> Result<()> {
    let (line, shell) = line_that_stops().await?;
    let mut child = shell.command(&["pull", "my noise"]).stderr(Stdio::null()).spawn()?;
    half_arrived(&shell).await;
    child.kill().await?;
    assert_eq!(shell.files()?, ["noise.bin.partial"], "what is not whole has the name of the file");
    line.proxy.heal();
    let pulled = shell.json(&["pull", "my noise"]).await?;
    let held = pulled["bytes_held"].as_u64().unwrap_or_default();
    ensure!((MIB as u64..SIZE as u64).contains(&held), "{pulled}");
    assert_eq!(pulled["verification"], "MD5");
    assert_eq!((shell.read("noise.bin")?, shell.files()?), (noise(SIZE, 1), vec!["noise.bin".to_string()]));
    Ok(())
}

#[tokio::test]
async fn the_command_that_an_interrupted_pull_names_goes_on() -> Result<()> {
    let (line, shell) = line_that_stops().await?;
    let terminal = shell.terminal(120, &["pull", "my noise"])?;
    half_arrived(&shell).await;
    terminal.shows("5.0 MiB of 10.0 MiB").await;
    terminal.press(CTRL_C).await?;
    let ended = terminal.ended().await?;
    assert_eq!(ended.code, 130, "{}", ended.text());
    let expected = "error: interrupted\n hint: what has arrived is kept; to go on: restow pull 'my noise'";
    assert_eq!(ended.text().trim(), expected);
    line.proxy.heal();
    let ended = shell.terminal_of_sh(120, "restow pull 'my noise'")?.ended().await?;
    assert!(ended.code == 0 && ended.text().contains(" were here already)"), "{}", ended.text());
    assert_eq!((shell.read("noise.bin")?, shell.files()?), (noise(SIZE, 1), vec!["noise.bin".to_string()]));
    Ok(())
}

#[tokio::test]
async fn a_partial_file_of_another_version_is_not_taken_for_the_beginning_of_this_one() -> Result<()> {
    let (line, shell) = line_that_stops().await?;
    let mut child = shell.command(&["pull", "my noise"]).stderr(Stdio::null()).spawn()?;
    half_arrived(&shell).await;
    child.kill().await?;
    line.proxy.heal();
    let dataset_id = line.system.client.find_dataset("my noise").await?.id;
    line.system.publish(dataset_id, "noise.bin", noise(SIZE, 2)).await?;
    let pulled = shell.json(&["pull", "my noise"]).await?;
    assert_eq!((&pulled["version"], &pulled["bytes_held"]), (&2.into(), &0.into()));
    assert_eq!(shell.read("noise.bin")?, noise(SIZE, 2));
    Ok(())
}
