//! Adding webhooks: what is printed, listed and refused.

use anyhow::{Result, ensure};
use serde_json::json;

use super::shell::{Ran, Shell};
use super::webhook::{UNKNOWN, add, webhooks};
use crate::fixture::System;

#[tokio::test]
async fn added_webhook_is_listed_without_its_secret() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    system.dataset("weather").await?;
    let url = "https://hooks.example/restow?key=7";
    let added = add(&shell, url).await?;
    let secret = added.line();
    assert!(
        secret.starts_with("whsec_") && added.stdout.lines().count() == 1,
        "{added:?}"
    );
    assert!(
        added.stderr.contains("printed only this once") && added.stderr.contains("job.cancelled"),
        "{added:?}"
    );
    assert!(
        !added.stderr.contains(secret) && !added.stderr.contains("hooks.example"),
        "{added:?}"
    );

    let table = shell.run(&["webhook", "ls", "weather"]).await?.stdout;
    assert!(
        table.contains(&format!("job.cancelled to {url}")),
        "{table}"
    );
    let several = [
        "webhook",
        "add",
        "weather",
        url,
        "--event",
        "job.ready,job.failed",
        "--event",
        "job.ready",
    ];
    let created = shell.json(&several).await?;
    assert_eq!(
        created["webhook"]["types"],
        json!(["job.failed", "job.ready"])
    );
    assert!(
        created["secret"]
            .as_str()
            .is_some_and(|text| text.starts_with("whsec_"))
    );
    let listed = webhooks(&shell).await?;
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[1], created["webhook"]);
    let ids = shell
        .run(&["webhook", "list", "weather", "--quiet"])
        .await?;
    let expected: Vec<_> = listed.iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(ids.stdout.lines().collect::<Vec<_>>(), expected);
    let all = json!(listed).to_string() + &table;
    assert!(!all.contains(secret) && !all.contains("whsec_"), "{all}");
    Ok(())
}

#[tokio::test]
async fn url_is_read_from_standard_input() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    system.dataset("weather").await?;
    let add =
        "echo 'https://hooks.example/secret ' | restow webhook add weather - --event job.ready";
    let added = Ran::of(shell.bash(add)).await?;
    ensure!(added.code == 0, "{added:?}");
    assert_eq!(
        webhooks(&shell).await?[0]["url"],
        "https://hooks.example/secret"
    );
    Ok(())
}

#[tokio::test]
async fn unknown_names_and_urls_are_refused() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    system.dataset("weather").await?;
    let event = ["--event", "job.ready"];
    let add = |dataset, url| [&["webhook", "add", dataset, url][..], &event].concat();
    let ran = shell
        .ends(4, &add("climate", "https://hooks.example/"))
        .await?;
    assert!(
        ran.stderr.contains("dataset \"climate\" not found"),
        "{ran:?}"
    );
    let ran = shell.ends(4, &["webhook", "list", "climate"]).await?;
    assert!(ran.stderr.contains("restow dataset list"), "{ran:?}");
    let ran = shell
        .ends(4, &["webhook", "remove", "weather", UNKNOWN])
        .await?;
    assert!(ran.stderr.contains("restow webhook list"), "{ran:?}");

    for (url, reason) in [
        (
            "https://127.0.0.1/hook-secret",
            "its host is no public address",
        ),
        (
            "http://hooks.example/hook-secret",
            "it does not begin with https://",
        ),
        (
            "https://user:hook-secret@hooks.example/",
            "it contains credentials",
        ),
        (
            "ftp://hooks.example/hook-secret",
            "expected a URL that begins with https://",
        ),
        (
            "https://hooks.example/hook-secret key",
            "expected a URL that begins with https://",
        ),
    ] {
        let ran = shell.ends(2, &add("weather", url)).await?;
        assert!(ran.stderr.contains(reason), "{url}: {ran:?}");
        assert!(
            ran.stdout.is_empty() && !ran.stderr.contains("hook-secret"),
            "{url}: {ran:?}"
        );
    }
    let ran = shell
        .ends(
            2,
            &[&add("weather", "https://127.0.0.1/")[..], &["--json"]].concat(),
        )
        .await?;
    assert_eq!(ran.error()?["type"], "webhook_url_not_allowed");
    shell
        .ends(2, &add("weather", "https://hooks.example/")[..4])
        .await?;
    let created = [
        "webhook",
        "add",
        "weather",
        "https://hooks.example/",
        "--event",
        "job.created",
    ];
    let ran = shell.ends(2, &created).await?;
    assert!(ran.stderr.contains("version.committed"), "{ran:?}");
    assert!(webhooks(&shell).await?.is_empty());
    Ok(())
}
