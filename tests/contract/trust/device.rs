//! Login by device authorization.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Site;
use crate::cli::shell::{Ran, Shell, credentials_file, server_url};
use crate::cli::terminal::CTRL_C;
use crate::fixture::eventually;

/// A server whose issuer offers device authorization.
fn start() -> Result<Site> {
    Site::start_with(&json!({
        "bearer-tokens": true,
        "device": { "client-id": "restow-cli", "token": "id_token" },
    }))
}

fn shell(site: &Site) -> Result<Shell> {
    Ok(Shell::new()?.with("RESTOW_ENDPOINT", server_url(&site.system.client)))
}

/// A response with tokens for `subject`.
fn tokens(site: &Site, subject: &str, expires_in: i64) -> Result<(u16, Value)> {
    let id_token = site
        .issuer
        .token(&json!({ "sub": subject, "scope": "read upload commit" }))?;
    let response = json!({
        "access_token": "opaque",
        "id_token": id_token,
        "refresh_token": format!("refresh-{subject}"),
        "expires_in": expires_in,
    });
    Ok((200, response))
}

fn error(code: &str) -> (u16, Value) {
    (400, json!({ "error": code }))
}

fn stored(shell: &Shell) -> Result<Value> {
    Ok(serde_json::from_slice(&fs::read(credentials_file(shell))?)?)
}

async fn log_in(shell: &Shell) -> Result<Ran> {
    Ran::of(shell.command(&["login"])).await
}

#[tokio::test]
async fn confirmed_code_logs_in() -> Result<()> {
    let site = start()?;
    let shell = shell(&site)?;
    let pending = error("authorization_pending");
    site.issuer
        .set_token_responses(&[pending.clone(), pending, tokens(&site, "alice", 300)?]);
    let ran = log_in(&shell).await?;
    assert_eq!(ran.code, 0, "{ran:?}");
    for text in [
        "/activate and enter the code WDJB-MJHT",
        "user_code=WDJB-MJHT",
    ] {
        assert!(ran.stderr.contains(text), "{ran:?}");
    }
    let requests = site.issuer.token_requests();
    assert_eq!(requests.len(), 3);
    for field in [
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code",
        "device_code=the-device-code",
        "client_id=restow-cli",
    ] {
        assert!(requests[0].contains(field), "{requests:?}");
    }
    let file = stored(&shell)?;
    let token = file["token"].as_str().unwrap_or_default();
    assert!(!ran.stdout.contains(token) && !ran.stderr.contains(token));
    let whoami = shell.run(&["whoami"]).await?;
    assert!(
        whoami.stdout.contains("test:alice") || whoami.stdout.contains("accepted"),
        "{whoami:?}"
    );
    shell.run(&["dataset", "create", "weather"]).await?;
    Ok(())
}

#[tokio::test]
async fn refusals_store_nothing() -> Result<()> {
    let site = start()?;
    let shell = shell(&site)?;
    for (code, text) in [
        ("access_denied", "denied"),
        ("expired_token", "expired"),
        ("invalid_client", "invalid_client"),
    ] {
        site.issuer.set_token_responses(&[error(code)]);
        let ran = log_in(&shell).await?;
        assert!(ran.code == 3 && ran.stderr.contains(text), "{ran:?}");
        assert!(!credentials_file(&shell).exists());
    }
    // A token that the server does not accept.
    let foreign = site
        .issuer
        .token(&json!({ "aud": "https://other.example" }))?;
    site.issuer
        .set_token_responses(&[(200, json!({ "id_token": foreign }))]);
    assert_eq!(log_in(&shell).await?.code, 3);
    assert!(!credentials_file(&shell).exists());
    Ok(())
}

