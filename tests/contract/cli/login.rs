//! `restow login` and `restow logout`: storage, precedence and secrecy of the token.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use anyhow::{Result, ensure};
use serde_json::Value;

use super::shell::{Ran, Shell, credentials_file, exists, server_url};
use crate::fixture::System;

/// Runs `restow login` with a token on the standard input.
async fn log_in(shell: &Shell, endpoint: &str, token: &str, options: &[&str]) -> Result<Ran> {
    let login = ["login", "--endpoint", endpoint, "--token-stdin"];
    let mut command = shell.command(&[&login[..], options].concat());
    let (reader, mut writer) = std::io::pipe()?;
    command.stdin(reader);
    std::io::Write::write_all(&mut writer, format!("{token}\n").as_bytes())?;
    drop(writer);
    Ran::of(command).await
}

/// A system, and a shell that is logged in to it.
async fn logged_in() -> Result<(System, Shell)> {
    let (system, shell) = (System::start()?, Shell::new()?);
    let endpoint = server_url(&system.client);
    let ran = log_in(&shell, endpoint, system.server.token(), &[]).await?;
    ensure!(ran.code == 0, "{ran:?}");
    Ok((system, shell))
}

#[tokio::test]
async fn stored_token_is_private() -> Result<()> {
    let system = System::start()?;
    let (shell, endpoint, token) = (
        Shell::new()?,
        server_url(&system.client),
        system.server.token(),
    );
    let ran = log_in(&shell, &format!("{endpoint}/"), token, &[]).await?;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout
            .starts_with(&format!("logged in to {endpoint}; ")),
        "{ran:?}"
    );
    let mode = |path| -> Result<u32> { Ok(fs::metadata(path)?.permissions().mode() & 0o777) };
    assert_eq!(mode(credentials_file(&shell))?, 0o600);
    assert_eq!(mode(shell.config().join("restow"))?, 0o700);
    let file: Value = serde_json::from_slice(&fs::read(credentials_file(&shell))?)?;
    assert_eq!(
        (&file["endpoint"], &file["token"]),
        (&endpoint.into(), &token.into())
    );
    Ok(())
}

#[tokio::test]
async fn stored_token_is_used_until_logout() -> Result<()> {
    let (system, shell) = logged_in().await?;
    system.dataset("weather").await?;
    let listed = shell.run(&["dataset", "list"]).await?;
    assert!(listed.stdout.contains("weather"), "{listed:?}");
    // The token is used for its own server only.
    let other = System::start()?;
    let ran = shell
        .ends(
            3,
            &["dataset", "list", "--endpoint", server_url(&other.client)],
        )
        .await?;
    assert!(ran.stderr.contains("not logged in to"), "{ran:?}");

    assert_eq!(shell.json(&["logout"]).await?["logged_out"], true);
    assert!(!exists(&credentials_file(&shell)));
    assert_eq!(shell.json(&["logout"]).await?["logged_out"], false);
    shell.ends(3, &["dataset", "list"]).await?;
    Ok(())
}

#[tokio::test]
async fn refused_token_is_not_stored() -> Result<()> {
    let system = System::start()?;
    let (shell, endpoint) = (Shell::new()?, server_url(&system.client));
    for token in ["restow_unknown", "", "two\nlines"] {
        let ran = log_in(&shell, endpoint, token, &[]).await?;
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(!exists(&credentials_file(&shell)));
    }
    assert_eq!(
        log_in(&shell, endpoint, system.server.token(), &[])
            .await?
            .code,
        0
    );
    let before = fs::read(credentials_file(&shell))?;
    assert_eq!(
        log_in(&shell, endpoint, "restow_unknown", &[]).await?.code,
        3
    );
    assert_eq!(fs::read(credentials_file(&shell))?, before);
    // No temporary files are left.
    assert_eq!(fs::read_dir(shell.config().join("restow"))?.count(), 1);
    Ok(())
}

/// Spellings of a token that an editor, a shell or Windows makes of it.
fn spellings(token: &str) -> [String; 5] {
    [
        format!("{token}\n"),
        format!("{token}\r\n"),
        format!("\u{feff}{token}"),
        format!("  {token}\t\n\n"),
        format!("\u{feff}{token}\r\n"),
    ]
}

