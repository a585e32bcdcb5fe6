//! `restow login`: prompts on a terminal.

use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::io::AsyncWriteExt;

use super::shell::{Shell, credentials_file, exists, server_url};
use super::terminal::CTRL_C;
use crate::fixture::System;

#[tokio::test]
async fn login_prompt_hides_the_token() -> Result<()> {
    let system = System::start()?;
    let (shell, endpoint, token) = (
        Shell::new()?,
        server_url(&system.client),
        system.server.token(),
    );
    let terminal = shell.terminal(120, &["login"])?;
    terminal.shows("URL of the server: ").await;
    terminal.press(format!("{endpoint}\r").as_bytes()).await?;
    terminal.shows("Token (hidden): ").await;
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
        "the token was printed"
    );
    shell.run(&["dataset", "list"]).await?;

    // The next prompt offers the stored URL.
    let terminal = shell.terminal(120, &["login"])?;
    terminal
        .shows(&format!("URL of the server [{endpoint}]: "))
        .await;
    terminal.press(b"\r").await?;
    terminal.shows("Token (hidden): ").await;
    terminal.press(b"restow_mistyped\r").await?;
    assert_eq!(terminal.ended().await?.code, 3);
    shell.run(&["dataset", "list"]).await?;
    Ok(())
}

/// Logins until one that prints its prompt too early is all but sure to show the token.
const LOGINS: usize = 10;

#[tokio::test]
async fn token_pasted_at_once_is_hidden() -> Result<()> {
    let system = System::start()?;
    let (endpoint, token) = (server_url(&system.client), system.server.token());
    for login in 1..=LOGINS {
        let shell = Shell::new()?;
        let terminal = shell.terminal(120, &["login", "--endpoint", endpoint])?;
        terminal
            .press_when_shown("Token (hidden): ", format!("{token}\r").as_bytes())
            .await?;
        let ended = terminal.ended().await?;
        assert_eq!(ended.code, 0, "{}", ended.text());
        assert!(
            !String::from_utf8_lossy(&ended.bytes).contains(token),
            "login {login} printed the token"
        );
    }
    Ok(())
}

#[tokio::test]
async fn interrupted_prompt_restores_the_terminal() -> Result<()> {
    let shell = Shell::new()?;
    let line = "restow login --endpoint http://127.0.0.1:9; echo \"code $?\"; stty -a";
    let terminal = shell.terminal_of_sh(200, line)?;
    terminal.shows("Token (hidden): ").await;
    terminal.press(b"half a tok").await?;
    terminal.press(CTRL_C).await?;
    let ended = terminal.ended().await?;
    let text = ended.text();
    let (output, modes) = text.split_once("code 130").with_context(|| text.clone())?;
    assert!(
        output.contains("interrupted") && !output.contains("half a tok"),
        "{text}"
    );
    let modes: Vec<_> = modes.split([' ', '\n', ';']).collect();
    for mode in ["echo", "icanon", "isig"] {
        assert!(modes.contains(&mode), "{mode} is off: {text}");
    }
    assert!(!exists(&credentials_file(&shell)));
    Ok(())
}

#[tokio::test]
async fn login_without_terminal_does_not_prompt() -> Result<()> {
    let shell = Shell::new()?;
    let ran = shell.ends(2, &["login"]).await?;
    assert!(ran.stderr.contains("--endpoint"), "{ran:?}");
    let ran = shell
        .ends(2, &["login", "--endpoint", "http://127.0.0.1:9"])
        .await?;
    assert!(ran.stderr.contains("--token-stdin"), "{ran:?}");
    // Without a line feed, the end of the input ends the token.
    let mut child = shell.command(&["login", "--endpoint", "http://127.0.0.1:9", "--token-stdin"]);
    let mut child = child.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    child
        .stdin
        .take()
        .context("no standard input")?
        .shutdown()
        .await?;
    assert_eq!(child.wait_with_output().await?.status.code(), Some(3));
    Ok(())
}
