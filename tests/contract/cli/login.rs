//! `restow login` and `restow logout`: where the token is kept, for whom, and what never shows it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use super::shell::{Ran, Shell, exists, server_url};
use super::terminal::CTRL_C;
use crate::fixture::System;

/// Logs in with a token on the standard input, and says how that ended.
async fn log_in(shell: &Shell, endpoint: &str, token: &str, options: &[&str]) -> Result<Ran> {
    let login = ["login", "--endpoint", endpoint, "--token-stdin"];
    let mut command = shell.command(&[&login[..], options].concat());
    let (reader, mut writer) = std::io::pipe()?;
    command.stdin(reader);
    std::io::Write::write_all(&mut writer, format!("{token}\n").as_bytes())?;
    drop(writer);
    Ran::of(command).await
}

fn kept(shell: &Shell) -> std::path::PathBuf {
    shell.config().join("restow").join("credentials.json")
}

#[tokio::test]
async fn a_token_is_kept_for_its_owner_alone_and_used_from_then_on() -> Result<()> {
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
    assert_eq!(mode(kept(&shell))?, 0o600);
    assert_eq!(mode(shell.config().join("restow"))?, 0o700);
    let file: Value = serde_json::from_slice(&fs::read(kept(&shell))?)?;
    assert_eq!(
        (&file["endpoint"], &file["token"]),
        (&endpoint.into(), &token.into())
    );

    system.dataset("weather").await?;
    let listed = shell.run(&["dataset", "list"]).await?;
    assert!(listed.stdout.contains("weather"), "{listed:?}");
    // The token is for the server that gave it out.
    let other = System::start()?;
    let ran = shell
        .ends(
            3,
            &["dataset", "list", "--endpoint", server_url(&other.client)],
        )
        .await?;
    assert!(ran.stderr.contains("not logged in to"), "{ran:?}");

    assert_eq!(shell.json(&["logout"]).await?["logged_out"], true);
    assert!(!exists(&kept(&shell)));
    assert_eq!(shell.json(&["logout"]).await?["logged_out"], false);
    shell.ends(3, &["dataset", "list"]).await?;
    Ok(())
}

#[tokio::test]
async fn a_token_that_is_refused_is_not_kept_and_the_one_before_stays() -> Result<()> {
    let system = System::start()?;
    let (shell, endpoint) = (Shell::new()?, server_url(&system.client));
    for token in ["restow_of_somebody_else", "", "two\nlines"] {
        let ran = log_in(&shell, endpoint, token, &[]).await?;
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(!exists(&kept(&shell)));
    }
    assert_eq!(
        log_in(&shell, endpoint, system.server.token(), &[])
            .await?
            .code,
        0
    );
    let before = fs::read(kept(&shell))?;
    assert_eq!(
        log_in(&shell, endpoint, "restow_of_somebody_else", &[])
            .await?
            .code,
        3
    );
    assert_eq!(fs::read(kept(&shell))?, before);
    // Nothing is left of the attempts.
    assert_eq!(fs::read_dir(shell.config().join("restow"))?.count(), 1);
    Ok(())
}

#[tokio::test]
async fn the_environment_wins_over_what_is_kept() -> Result<()> {
    let system = System::start()?;
    let (mut shell, endpoint) = (Shell::new()?, server_url(&system.client));
    assert_eq!(
        log_in(&shell, endpoint, system.server.token(), &[])
            .await?
            .code,
        0
    );
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
    let ran = log_in(&shell, endpoint, system.server.token(), &[]).await?;
    assert!(
        ran.code == 0 && ran.stderr.contains("warning: RESTOW_TOKEN is set"),
        "{ran:?}"
    );
    // An empty variable is none.
    shell = shell.with("RESTOW_TOKEN", "");
    assert!(
        shell
            .run(&["dataset", "list"])
            .await?
            .stdout
            .contains("mine")
    );
    shell = shell.with("RESTOW_ENDPOINT", "");
    assert!(
        shell
            .run(&["dataset", "list"])
            .await?
            .stdout
            .contains("mine")
    );
    shell = shell.with("RESTOW_ENDPOINT", "http://127.0.0.1:9");
    shell.ends(3, &["dataset", "list"]).await?;
    Ok(())
}

