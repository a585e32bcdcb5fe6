//! `restow dataset`, `restow versions` and `restow restore`.

use anyhow::{Result, ensure};

use super::server_state::datasets;
use super::shell::Shell;
use super::terminal::{CTRL_C, Ended};
use crate::fixture::{System, csv};

#[tokio::test]
async fn datasets_are_created_and_shown() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let created = shell.json(&["dataset", "create", "weather"]).await?;
    let id = system.client.find_dataset("weather").await?.id;
    assert_eq!(created["id"], id.to_string());
    let ran = shell.ends(5, &["dataset", "create", "weather"]).await?;
    assert!(ran.stderr.contains("choose another name"), "{ran:?}");

    let shown = shell.run(&["dataset", "show", "weather"]).await?.stdout;
    assert!(
        shown.contains(&id.to_string()) && shown.contains("version  none"),
        "{shown}"
    );
    system.publish(id, "rows.csv", csv(1234)).await?;
    let shown = shell.run(&["dataset", "show", "weather"]).await?.stdout;
    for expected in ["weather\n", "rows.csv", "1,234", "text/csv"] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    Ok(())
}

#[tokio::test]
async fn datasets_are_renamed_and_listed() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let id = system.dataset("weather").await?;
    shell.run(&["dataset", "create", "snow"]).await?;
    shell
        .ends(5, &["dataset", "rename", "weather", "snow"])
        .await?;
    let ran = shell
        .run(&["dataset", "rename", "weather", "the climate"])
        .await?;
    assert_eq!(ran.line(), "renamed weather to the climate");
    assert_eq!(system.client.find_dataset("the climate").await?.id, id);
    let listed = shell.run(&["dataset", "list"]).await?.stdout;
    let lines: Vec<_> = listed.lines().collect();
    assert!(
        lines[0].starts_with("ID ") && lines[0].ends_with(" NAME"),
        "{listed}"
    );
    assert!(
        lines[1].starts_with(&id.to_string()) && lines[1].ends_with(" the climate"),
        "{listed}"
    );
    assert!(lines[2].ends_with(" snow") && lines.len() == 3, "{listed}");
    let named = shell
        .run(&["dataset", "ls", "--name", "snow", "--quiet"])
        .await?
        .stdout;
    assert_eq!(
        named.trim(),
        system.client.find_dataset("snow").await?.id.to_string()
    );
    Ok(())
}

/// Fails unless there are `count` datasets.
async fn assert_datasets(system: &System, count: usize) -> Result<()> {
    let found = datasets(system).await?;
    ensure!(found.len() == count, "{found:?}");
    Ok(())
}

/// Runs `restow dataset delete weather` on a terminal, and sends `input` to its prompt.
async fn delete_with_input(shell: &Shell, input: &[u8]) -> Result<Ended> {
    let terminal = shell.terminal(100, &["dataset", "delete", "weather"])?;
    terminal
        .shows("Delete weather and all its versions? [y/N]")
        .await;
    terminal.press(input).await?;
    terminal.ended().await
}

#[tokio::test]
async fn dataset_deletion_requires_confirmation() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let id = system.dataset("weather").await?;
    system.publish(id, "rows.csv", csv(1)).await?;
    let ran = shell.ends(2, &["dataset", "delete", "weather"]).await?;
    assert!(ran.stderr.contains("--yes"), "{ran:?}");
    for input in [&b"n\r"[..], b"\r", b"yesterday\r", b"\x04"] {
        let ended = delete_with_input(&shell, input).await?;
        assert!(
            ended.code == 1 && ended.text().contains("nothing was deleted"),
            "{input:?}: {}",
            ended.text()
        );
        assert_datasets(&system, 1).await?;
    }
    let ended = delete_with_input(&shell, CTRL_C).await?;
    assert!(
        ended.code == 130 && ended.text().contains("interrupted"),
        "{}",
        ended.text()
    );
    assert_datasets(&system, 1).await?;

    let ended = delete_with_input(&shell, b"y\r").await?;
    assert!(
        ended.code == 0 && ended.text().contains("deleted weather"),
        "{}",
        ended.text()
    );
    assert_datasets(&system, 0).await
}

#[tokio::test]
async fn yes_option_skips_the_confirmation() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let (first, _) = (
        system.dataset("weather").await?,
        system.dataset("snow").await?,
    );
    let deleted = shell
        .json(&["dataset", "delete", &first.to_string(), "--yes"])
        .await?;
    assert_eq!(
        (&deleted["id"], &deleted["deleted"]),
        (&first.to_string().into(), &true.into())
    );
    shell.run(&["dataset", "rm", "snow", "-y"]).await?;
    shell.ends(4, &["dataset", "delete", "snow", "-y"]).await?;
    assert_datasets(&system, 0).await
}

#[tokio::test]
async fn several_datasets_are_deleted_together() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    for name in ["weather", "snow", "rain"] {
        system.dataset(name).await?;
    }
    let delete = ["dataset", "delete", "weather", "snow"];
    shell
        .ends(4, &[&delete[..], &["unknown", "--yes"]].concat())
        .await?;
    assert_datasets(&system, 3).await?;
    let terminal = shell.terminal(100, &delete)?;
    let question = "Delete weather, snow and all their versions? [y/N]";
    terminal.shows(question).await;
    terminal.press(b"y\r").await?;
    let ended = terminal.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    assert_datasets(&system, 1).await
}

#[tokio::test]
async fn restore_makes_an_earlier_version_current() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let id = system.dataset("weather").await?;
    for rows in 1..=3 {
        system
            .publish(id, &format!("{rows}.csv"), csv(rows))
            .await?;
    }
    shell
        .ends(5, &["restore", "weather", "1", "--replaces", "2"])
        .await?;
    shell.ends(4, &["restore", "weather", "9"]).await?;
    assert_eq!(system.current_version(id).await?, Some(3));
    let ran = shell
        .run(&["restore", "weather", "1", "--replaces", "3"])
        .await?;
    assert_eq!(ran.line(), "weather is at version 1 again");
    assert_eq!(
        (system.current_version(id).await?, system.read(id).await?),
        (Some(1), csv(1))
    );

    let listed = shell.run(&["versions", "weather"]).await?.stdout;
    let lines: Vec<Vec<_>> = listed
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let numbers: Vec<_> = lines.iter().map(|line| line[0]).collect();
    assert_eq!(numbers, ["VERSION", "3", "2", "1*"], "{listed}");
    assert_eq!(
        (lines[1][2], lines[1].last()),
        ("3", Some(&"3.csv")),
        "{listed}"
    );
    Ok(())
}