#[tokio::test]
async fn blanks_around_a_token_are_ignored() -> Result<()> {
    let system = System::start()?;
    let (endpoint, token) = (server_url(&system.client), system.server.token());
    for spelling in spellings(token) {
        let shell = Shell::at(&system)?.with("RESTOW_TOKEN", &spelling);
        shell.run(&["dataset", "list"]).await?;
        let shell = Shell::new()?;
        let ran = log_in(&shell, endpoint, &spelling, &[]).await?;
        assert_eq!(ran.code, 0, "{spelling:?}: {ran:?}");
        let file: Value = serde_json::from_slice(&fs::read(credentials_file(&shell))?)?;
        assert_eq!(file["token"], token, "{spelling:?}");
        // A file that was edited by hand.
        let edited = serde_json::json!({ "endpoint": endpoint, "token": spelling });
        fs::write(credentials_file(&shell), edited.to_string())?;
        shell.run(&["dataset", "list"]).await?;
        let shell = shell.with("RESTOW_TOKEN", " \r\n");
        shell.run(&["dataset", "list"]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn endpoint_needs_no_scheme() -> Result<()> {
    let (system, shell) = (System::start()?, Shell::new()?);
    let url = server_url(&system.client);
    let address = url.trim_start_matches("http://");
    let ran = log_in(&shell, address, system.server.token(), &[]).await?;
    assert!(
        ran.code == 0 && ran.stdout.starts_with(&format!("logged in to {url}; ")),
        "{ran:?}"
    );
    let file: Value = serde_json::from_slice(&fs::read(credentials_file(&shell))?)?;
    assert_eq!(file["endpoint"], url);
    for endpoint in [address, url, &format!("{address}/api")] {
        shell
            .run(&["dataset", "list", "--endpoint", endpoint])
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn environment_overrides_stored_credentials() -> Result<()> {
    let (system, mut shell) = logged_in().await?;
    system.dataset("mine").await?;
    let alice = system.token_of("alice")?;
    let of_alice = system.client_with(&alice)?;
    of_alice
        .api()
        .create_dataset()
        .body_map(|body| body.name("of Alice"))
        .send()
        .await?;

    shell = shell.with("RESTOW_TOKEN", &alice);
    let listed = shell.run(&["dataset", "list"]).await?.stdout;
    assert!(
        listed.contains("of Alice") && !listed.contains("mine"),
        "{listed}"
    );
    let endpoint = server_url(&system.client);
    let ran = log_in(&shell, endpoint, system.server.token(), &[]).await?;
    assert!(
        ran.code == 0 && ran.stderr.contains("warning: RESTOW_TOKEN is set"),
        "{ran:?}"
    );
    // An empty variable counts as unset.
    for name in ["RESTOW_TOKEN", "RESTOW_ENDPOINT"] {
        shell = shell.with(name, "");
        let listed = shell.run(&["dataset", "list"]).await?.stdout;
        assert!(listed.contains("mine"), "{listed}");
    }
    shell = shell.with("RESTOW_ENDPOINT", "http://127.0.0.1:9");
    shell.ends(3, &["dataset", "list"]).await?;
    Ok(())
}

#[tokio::test]
async fn invalid_endpoint_is_refused_without_echo() -> Result<()> {
    let system = System::start()?;
    let (new, logged_in) = (Shell::new()?, Shell::new()?);
    assert_eq!(
        log_in(
            &logged_in,
            server_url(&system.client),
            system.server.token(),
            &[]
        )
        .await?
        .code,
        0
    );
    for shell in [new, logged_in] {
        for endpoint in [
            "ftp://restow.example",
            "https://me:hunter2@restow.example",
            "me:hunter2@restow.example",
        ] {
            for command in [&["dataset", "list"][..], &["login"]] {
                let ran = shell
                    .ends(2, &[command, &["--endpoint", endpoint]].concat())
                    .await?;
                assert!(
                    ran.stderr.contains("pass the URL of the server")
                        && !ran.stderr.contains("hunter2"),
                    "{ran:?}"
                );
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn token_is_never_printed() -> Result<()> {
    let system = System::start()?;
    let (mut shell, endpoint, token) = (
        Shell::new()?,
        server_url(&system.client),
        system.server.token(),
    );
    let mut outputs = Vec::new();
    for options in [&[][..], &["--json"], &["--quiet"]] {
        outputs.push(log_in(&shell, endpoint, token, options).await?);
    }
    for arguments in [
        &["doctor"][..],
        &["doctor", "--json"],
        &["dataset", "list", "--json"],
        &["logout", "--json"],
    ] {
        outputs.push(shell.run(arguments).await?);
    }
    shell = shell.with("RESTOW_TOKEN", token);
    for arguments in [&["--help"][..], &["login", "--help"]] {
        outputs.push(shell.run(arguments).await?);
    }
    fs::write(
        credentials_file(&shell),
        format!("{{\"endpoint\": \"{endpoint}\", \"token\": {token}}}"),
    )?;
    shell = shell.without("RESTOW_TOKEN");
    outputs.push(shell.ends(1, &["dataset", "list"]).await?);
    for ran in outputs {
        assert!(
            !ran.stdout.contains(token) && !ran.stderr.contains(token),
            "{ran:?}"
        );
    }
    Ok(())
}
