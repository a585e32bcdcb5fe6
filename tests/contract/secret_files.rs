//! Secrets from files, in the place of options and variables.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Result, ensure};
use restow_tests::ServerOptions;
use tempfile::TempDir;

use crate::fixture::{System, csv, executable, with_token};

/// A file with a secret, for its owner alone, and the variable that names it.
fn secret(directory: &Path, variable: &str, content: &str) -> Result<(String, String)> {
    let path = directory.join(variable);
    fs::write(&path, content)?;
    fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok((variable.to_string(), path.display().to_string()))
}

#[tokio::test]
async fn server_runs_with_secrets_from_files() -> Result<()> {
    let store = System::start_with(&[("--no-worker", ""), ("--no-reaper", "")])?;
    let (secrets, database) = (TempDir::new()?, TempDir::new()?);
    let place = &store.place;
    let mut environment = place.environment(&place.endpoint);
    environment.retain(|(name, _)| !name.starts_with("AWS_"));
    let url = format!("sqlite:{}", database.path().join("rows.sqlite").display());
    for (variable, content) in [
        ("RESTOW_DATABASE_URL_FILE", &url),
        ("RESTOW_S3_ACCESS_KEY_ID_FILE", &place.access_key),
        ("RESTOW_S3_SECRET_ACCESS_KEY_FILE", &place.secret_key),
        ("RESTOW_S3_UPLOAD_ACCESS_KEY_FILE", &place.access_key),
        ("RESTOW_S3_UPLOAD_SECRET_KEY_FILE", &place.secret_key),
    ] {
        environment.push(secret(secrets.path(), variable, &format!("{content}\n"))?);
    }
    // One of them can be read by all users, which is worth a warning.
    let readable = secrets.path().join("RESTOW_S3_ACCESS_KEY_ID_FILE");
    fs::set_permissions(&readable, Permissions::from_mode(0o644))?;
    let directory = with_token(&environment)?;
    let options = ServerOptions::new(executable(), directory.path()).with_environment(environment);
    let server = tokio::task::spawn_blocking(move || restow_tests::ServerProcess::start(&options));
    let server = server.await??;
    let client = server.client()?;
    let name = "named".parse()?;
    let body = restow_sdk::generated::types::DatasetNameRequest { name };
    let dataset_id = client.api().create_dataset().body(body).send().await?.id;
    let file = secrets.path().join("rows.csv");
    fs::write(&file, csv(7))?;
    client.reupload(dataset_id).file(&file).send().await?;
    let mut bytes = Vec::new();
    client.download(dataset_id).to_writer(&mut bytes).await?;
    assert_eq!(bytes, csv(7));
    ensure!(database.path().join("rows.sqlite").exists());
    let log = server.log()?;
    let warning = log
        .lines()
        .find(|line| line.contains("can read a file with a secret"));
    ensure!(
        warning.is_some_and(|line| line.contains("ACCESS_KEY_ID_FILE")),
        "{log}"
    );
    ensure!(!log.contains(&place.secret_key), "{log}");
    Ok(())
}

#[tokio::test]
async fn unusable_secret_files_are_explained() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let said = |variables: Vec<(String, String)>, command: &[&str]| -> Result<String> {
        let options =
            ServerOptions::new(executable(), directory.path()).with_environment(variables);
        let output = options.output(command)?;
        ensure!(!output.status.success());
        Ok(String::from_utf8(output.stderr)?)
    };
    let list: &[&str] = &["token", "list"];
    let missing = vec![(
        "RESTOW_DATABASE_URL_FILE".to_string(),
        "/nowhere/url".to_string(),
    )];
    let error = said(missing, list)?;
    ensure!(
        error.contains("--database-url-file: /nowhere/url") && error.contains("check its path"),
        "{error}"
    );

    let empty = vec![secret(directory.path(), "RESTOW_DATABASE_URL_FILE", "\n")?];
    let error = said(empty, list)?;
    ensure!(error.contains("the file is empty"), "{error}");

    let mut twice = vec![secret(
        directory.path(),
        "RESTOW_DATABASE_URL_FILE",
        "sqlite:x",
    )?];
    twice.push(("RESTOW_DATABASE_URL".to_string(), "sqlite:y".to_string()));
    let error = said(twice, list)?;
    ensure!(
        error.contains("--database-url and --database-url-file are both set"),
        "{error}"
    );

    let reap: &[&str] = &[
        "reap",
        "--s3-bucket",
        "data",
        "--s3-endpoint",
        "http://127.0.0.1:9",
    ];
    ServerOptions::new(executable(), directory.path()).run(&["migrate"])?;
    let key = secret(
        directory.path(),
        "RESTOW_S3_ACCESS_KEY_ID_FILE",
        "confidential",
    )?;
    let error = said(vec![key.clone()], reap)?;
    ensure!(
        error.contains("must be set together") && !error.contains("confidential"),
        "{error}"
    );

    let secret_key = secret(
        directory.path(),
        "RESTOW_S3_SECRET_ACCESS_KEY_FILE",
        "confidential",
    )?;
    let variable = ("AWS_ACCESS_KEY_ID".to_string(), "confidential".to_string());
    let error = said(vec![key.clone(), secret_key, variable], reap)?;
    ensure!(
        error.contains("AWS_ACCESS_KEY_ID and --s3-access-key-id-file are both set"),
        "{error}"
    );
    let error = said(vec![key], &["reap"])?;
    ensure!(error.contains("need --s3-bucket"), "{error}");
    Ok(())
}
