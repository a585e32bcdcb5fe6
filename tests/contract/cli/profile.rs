//! Profiles, and what `restow config` and `restow whoami` say about them.

use anyhow::Result;
use serde_json::Value;

use super::shell::{Ran, Shell, server_url};
use crate::fixture::System;

/// Logs in to a system under a profile.
async fn log_in(shell: &Shell, system: &System, profile: &str) -> Result<Ran> {
    shell.write("token", system.server.token())?;
    let endpoint = server_url(&system.client);
    let login =
        format!("restow login --profile {profile} --endpoint {endpoint} --token-stdin < token");
    Ran::of(shell.bash(&login)).await
}

/// Two systems, each with a dataset of its name, and a shell with a profile for each.
async fn two_profiles() -> Result<(System, System, Shell)> {
    let (one, two, shell) = (System::start()?, System::start()?, Shell::new()?);
    for (system, name) in [(&one, "one"), (&two, "two")] {
        system.dataset(name).await?;
        let ran = log_in(&shell, system, name).await?;
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    Ok((one, two, shell))
}

async fn datasets(shell: &Shell, options: &[&str]) -> Result<String> {
    let list = [&["dataset", "list", "--quiet"], options].concat();
    shell.run(&list).await?;
    let list = [&["dataset", "list", "--json"], options].concat();
    let listed = shell.run(&list).await?.json()?;
    Ok(listed[0]["name"].as_str().unwrap_or_default().to_string())
}

#[tokio::test]
async fn profiles_have_their_own_servers() -> Result<()> {
    let (one, _two, shell) = two_profiles().await?;
    assert_eq!(datasets(&shell, &["--profile", "one"]).await?, "one");
    assert_eq!(datasets(&shell, &["--profile", "two"]).await?, "two");
    // There is no default profile.
    shell.ends(3, &["dataset", "list"]).await?;
    let shell = shell.with("RESTOW_PROFILE", "two");
    assert_eq!(datasets(&shell, &[]).await?, "two");
    assert_eq!(datasets(&shell, &["--profile", "one"]).await?, "one");
    // Variables precede the profile of a variable, and the profile of the command line precedes all of them.
    let shell = shell
        .with("RESTOW_ENDPOINT", server_url(&one.client))
        .with("RESTOW_TOKEN", one.server.token());
    assert_eq!(datasets(&shell, &[]).await?, "one");
    assert_eq!(datasets(&shell, &["--profile", "two"]).await?, "two");
    Ok(())
}

#[tokio::test]
async fn missing_profile_is_named() -> Result<()> {
    let (_one, _two, shell) = two_profiles().await?;
    for arguments in [&["dataset", "list"][..], &["config"], &["whoami"]] {
        let ran = shell
            .ends(3, &[arguments, &["--profile", "three"]].concat())
            .await?;
        assert!(
            ran.stderr.contains("there is no profile three")
                && ran.stderr.contains("restow login --profile three"),
            "{ran:?}"
        );
    }
    shell.ends(2, &["config", "--profile", "../x"]).await?;
    let ran = shell
        .with("RESTOW_PROFILE", "../x")
        .ends(2, &["config"])
        .await?;
    assert!(ran.stderr.contains("RESTOW_PROFILE"), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn logout_deletes_one_profile() -> Result<()> {
    let (_one, _two, shell) = two_profiles().await?;
    let profiles = async |shell: &Shell| -> Result<Value> {
        Ok(shell.json(&["config"]).await?["profiles"].clone())
    };
    assert_eq!(profiles(&shell).await?, serde_json::json!(["one", "two"]));
    shell.run(&["logout", "--profile", "one"]).await?;
    assert_eq!(profiles(&shell).await?, serde_json::json!(["two"]));
    assert_eq!(datasets(&shell, &["--profile", "two"]).await?, "two");
    Ok(())
}

#[tokio::test]
async fn config_shows_settings_and_no_secrets() -> Result<()> {
    let (one, _two, shell) = two_profiles().await?;
    let shell = shell
        .with("HTTP_PROXY", "http://me:s3cr3t@127.0.0.1:9")
        .with("NO_PROXY", "localhost");
    let ran = shell.run(&["config", "--profile", "one"]).await?;
    for text in [
        "one (--profile)",
        "profiles/one.json",
        server_url(&one.client),
        "http://127.0.0.1:9 (HTTP_PROXY)",
        "localhost",
    ] {
        assert!(ran.stdout.contains(text), "{text}: {ran:?}");
    }
    let json = shell.run(&["config", "--profile", "one", "--json"]).await?;
    assert_eq!(json.json()?["endpoint"], server_url(&one.client));
    for ran in [ran, json] {
        for secret in ["s3cr3t", one.server.token()] {
            assert!(!ran.stdout.contains(secret), "{ran:?}");
        }
    }
    let ran = Shell::new()?.run(&["config"]).await?;
    assert!(ran.stdout.contains("run `restow login`"), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn whoami_says_where_the_token_comes_from() -> Result<()> {
    let (one, _two, shell) = two_profiles().await?;
    let who = shell.json(&["whoami", "--profile", "one"]).await?;
    assert_eq!(who["endpoint"], server_url(&one.client));
    assert_eq!(who["profile"], "one");
    assert_eq!(who["is_accepted"], true);
    assert!(
        who["token_from"]
            .as_str()
            .is_some_and(|from| from.ends_with("profiles/one.json")),
        "{who}"
    );
    let shell = Shell::at(&one)?.with("RESTOW_TOKEN", "restow_unknown");
    let ran = shell.ends(3, &["whoami"]).await?;
    assert!(
        ran.stdout.contains("refused by the server") && ran.stdout.contains("RESTOW_TOKEN"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("restow login"), "{ran:?}");
    assert!(!ran.stdout.contains("restow_unknown"), "{ran:?}");
    Shell::new()?.ends(3, &["whoami"]).await?;
    Ok(())
}
