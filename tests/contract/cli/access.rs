//! Tokens, shared datasets, and whose token is used.

use anyhow::{Context, Result, ensure};

use super::shell::Shell;
use crate::fixture::System;

#[tokio::test]
async fn token_is_printed_once_and_revoked() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    system.dataset("weather").await?;
    let create = [
        "token",
        "create",
        "nightly load",
        "--scope",
        "upload",
        "--dataset",
        "weather",
    ];
    let created = shell.run(&create).await?;
    ensure!(created.code == 0, "{created:?}");
    let secret = created.stdout.trim();
    ensure!(secret.starts_with("restow_"), "{created:?}");
    ensure!(
        created.stderr.contains("printed only this once"),
        "{created:?}"
    );

    let other = Shell::at(&system)?.with("RESTOW_TOKEN", secret);
    let who = other.json(&["whoami"]).await?;
    assert_eq!(who["caller"]["token_name"], "nightly load");
    assert_eq!(who["caller"]["scopes"], serde_json::json!(["upload"]));
    let refused = other
        .ends(3, &["dataset", "delete", "weather", "--yes"])
        .await?;
    ensure!(refused.stderr.contains("scope delete"), "{refused:?}");

    let listed = shell.json(&["token", "list"]).await?;
    let rows = listed.as_array().context("a list")?;
    let row = rows.iter().find(|row| row["name"] == "nightly load");
    let id = row
        .and_then(|row| row["id"].as_str())
        .context("the token")?;
    ensure!(!listed.to_string().contains(secret), "a secret is listed");
    let revoked = shell.run(&["token", "revoke", id]).await?;
    ensure!(revoked.code == 0, "{revoked:?}");
    let table = shell.run(&["token", "list"]).await?.stdout;
    let line = table.lines().find(|line| line.starts_with(id));
    ensure!(line.is_some_and(|line| line.contains("revoked")), "{table}");
    shell
        .ends(
            4,
            &["token", "revoke", "0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d"],
        )
        .await?;
    shell.ends(2, &["token", "create", "no scope"]).await?;
    Ok(())
}

#[tokio::test]
async fn lost_token_is_not_created_twice() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    system.witness().lose_reply("/tokens");
    let create = ["token", "create", "nightly load", "--scope", "upload"];
    let ran = shell.ends(8, &create).await?;
    ensure!(
        ran.stderr.contains("unknown whether the token was created")
            && ran.stderr.contains("`restow token list`"),
        "{ran:?}"
    );
    assert_eq!(system.witness().losses_to_come(), 0);
    let listed = shell.json(&["token", "list"]).await?;
    let rows = listed.as_array().context("a list")?;
    let created = rows.iter().filter(|row| row["name"] == "nightly load");
    assert_eq!(created.count(), 1);
    Ok(())
}

#[tokio::test]
async fn shared_dataset_never_takes_the_place_of_an_own_one() -> Result<()> {
    let system = System::start()?;
    let mallory = Shell::at(&system)?;
    let principal = mallory.json(&["whoami"]).await?["caller"]["principal"].clone();
    let owner = principal.as_str().context("a principal")?.to_string();
    let bob = Shell::at(&system)?.with("RESTOW_TOKEN", &system.token_of("bob")?);
    let of_mallory = system.dataset("weather").await?;
    mallory
        .run(&["dataset", "share", "weather", "bob", "--role", "writer"])
        .await?;

    // Nothing is pushed to it by its name alone, and --create creates another one.
    bob.write("weather.csv", crate::fixture::csv(3))?;
    let unknown = bob.ends(4, &["push", "weather.csv"]).await?;
    ensure!(unknown.stderr.contains("OWNER/NAME"), "{unknown:?}");
    bob.ends(4, &["pull", "weather"]).await?;
    bob.run(&["push", "weather.csv", "--create"]).await?;
    assert_eq!(system.current_version(of_mallory).await?, None);

    // Both can be named from then on.
    let listed = bob.json(&["dataset", "list", "--name", "weather"]).await?;
    let owners: Vec<_> = listed
        .as_array()
        .context("a list")?
        .iter()
        .map(|row| &row["owner"])
        .collect();
    assert_eq!(owners, ["bob", &owner]);
    let shared = format!("{owner}/weather");
    bob.run(&["push", "weather.csv", "--dataset", &shared])
        .await?;
    assert_eq!(system.current_version(of_mallory).await?, Some(1));
    bob.run(&["push", "weather.csv", "--dataset", "bob/weather"])
        .await?;
    bob.ends(4, &["versions", "carol/weather"]).await?;
    Ok(())
}

#[tokio::test]
async fn dataset_is_shared_listed_and_unshared() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    system.dataset("weather").await?;
    let bob = system.token_of("bob")?;
    let unknown = shell
        .ends(4, &["dataset", "share", "weather", "carol"])
        .await?;
    ensure!(unknown.stderr.contains("principal"), "{unknown:?}");
    let share = ["dataset", "share", "weather", "bob", "--role", "writer"];
    let shared = shell.run(&share).await?;
    ensure!(
        shared.stdout.contains("bob is writer of weather"),
        "{shared:?}"
    );
    let grants = shell.json(&["dataset", "grants", "weather"]).await?;
    assert_eq!(grants[0]["role"], "writer");
    let of_bob = Shell::at(&system)?.with("RESTOW_TOKEN", &bob);
    let listed = of_bob.json(&["dataset", "list"]).await?;
    assert_eq!(listed[0]["name"], "weather");
    let owner = listed[0]["owner"].as_str().context("an owner")?;
    let shared_name = format!("{owner}/weather");
    let refused = of_bob
        .ends(3, &["dataset", "delete", &shared_name, "--yes"])
        .await?;
    ensure!(refused.stderr.contains("role owner"), "{refused:?}");
    let unshared = shell.run(&["dataset", "unshare", "weather", "bob"]).await?;
    ensure!(unshared.code == 0, "{unshared:?}");
    let grants = shell.json(&["dataset", "grants", "weather"]).await?;
    assert_eq!(grants, serde_json::json!([]));
    Ok(())
}
