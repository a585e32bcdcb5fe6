//! `restow doctor`: its findings, and its cleanup.

use anyhow::{Result, ensure};
use chrono::TimeDelta;
use restow_tests::fault_proxy::Fault;
use serde_json::Value;
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::server_state::datasets;
use super::shell::{Shell, server_url};
use super::terminal::CTRL_C;
use crate::fixture::{Clock, FaultyLine, System, eventually};

/// All checks, in order.
const CHECKS: [&str; 12] = [
    "server_proxy",
    "server",
    "server_clock",
    "dependencies",
    "token",
    "s3_proxy",
    "upload",
    "s3_clock",
    "etag",
    "cors",
    "job",
    "copy",
];

/// The finding of a check in the JSON output.
fn finding<'a>(findings: &'a Value, name: &str) -> &'a Value {
    findings
        .as_array()
        .into_iter()
        .flatten()
        .find(|finding| finding["name"] == name)
        .unwrap_or(&Value::Null)
}

/// Fails if the server has datasets, or the bucket objects or uploads, after the reaper has run.
async fn assert_nothing_is_left(system: &System) -> Result<()> {
    let datasets = datasets(system).await?;
    ensure!(datasets.is_empty(), "{datasets:?}");
    system.reap(&[])?;
    let bucket = system.bucket();
    let (objects, uploads) = (bucket.objects().await?, bucket.uploads().await?);
    ensure!(
        objects.is_empty() && uploads.is_empty(),
        "{objects:?} {uploads:?}"
    );
    Ok(())
}

#[tokio::test]
async fn healthy_system_passes_every_check() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let ran = shell.run(&["doctor"]).await?;
    let lines: Vec<Vec<_>> = ran
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let checks: Vec<_> = lines
        .iter()
        .filter(|line| ["ok", "info", "warning", "FAILED"].contains(&line[0]))
        .collect();
    assert_eq!(
        checks.iter().map(|line| line[1]).collect::<Vec<_>>(),
        CHECKS,
        "{ran:?}"
    );
    assert!(
        checks
            .iter()
            .all(|line| line[0] == "ok" || line[1] == "copy"),
        "{ran:?}"
    );
    assert!(
        ran.stdout.contains(server_url(&system.client)) && ran.stderr.is_empty(),
        "{ran:?}"
    );
    assert_nothing_is_left(&system).await
}

#[tokio::test]
async fn json_findings_include_every_check() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?;
    let findings = shell
        .json(&["doctor", "--origin", "https://app.example"])
        .await?;
    assert_eq!(
        findings.as_array().map(Vec::len),
        Some(CHECKS.len()),
        "{findings}"
    );
    let cors = finding(&findings, "cors");
    assert!(
        cors["message"]
            .as_str()
            .is_some_and(|message| message.contains("https://app.example")),
        "{cors}"
    );
    assert_nothing_is_left(&system).await
}

