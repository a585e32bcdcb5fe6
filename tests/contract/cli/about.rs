//! `restow status`, `version`, `open` and `man`.

use std::os::unix::fs::PermissionsExt;

use anyhow::Result;
use restow_tests::fault_proxy::Fault;

use super::shell::{Shell, server_url};
use crate::fixture::{Proxied, System, csv, eventually};

#[tokio::test]
async fn status_shows_the_server_and_its_dependencies() -> Result<()> {
    let proxied = Proxied::start_with(&[])?;
    let shell = Shell::at(&proxied.system)?;
    let ran = shell.run(&["status"]).await?;
    assert!(
        ran.stdout.starts_with(server_url(&proxied.system.client)),
        "{ran:?}"
    );
    assert_eq!(ran.stdout.matches(" ok\n").count(), 3, "{ran:?}");
    assert!(ran.stdout.contains("accepted"), "{ran:?}");
    proxied
        .proxy
        .inject(None, 1.., Fault::Refuse(503, "SlowDown"));
    eventually("the status names S3", async || {
        let ran = shell.ends(8, &["status"]).await.ok()?;
        let is_named = |line: &str| line.contains("S3") && line.contains("unavailable");
        ran.stdout.lines().any(is_named).then_some(())
    })
    .await;
    proxied.proxy.heal();
    let shell = shell.with("RESTOW_TOKEN", "restow_unknown");
    eventually("the status says that the token is refused", async || {
        let ran = shell.ends(3, &["status"]).await.ok()?;
        ran.stdout.contains("401").then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn status_shows_datasets_and_their_jobs() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let dataset_id = system.dataset("weather").await?;
    system.dataset("empty").await?;
    system.publish(dataset_id, "rows.csv", csv(7)).await?;
    let ran = shell.run(&["status", "weather", "empty"]).await?;
    for text in ["weather", "committed", "rows.csv", "empty", "none"] {
        assert!(ran.stdout.contains(text), "{text}: {ran:?}");
    }
    let status = shell.json(&["status", "weather"]).await?;
    assert_eq!(status[0]["dataset"]["current_version"], 1);
    assert_eq!(status[0]["job"]["status"], "committed");
    shell.ends(4, &["status", "nowhere"]).await?;
    Ok(())
}

#[tokio::test]
async fn version_names_command_api_and_server() -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let ran = Shell::new()?.run(&["version"]).await?;
    assert!(
        ran.stdout.starts_with(&format!("restow {version}\n")),
        "{ran:?}"
    );
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let versions = shell.json(&["version"]).await?;
    assert_eq!(versions["command"], version);
    assert_eq!(versions["api"], "1.0.0");
    assert_eq!(versions["server"]["version"], version);
    assert_eq!(versions["server"]["api"], "1.0.0");
    let shell = shell.with("RESTOW_ENDPOINT", "http://127.0.0.1:9");
    let ran = shell.ends(8, &["version"]).await?;
    assert!(ran.stdout.starts_with("restow "), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn open_starts_a_browser_or_prints_the_url() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let url = format!("{}/docs", server_url(&system.client));
    let ran = shell.run(&["open"]).await?;
    assert_eq!(ran.line(), url);
    assert!(ran.stderr.contains("no browser"), "{ran:?}");
    let browser = shell.path("browser").display().to_string();
    let opened = shell.path("opened").display().to_string();
    let script = format!("#!/bin/sh\necho \"$1\" > '{opened}.new'\nmv '{opened}.new' '{opened}'\n");
    shell.write("browser", script)?;
    std::fs::set_permissions(&browser, PermissionsExt::from_mode(0o755))?;
    let shell = shell
        .with("BROWSER", &browser)
        .with("PATH", "/usr/bin:/bin");
    let ran = shell.run(&["open", "--no-browser"]).await?;
    assert_eq!((ran.line(), ran.stderr.as_str()), (url.as_str(), ""));
    let opening = shell.json(&["open"]).await?;
    assert_eq!(opening["is_opened"], true);
    eventually("the browser was started with the URL", async || {
        let opened = shell.read("opened").ok()?;
        (opened == format!("{url}\n")).then_some(())
    })
    .await;
    Shell::new()?.ends(3, &["open"]).await?;
    Ok(())
}

#[tokio::test]
async fn manual_has_a_page_for_every_command() -> Result<()> {
    let shell = Shell::new()?;
    let page = shell.run(&["man"]).await?.stdout;
    for text in [".TH restow 1", "RESTOW_PROFILE", "Exit codes"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    shell.run(&["man", "--output", "man"]).await?;
    for name in ["restow.1", "restow-push.1", "restow-dataset-policy.1"] {
        let page = String::from_utf8(shell.read(&format!("man/{name}"))?.to_vec())?;
        let title = format!(".TH {} 1", name.trim_end_matches(".1"));
        assert!(page.contains(&title), "{page}");
        assert!(page.contains("Example"), "{page}");
    }
    shell.write("file", "")?;
    let ran = shell.ends(1, &["man", "--output", "file"]).await?;
    assert!(ran.stderr.contains("cannot write manual pages"), "{ran:?}");
    Ok(())
}
