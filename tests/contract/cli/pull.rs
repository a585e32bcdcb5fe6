//! `restow pull`: bytes as they were pushed, and files that are not lost.

use std::process::Stdio;

use anyhow::{Result, ensure};
use restow_tests::Held;
use restow_tests::fault_proxy::{Fault, Operation};
use tokio::io::AsyncReadExt;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::shell::{Ran, Shell, exists};
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
    assert!(
        ran.stdout
            .starts_with("✓ version 2 of weather in weather.csv\n"),
        "{ran:?}"
    );
    assert!(ran.stdout.contains("; MD5 checked"), "{ran:?}");
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
    assert!(ran.stdout.contains("; length checked"), "{ran:?}");
    assert_eq!(shell.read("unverified.csv")?, csv(20));
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_there_is_replaced_only_by_force() -> Result<()> {
    let (_system, shell, _) = with_two_versions().await?;
    shell.write("weather.csv", "mine")?;
    for arguments in [
        &["pull", "weather"][..],
        &["pull", "weather", "-o", "weather.csv", "--json"],
    ] {
        let ran = shell.ends(5, arguments).await?;
        assert!(
            ran.stderr.contains("weather.csv exists already") && ran.stderr.contains("--force"),
            "{ran:?}"
        );
        assert_eq!(shell.read("weather.csv")?, "mine");
    }
    shell.run(&["pull", "weather", "--force"]).await?;
    assert_eq!(shell.read("weather.csv")?, csv(20));
    // A link to nowhere is something, too, and what it leads to is not written.
    std::os::unix::fs::symlink("elsewhere.csv", shell.path("old.csv"))?;
    shell
        .ends(5, &["pull", "weather", "--version", "1"])
        .await?;
    assert!(!exists(&shell.path("elsewhere.csv")));
    Ok(())
}

#[tokio::test]
async fn a_partial_file_of_unknown_origin_is_replaced_only_by_force() -> Result<()> {
    let (_system, shell, _) = with_two_versions().await?;
    shell.write("weather.csv.partial", "mine")?;
    let ran = shell.ends(5, &["pull", "weather"]).await?;
    let told = "weather.csv.partial exists already";
    assert!(
        ran.stderr.contains(told) && ran.stderr.contains("--force"),
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

    // What a link leads to is not written in any case.
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
async fn content_that_goes_to_a_terminal_has_it_for_itself() -> Result<()> {
    let (_system, shell, _) = with_two_versions().await?;
    let ended = shell
        .terminal(80, &["pull", "weather", "-o", "-"])?
        .ended()
        .await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    let content = String::from_utf8(csv(20).to_vec())?;
    assert!(
        ended
            .text()
            .starts_with(&format!("{content}✓ version 2 of weather in -\n")),
        "{}",
        ended.text()
    );
    assert!(ended.lines_with("Downloading").is_empty());
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_not_pulled() -> Result<()> {
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
async fn the_standard_output_gets_the_bytes_and_nothing_else() -> Result<()> {
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
    let said = String::from_utf8(ended.stderr)?;
    assert!(
        said.contains("Downloading noise.bin: ") && said.contains("✓ version 1 of noise in -"),
        "{said}"
    );
    shell
        .ends(2, &[&arguments[..], &["--json"]].concat())
        .await?;

    // Whoever has seen enough is no failure.
    let mut child = shell
        .command(&arguments)
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

/// A line to two datasets of noise, which differ.
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

/// The same, on which downloads stop half way.
async fn line_that_stops() -> Result<(FaultyLine, Shell)> {
    let (line, shell) = line_to_noise().await?;
    line.proxy
        .inject(Operation::GetObject, 1.., Fault::StallReply);
    Ok((line, shell))
}

/// Waits until half of the noise of this seed, and nothing else, has arrived.
async fn half_arrived(shell: &Shell, seed: u64) {
    let content = noise(SIZE, seed);
    // The process may still hold some bytes back.
    let is_half =
        |arrived: &[u8]| arrived.len() > SIZE / 2 - MIB / 2 && content.starts_with(arrived);
    let arrived = || {
        shell
            .read("noise.bin.partial")
            .is_ok_and(|arrived| is_half(&arrived))
    };
    eventually("half of the file", async || arrived().then_some(())).await;
}

/// A pull of the first noise that has just asked for its bytes, which do not come before they are released.
async fn held_pull(line: &FaultyLine, shell: &Shell) -> (JoinHandle<Result<Ran>>, Held) {
    let held = line.proxy.hold(Operation::GetObject);
    let pull = tokio::spawn(Ran::of(shell.command(&["pull", "my noise"])));
    eventually("the download", async || held.is_reached().then_some(())).await;
    (pull, held)
}

#[tokio::test]
async fn of_two_pulls_to_one_file_at_once_the_second_is_refused() -> Result<()> {
    let (line, shell) = line_to_noise().await?;
    let (first, held) = held_pull(&line, &shell).await;
    let state = tempfile::tempdir()?;
    for arguments in [&["pull", "other"][..], &["pull", "other", "--force"]] {
        // The state of another user says nothing of the first.
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
        ran.code == 0 && ran.stdout.contains("; MD5 checked"),
        "{ran:?}"
    );
    assert_eq!(
        (shell.read("noise.bin")?, shell.files()?),
        (noise(SIZE, 1), vec!["noise.bin".to_string()])
    );
    Ok(())
}

#[tokio::test]
async fn a_file_that_appears_during_a_pull_is_replaced_only_by_force() -> Result<()> {
    let (line, shell) = line_to_noise().await?;
    let (pull, held) = held_pull(&line, &shell).await;
    shell.write("noise.bin", "mine")?;
    held.release();
    let ran = pull.await??;
    assert!(
        ran.code == 5 && ran.stderr.contains("noise.bin exists already"),
        "{ran:?}"
    );
    assert_eq!(shell.read("noise.bin")?, "mine");
    let pulled = shell.json(&["pull", "my noise", "--force"]).await?;
    assert_eq!(pulled["bytes_held"], SIZE, "what has arrived is kept");
    assert_eq!(
        (shell.read("noise.bin")?, shell.files()?),
        (noise(SIZE, 1), vec!["noise.bin".to_string()])
    );
    Ok(())
}

#[tokio::test]
async fn a_pull_that_was_killed_goes_on_where_it_was() -> Result<()> {
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
        "what is not whole has the name of the file"
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
async fn the_command_that_an_interrupted_pull_names_goes_on() -> Result<()> {
    let (line, shell) = line_that_stops().await?;
    let terminal = shell.terminal(120, &["pull", "my noise"])?;
    half_arrived(&shell, 1).await;
    terminal.shows("5.0 MiB of 10.0 MiB").await;
    terminal.press(CTRL_C).await?;
    let ended = terminal.ended().await?;
    assert_eq!(ended.code, 130, "{}", ended.text());
    let expected =
        "error: interrupted\n hint: what has arrived is kept; to go on: restow pull 'my noise'";
    assert_eq!(ended.text().trim(), expected);
    line.proxy.heal();
    let ended = shell
        .terminal_of_sh(120, "restow pull 'my noise'")?
        .ended()
        .await?;
    assert!(
        ended.code == 0 && ended.text().contains(" were here already)"),
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
async fn a_partial_file_of_another_version_is_not_taken_for_the_beginning_of_this_one() -> Result<()>
{
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
async fn a_partial_file_of_another_dataset_is_not_taken_for_the_beginning_of_this_one() -> Result<()>
{
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
