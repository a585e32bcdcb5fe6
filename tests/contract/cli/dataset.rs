//! `restow dataset`, `restow versions` and `restow restore`.

use anyhow::{Result, ensure};

use super::shell::Shell;
use crate::fixture::{System, csv};

#[tokio::test]
async fn datasets_are_created_shown_renamed_and_listed() -> Result<()> {
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
    for told in ["weather\n", "rows.csv", "1,234", "text/csv"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }

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

/// Fails unless there are so many datasets.
async fn assert_datasets(system: &System, count: usize) -> Result<()> {
    let found = system
        .client
        .api()
        .list_datasets()
        .send()
        .await?
        .into_inner()
        .items;
    ensure!(found.len() == count, "{found:?}");
    Ok(())
}

#[tokio::test]
async fn a_dataset_is_deleted_only_when_that_is_meant() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let id = system.dataset("weather").await?;
    system.publish(id, "rows.csv", csv(1)).await?;
    let ran = shell.ends(2, &["dataset", "delete", "weather"]).await?;
    assert!(ran.stderr.contains("--yes"), "{ran:?}");
    for answer in [&b"n\r"[..], b"\r", b"yesterday\r", b"\x04"] {
        let terminal = shell.terminal(100, &["dataset", "delete", "weather"])?;
        terminal
            .shows("Delete weather with all its versions? [y/N]")
            .await;
        terminal.press(answer).await?;
        let ended = terminal.ended().await?;
        assert!(
            ended.code == 1 && ended.text().contains("nothing was deleted"),
            "{answer:?}: {}",
            ended.text()
        );
        assert_datasets(&system, 1).await?;
    }
    let terminal = shell.terminal(100, &["dataset", "delete", "weather"])?;
    terminal.shows("[y/N]").await;
    terminal.press(super::terminal::CTRL_C).await?;
    let ended = terminal.ended().await?;
    assert!(
        ended.code == 130 && ended.text().contains("interrupted"),
        "{}",
        ended.text()
    );
    assert_datasets(&system, 1).await?;

    let terminal = shell.terminal(100, &["dataset", "delete", "weather"])?;
    terminal.shows("[y/N]").await;
    terminal.press(b"y\r").await?;
    let ended = terminal.ended().await?;
    assert!(
        ended.code == 0 && ended.text().contains("deleted weather"),
        "{}",
        ended.text()
    );
    assert_datasets(&system, 0).await
}

#[tokio::test]
async fn scripts_say_yes_on_the_command_line() -> Result<()> {
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
async fn an_old_version_becomes_the_current_one_again() -> Result<()> {
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