#[tokio::test]
async fn expired_token_is_renewed() -> Result<()> {
    let site = start()?;
    let shell = shell(&site)?;
    site.issuer
        .set_token_responses(&[tokens(&site, "alice", 1)?]);
    assert_eq!(log_in(&shell).await?.code, 0);
    let before = stored(&shell)?;
    site.issuer
        .set_token_responses(&[tokens(&site, "alice", 600)?]);
    shell.run(&["dataset", "list"]).await?;
    let after = stored(&shell)?;
    assert_ne!(before["token"], after["token"]);
    let expires_at: DateTime<Utc> = serde_json::from_value(after["renewal"]["expires_at"].clone())?;
    assert!(expires_at > Utc::now() + TimeDelta::minutes(5));
    let requests = site.issuer.token_requests();
    let last = requests.last().map_or("", String::as_str);
    assert!(
        last.contains("grant_type=refresh_token") && last.contains("refresh_token=refresh-alice"),
        "{last}"
    );
    // A token that is good is not renewed.
    shell.run(&["dataset", "list"]).await?;
    assert_eq!(site.issuer.token_requests().len(), requests.len());
    Ok(())
}

/// Whether a process has this file open.
fn has_open(process: u32, path: &Path) -> bool {
    let Ok(descriptors) = fs::read_dir(format!("/proc/{process}/fd")) else {
        return false;
    };
    descriptors
        .flatten()
        .any(|descriptor| fs::read_link(descriptor.path()).is_ok_and(|open| open == path))
}

#[tokio::test]
async fn concurrent_commands_renew_a_token_once() -> Result<()> {
    let site = start()?;
    let shell = shell(&site)?;
    site.issuer
        .set_token_responses(&[tokens(&site, "alice", 1)?]);
    assert_eq!(log_in(&shell).await?.code, 0);
    let before = site.issuer.token_requests().len();
    // An issuer whose refresh tokens can be used once.
    site.issuer
        .set_token_responses(&[tokens(&site, "alice", 600)?, error("invalid_grant")]);
    // Both commands find the expired token, and wait for the lock, before either renews it.
    let path = credentials_file(&shell).with_extension("lock");
    let lock = File::create(&path)?;
    lock.lock()?;
    let path = path.canonicalize()?;
    let mut commands = Vec::new();
    for _ in 0..2 {
        let mut command = shell.command(&["dataset", "list"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let command = command.spawn()?;
        let process = command.id().context("the command has ended")?;
        commands.push((command, process));
    }
    eventually("both commands wait for the lock", async || {
        let mut all = commands.iter();
        all.all(|(_, process)| has_open(*process, &path))
            .then_some(())
    })
    .await;
    drop(lock);
    for (command, _) in commands {
        let output = command.wait_with_output().await?;
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(site.issuer.token_requests().len(), before + 1);
    Ok(())
}

#[tokio::test]
async fn ended_login_is_said() -> Result<()> {
    let site = start()?;
    let shell = shell(&site)?;
    site.issuer
        .set_token_responses(&[tokens(&site, "alice", 1)?]);
    assert_eq!(log_in(&shell).await?.code, 0);
    site.issuer.set_token_responses(&[error("invalid_grant")]);
    let ran = shell.ends(3, &["dataset", "list"]).await?;
    assert!(ran.stderr.contains("run `restow login` again"), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn interrupted_login_ends_at_once() -> Result<()> {
    let site = start()?;
    let shell = shell(&site)?;
    site.issuer
        .set_token_responses(&[error("authorization_pending")]);
    let terminal = shell.terminal(100, &["login"])?;
    terminal.press_when_shown("WDJB-MJHT", CTRL_C).await?;
    assert_eq!(terminal.ended().await?.code, 130);
    assert!(!credentials_file(&shell).exists());
    Ok(())
}

#[tokio::test]
async fn token_is_prompted_for_on_demand() -> Result<()> {
    let site = start()?;
    let shell = shell(&site)?;
    let terminal = shell.terminal(100, &["login", "--prompt"])?;
    let keys = format!("{}\r", site.system.server.token());
    terminal
        .press_when_shown("Token (hidden):", keys.as_bytes())
        .await?;
    assert_eq!(terminal.ended().await?.code, 0);
    assert_eq!(site.issuer.requests("/device"), 0);
    Ok(())
}
