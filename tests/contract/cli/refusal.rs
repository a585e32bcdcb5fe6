//! Refused commands: their exit codes, and that they have no effect.

use std::net::TcpListener;

use anyhow::{Result, ensure};

use super::server_state::datasets;
use super::shell::Shell;
use crate::fixture::{System, csv};

/// Fails if there are datasets or objects.
async fn assert_nothing_is_created(system: &System) -> Result<()> {
    let datasets = datasets(system).await?;
    ensure!(datasets.is_empty(), "{datasets:?}");
    ensure!(system.bucket().objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn missing_dataset_is_created_only_on_request() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("weather.csv", csv(5))?;
    let ran = shell.ends(4, &["push", "weather.csv"]).await?;
    assert!(
        ran.stderr.contains("dataset \"weather\" not found") && ran.stderr.contains("--create"),
        "{ran:?}"
    );
    // An identifier never creates a dataset.
    let id = "0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d";
    shell
        .ends(4, &["push", "weather.csv", "--dataset", id, "--create"])
        .await?;
    for command in [
        &["pull", "weather"][..],
        &["jobs", "weather"],
        &["versions", "weather"],
        &["job", "show", id],
    ] {
        shell.ends(4, command).await?;
    }
    assert_nothing_is_created(&system).await
}

#[tokio::test]
async fn invalid_content_is_rejected_until_fixed() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    system.dataset("rows").await?;
    shell.write("rows.parquet", csv(5))?;
    let ran = shell.ends(9, &["push", "rows.parquet"]).await?;
    assert!(ran.stderr.contains("the content was rejected"), "{ran:?}");
    shell.write("rows.parquet", crate::fixture::parquet(&[1])?)?;
    shell.run(&["push", "rows.parquet"]).await?;
    Ok(())
}

#[tokio::test]
async fn file_outside_server_limits_is_refused() -> Result<()> {
    let options = [("--max-file-size", "1KiB"), ("--allowed-extensions", "csv")];
    let system = System::start_with(&options)?;
    let shell = Shell::at(&system)?;
    system.dataset("rows").await?;
    shell.write("rows.csv", csv(1000))?;
    shell.write("rows.exe", csv(1))?;
    for (file, error_type) in [
        ("rows.csv", "file_too_large"),
        ("rows.exe", "extension_not_allowed"),
    ] {
        let ran = shell.ends(6, &["push", file, "--json"]).await?;
        assert_eq!(ran.error()?["type"], error_type);
    }
    ensure!(system.bucket().objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn unusable_file_creates_no_dataset() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("empty.csv", "")?;
    for (file, code) in [
        ("empty.csv", 6),
        ("missing.csv", 1),
        (".", 6),
        ("../work", 6),
    ] {
        let ran = shell.ends(code, &["push", file, "--create"]).await?;
        assert!(
            ran.stderr.starts_with("error: ") && ran.stdout.is_empty(),
            "{ran:?}"
        );
    }
    assert_nothing_is_created(&system).await
}

#[tokio::test]
async fn unknown_token_is_refused() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?.with("RESTOW_TOKEN", "restow_unknown_token");
    shell.write("weather.csv", csv(5))?;
    for command in [
        &["push", "weather.csv", "--create"][..],
        &["dataset", "list"],
        &["pull", "weather"],
    ] {
        let ran = shell.ends(3, command).await?;
        assert!(
            ran.stderr.contains("restow login") && !ran.stderr.contains("unknown_token"),
            "{ran:?}"
        );
    }
    assert_nothing_is_created(&system).await
}

#[tokio::test]
async fn missing_login_is_reported_with_hint() -> Result<()> {
    let shell = Shell::new()?;
    for command in [
        &["dataset", "list"][..],
        &["pull", "weather"],
        &["job", "show", &uuid::Uuid::nil().to_string()],
    ] {
        let ran = shell.ends(3, command).await?;
        assert!(
            ran.stderr.contains("not logged in") && ran.stderr.contains("restow login"),
            "{ran:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn unreachable_and_foreign_servers_have_different_hints() -> Result<()> {
    // A port that was free a moment ago, without a listener.
    let nowhere = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    let shell = Shell::new()?
        .with("RESTOW_TOKEN", "restow_x")
        .with("RESTOW_ENDPOINT", &format!("http://{nowhere}"));
    shell.write("weather.csv", csv(5))?;
    let ran = shell.ends(8, &["push", "weather.csv", "--create"]).await?;
    assert!(ran.stderr.contains("restow doctor"), "{ran:?}");

    let system = System::start()?;
    let shell = shell.with("RESTOW_ENDPOINT", system.place.endpoint.as_str());
    let ran = shell.ends(8, &["dataset", "list"]).await?;
    assert!(
        ran.stderr
            .contains("check that the endpoint is the URL of a Restow server"),
        "{ran:?}"
    );
    Ok(())
}

#[tokio::test]
async fn usage_errors_have_no_effect() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("a.csv", csv(1))?;
    shell.write("b.csv", csv(1))?;
    shell.write("a.parquet", csv(1))?;
    for arguments in [
        &["push"][..],
        &["push", "a.csv", "--commit", "perhaps"],
        &["push", "a.csv", "--replaces", "0"],
        &["push", "a.csv", "b.csv", "--create", "--dataset", "x"],
        &["push", "a.csv", "b.csv", "--create", "--replaces", "none"],
        &["push", "a.csv", "a.parquet", "--create"],
        // Only regular files have a known size.
        &["push", "/dev/zero", "--create"],
        &["push", "a.csv", "--create", "--delimiter", "::"],
        &["push", "a.csv", "--create", "--accept", "everything"],
        &["push", "a.csv", "--create", "--report", "html"],
        &["dataset", "policy", "a", "--max-row-loss", "2"],
        &["pull", "a", "--version", "0"],
        &["jobs", "a", "--status", "done"],
        &["dataset", "create", ""],
        &["dataset", "delete", "a", "--token", "x"],
        &["frobnicate"],
    ] {
        let ran = shell.ends(2, arguments).await?;
        assert!(
            ran.stdout.is_empty() && ran.stderr.starts_with("error: "),
            "{arguments:?}: {ran:?}"
        );
        let error = shell
            .ends(2, &[arguments, &["--json"]].concat())
            .await?
            .error()?;
        assert!(
            ["usage", "invalid_request"].contains(&error["type"].as_str().unwrap_or_default()),
            "{error}"
        );
    }
    let invalid = shell.with("RESTOW_ENDPOINT", "ftp://restow.example");
    invalid.ends(2, &["dataset", "list"]).await?;
    assert_nothing_is_created(&system).await
}