#[tokio::test]
async fn an_endpoint_that_is_none_is_told_of_before_a_token_is_asked_for_and_not_repeated()
-> Result<()> {
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
        for endpoint in ["restow.example", "https://me:password@restow.example"] {
            for command in [&["dataset", "list"][..], &["login"]] {
                let ran = shell
                    .ends(2, &[command, &["--endpoint", endpoint]].concat())
                    .await?;
                assert!(
                    ran.stderr.contains("write the server's URL")
                        && !ran.stderr.contains("password"),
                    "{ran:?}"
                );
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_token_is_never_shown() -> Result<()> {
    let system = System::start()?;
    let (mut shell, endpoint, token) = (
        Shell::new()?,
        server_url(&system.client),
        system.server.token(),
    );
    let mut said = Vec::new();
    for options in [&[][..], &["--json"], &["--quiet"]] {
        said.push(log_in(&shell, endpoint, token, options).await?);
    }
    for arguments in [
        &["doctor"][..],
        &["doctor", "--json"],
        &["dataset", "list", "--json"],
        &["logout", "--json"],
    ] {
        said.push(shell.run(arguments).await?);
    }
    shell = shell.with("RESTOW_TOKEN", token);
    for arguments in [&["--help"][..], &["login", "--help"]] {
        said.push(shell.run(arguments).await?);
    }
    fs::write(
        kept(&shell),
        format!("{{\"endpoint\": \"{endpoint}\", \"token\": {token}}}"),
    )?;
    said.push(
        shell
            .without("RESTOW_TOKEN")
            .ends(1, &["dataset", "list"])
            .await?,
    );
    for ran in said {
        assert!(
            !ran.stdout.contains(token) && !ran.stderr.contains(token),
            "{ran:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_person_is_asked_for_both_and_the_token_does_not_appear() -> Result<()> {
    let system = System::start()?;
    let (shell, endpoint, token) = (
        Shell::new()?,
        server_url(&system.client),
        system.server.token(),
    );
    let terminal = shell.terminal(120, &["login"])?;
    terminal.shows("Server's URL: ").await;
    terminal.press(format!("{endpoint}\r").as_bytes()).await?;
    terminal.shows("Token (not shown): ").await;
    terminal.press(format!("{token}\r").as_bytes()).await?;
    let ended = terminal.ended().await?;
    assert_eq!(ended.code, 0, "{}", ended.text());
    assert!(
        ended.text().contains(&format!("logged in to {endpoint}; ")),
        "{}",
        ended.text()
    );
    assert!(
        !String::from_utf8_lossy(&ended.bytes).contains(token),
        "the token was shown"
    );
    shell.run(&["dataset", "list"]).await?;

    // The next time, the server's URL is offered.
    let terminal = shell.terminal(120, &["login"])?;
    terminal
        .shows(&format!("Server's URL [{endpoint}]: "))
        .await;
    terminal.press(b"\r").await?;
    terminal.shows("Token (not shown): ").await;
    terminal.press(b"restow_mistyped\r").await?;
    assert_eq!(terminal.ended().await?.code, 3);
    shell.run(&["dataset", "list"]).await?;
    Ok(())
}

#[tokio::test]
async fn whoever_interrupts_the_question_gets_their_terminal_back() -> Result<()> {
    let shell = Shell::new()?;
    let line = "restow login --endpoint http://127.0.0.1:9; echo \"code $?\"; stty -a";
    let terminal = shell.terminal_of_sh(200, line)?;
    terminal.shows("Token (not shown): ").await;
    terminal.press(b"half a tok").await?;
    terminal.press(CTRL_C).await?;
    let ended = terminal.ended().await?;
    let text = ended.text();
    let (said, modes) = text.split_once("code 130").with_context(|| text.clone())?;
    assert!(
        said.contains("interrupted") && !said.contains("half a tok"),
        "{text}"
    );
    let modes: Vec<_> = modes.split([' ', '\n', ';']).collect();
    for mode in ["echo", "icanon", "isig"] {
        assert!(modes.contains(&mode), "{mode} is off: {text}");
    }
    assert!(!exists(&kept(&shell)));
    Ok(())
}

#[tokio::test]
async fn without_a_terminal_nobody_is_asked() -> Result<()> {
    let shell = Shell::new()?;
    let ran = shell.ends(2, &["login"]).await?;
    assert!(ran.stderr.contains("--endpoint"), "{ran:?}");
    let ran = shell
        .ends(2, &["login", "--endpoint", "http://127.0.0.1:9"])
        .await?;
    assert!(ran.stderr.contains("--token-stdin"), "{ran:?}");
    // Half a token is none: whoever closes the input has given what they have.
    let mut child = shell.command(&["login", "--endpoint", "http://127.0.0.1:9", "--token-stdin"]);
    let mut child = child.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    child.stdin.take().context("no input")?.shutdown().await?;
    assert_eq!(child.wait_with_output().await?.status.code(), Some(3));
    Ok(())
}