#[tokio::test]
async fn unreachable_server_fails_the_first_check() -> Result<()> {
    let nowhere = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    let shell = Shell::new()?
        .with("RESTOW_TOKEN", "restow_x")
        .with("RESTOW_ENDPOINT", &format!("http://{nowhere}"));
    let ran = shell.ends(1, &["doctor"]).await?;
    assert!(
        ran.stdout.contains(&format!(
            "\nFAILED   server        http://{nowhere} cannot be reached"
        )),
        "{ran:?}"
    );
    let quiet = shell.ends(1, &["doctor", "--quiet"]).await?.stdout;
    assert!(
        quiet.starts_with("FAILED") && ran.stdout.ends_with(&quiet),
        "{quiet}"
    );
    let findings = shell.ends(1, &["doctor", "--json"]).await?.json()?;
    assert_eq!(finding(&findings, "server")["status"], "failed");
    let ran = Shell::new()?.ends(1, &["doctor"]).await?;
    assert!(ran.stdout.contains("restow login"), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn failing_check_is_named() -> Result<()> {
    let line = FaultyLine::start()?;
    let shell = Shell::at(&line.system)?;
    for (fault, text) in [
        (Fault::Refuse(403, "AccessDenied"), "403"),
        (Fault::Reset, "cannot be reached"),
    ] {
        line.proxy.inject(None, 1.., fault);
        let ran = shell.ends(1, &["doctor"]).await?;
        let failed: Vec<_> = ran
            .stdout
            .lines()
            .filter(|line| line.starts_with("FAILED"))
            .collect();
        assert_eq!(failed.len(), 1, "{ran:?}");
        assert!(
            failed[0].contains("upload") && failed[0].contains(text),
            "{ran:?}"
        );
        // Signatures are secret.
        assert!(!ran.stdout.contains("X-Amz"), "{ran:?}");
        line.proxy.heal();
        assert_nothing_is_left(&line.system).await?;
    }
    let ran = shell
        .with("RESTOW_TOKEN", "restow_unknown")
        .ends(1, &["doctor"])
        .await?;
    assert!(ran.stdout.contains("\nFAILED   token "), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn interrupted_doctor_deletes_its_dataset() -> Result<()> {
    let line = FaultyLine::start()?;
    line.proxy.inject(None, 1.., Fault::Hang);
    let shell = Shell::at(&line.system)?;
    let terminal = shell.terminal(100, &["doctor"])?;
    eventually("an upload under way", async || {
        (!line.proxy.seen().is_empty()).then_some(())
    })
    .await;
    let created = datasets(&line.system).await?;
    assert!(
        created.len() == 1 && created[0].name.starts_with("restow-doctor-"),
        "{created:?}"
    );
    terminal.press(CTRL_C).await?;
    let ended = terminal.ended().await?;
    assert!(
        ended.code == 130 && ended.text().contains("interrupted"),
        "{}",
        ended.text()
    );
    line.proxy.heal();
    assert_nothing_is_left(&line.system).await
}

#[tokio::test]
async fn clock_skew_is_a_warning() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let clock = Clock::of(&system);
    clock.set(TimeDelta::minutes(5))?;
    let system = system.kill_and_restart_with(vec![clock.variable()]).await?;
    let findings = Shell::at(&system)?.json(&["doctor"]).await?;
    let warnings: Vec<_> = findings
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| one["status"] == "warning")
        .collect();
    let is_reported = |text: &str| {
        warnings.iter().any(|one| {
            one["message"]
                .as_str()
                .is_some_and(|message| message.contains(text))
        })
    };
    assert!(is_reported("the clock of S3"), "{findings}");
    Ok(())
}

/// A proxy in front of a server that passes on the API alone; each connection is for what its first request is for.
async fn exposing_the_api(server: &str) -> Result<String> {
    let server = server.trim_start_matches("http://").to_string();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let server = server.clone();
            tokio::spawn(async move {
                let mut line = [0; 16];
                let length = client.peek(&mut line).await?;
                if String::from_utf8_lossy(&line[..length]).contains(" /api/") {
                    let mut server = TcpStream::connect(server).await?;
                    copy_bidirectional(&mut client, &mut server).await?;
                } else {
                    let refusal =
                        b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    client.write_all(refusal).await?;
                }
                std::io::Result::Ok(())
            });
        }
    });
    Ok(url)
}

#[tokio::test]
async fn server_whose_probes_are_internal_is_checked() -> Result<()> {
    let system = System::start()?;
    let url = exposing_the_api(server_url(&system.client)).await?;
    let shell = Shell::at(&system)?.with("RESTOW_ENDPOINT", &url);
    let findings = shell.json(&["doctor"]).await?;
    let server = finding(&findings, "server");
    assert_eq!(server["status"], "info", "{findings}");
    assert_eq!(finding(&findings, "dependencies"), &Value::Null);
    for check in ["token", "upload", "job", "copy"] {
        assert_eq!(finding(&findings, check)["status"], "ok", "{findings}");
    }
    Ok(())
}
