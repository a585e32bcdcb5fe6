//! What is refused, with the exit code that the help promises, and with nothing done.

use std::net::TcpListener;

use anyhow::{Result, ensure};

use super::shell::Shell;
use crate::fixture::{System, csv};

/// Fails if there is anything on the server.
async fn assert_nothing_is_made(system: &System) -> Result<()> {
    let datasets = system
        .client
        .api()
        .list_datasets()
        .send()
        .await?
        .into_inner()
        .items;
    ensure!(datasets.is_empty(), "{datasets:?}");
    ensure!(system.bucket().objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_dataset_that_is_not_there_is_not_made_by_accident() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("weather.csv", csv(5))?;
    let ran = shell.ends(4, &["push", "weather.csv"]).await?;
    assert!(
        ran.stderr.contains("dataset \"weather\" not found") && ran.stderr.contains("--create"),
        "{ran:?}"
    );
    // An identifier names a dataset that was there; no other one can take its place.
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
    assert_nothing_is_made(&system).await
}

#[tokio::test]
async fn content_that_is_not_what_its_name_says_is_refused_and_can_be_mended() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    system.dataset("rows").await?;
    shell.write("rows.parquet", csv(5))?;
    let ran = shell.ends(6, &["push", "rows.parquet"]).await?;
    assert!(
        ran.stderr.contains("the job failed") && ran.stderr.contains("mend the file"),
        "{ran:?}"
    );
    shell.write("rows.parquet", crate::fixture::parquet(&[1])?)?;
    shell.run(&["push", "rows.parquet"]).await?;
    Ok(())
}

#[tokio::test]
async fn a_file_that_the_server_does_not_take_is_refused() -> Result<()> {
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
async fn files_that_are_empty_missing_or_directories_make_no_dataset() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    shell.write("empty.csv", "")?;
    for (file, code) in [
        ("empty.csv", 6),
        ("missing.csv", 1),
        (".", 2),
        ("../work", 2),
    ] {
        let ran = shell.ends(code, &["push", file, "--create"]).await?;
        assert!(
            ran.stderr.starts_with("error: ") && ran.stdout.is_empty(),
            "{ran:?}"
        );
    }
    assert_nothing_is_made(&system).await
}

#[tokio::test]
async fn a_token_that_the_server_does_not_know_is_refused() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?.with("RESTOW_TOKEN", "restow_of_somebody_else");
    shell.write("weather.csv", csv(5))?;
    for command in [
        &["push", "weather.csv", "--create"][..],
        &["dataset", "list"],
        &["pull", "weather"],
    ] {
        let ran = shell.ends(3, command).await?;
        assert!(
            ran.stderr.contains("restow login") && !ran.stderr.contains("of_somebody_else"),
            "{ran:?}"
        );
    }
    assert_nothing_is_made(&system).await
}

#[tokio::test]
async fn whoever_is_not_logged_in_is_told_how_to() -> Result<()> {
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
async fn a_server_that_is_not_there_is_told_from_one_that_is_none() -> Result<()> {
    // A port that nobody listens on, which was free a moment ago.
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
            .contains("is the endpoint the URL of a Restow server?"),
        "{ran:?}"
    );
    Ok(())
}

#[tokio::test]
async fn mistaken_command_lines_are_refused_before_anything_is_done() -> Result<()> {
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
        // Nothing that has no size of its own.
        &["push", "/dev/zero", "--create"],
        &["pull", "a", "--version", "0"],
        &["job", "show", "a"],
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
        let told = shell
            .ends(2, &[arguments, &["--json"]].concat())
            .await?
            .error()?;
        assert!(
            ["usage", "invalid_request"].contains(&told["type"].as_str().unwrap_or_default()),
            "{told}"
        );
    }
    let odd = shell.with("RESTOW_ENDPOINT", "ftp://restow.example");
    odd.ends(2, &["dataset", "list"]).await?;
    assert_nothing_is_made(&system).await
}
