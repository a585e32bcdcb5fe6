//! `restow doctor`: it finds what is wrong, and leaves nothing behind.

use std::net::TcpListener;

use anyhow::{Result, ensure};
use chrono::TimeDelta;
use restow_tests::fault_proxy::Fault;
use serde_json::Value;

use super::shell::{Shell, server_url};
use super::terminal::CTRL_C;
use crate::fixture::{Clock, FaultyLine, System, eventually};

/// All checks, in order.
const CHECKS: [&str; 10] = [
    "server",
    "server_clock",
    "dependencies",
    "token",
    "upload",
    "s3_clock",
    "etag",
    "cors",
    "job",
    "copy",
];

/// What JSON findings say of a check.
fn finding<'a>(findings: &'a Value, name: &str) -> &'a Value {
    findings
        .as_array()
        .into_iter()
        .flatten()
        .find(|finding| finding["name"] == name)
        .unwrap_or(&Value::Null)
}

/// Fails if there is anything on the server, once the server has removed what it was told to.
async fn assert_nothing_is_left(system: &System) -> Result<()> {
    let datasets = system
        .client
        .api()
        .list_datasets()
        .send()
        .await?
        .into_inner()
        .items;
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
async fn a_healthy_system_passes_every_check_and_keeps_nothing() -> Result<()> {
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
    assert_nothing_is_left(&system).await?;

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
async fn a_server_that_is_not_there_fails_the_first_check() -> Result<()> {
    let nowhere = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    let shell = Shell::new()?
        .with("RESTOW_TOKEN", "restow_x")
        .with("RESTOW_ENDPOINT", &format!("http://{nowhere}"));
    let ran = shell.ends(1, &["doctor"]).await?;
    assert!(
        ran.stdout.starts_with(&format!(
            "FAILED   server        http://{nowhere} cannot be reached"
        )),
        "{ran:?}"
    );
    assert_eq!(
        shell.ends(1, &["doctor", "--quiet"]).await?.stdout,
        ran.stdout
    );
    let findings = shell.ends(1, &["doctor", "--json"]).await?.json()?;
    assert_eq!(finding(&findings, "server")["status"], "failed");
    let ran = Shell::new()?.ends(1, &["doctor"]).await?;
    assert!(ran.stdout.contains("restow login"), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn what_does_not_work_is_named() -> Result<()> {
    let line = FaultyLine::start()?;
    let shell = Shell::at(&line.system)?;
    for (fault, words) in [
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
            failed[0].contains("upload") && failed[0].contains(words),
            "{ran:?}"
        );
        // Signatures are nobody's business.
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
async fn an_interrupted_doctor_removes_what_it_made() -> Result<()> {
    let line = FaultyLine::start()?;
    line.proxy.inject(None, 1.., Fault::Hang);
    let shell = Shell::at(&line.system)?;
    let terminal = shell.terminal(100, &["doctor"])?;
    eventually("an upload under way", async || {
        (!line.proxy.seen().is_empty()).then_some(())
    })
    .await;
    let made = line
        .system
        .client
        .api()
        .list_datasets()
        .send()
        .await?
        .into_inner()
        .items;
    assert!(
        made.len() == 1 && made[0].name.starts_with("restow-doctor-"),
        "{made:?}"
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
async fn a_clock_that_is_off_is_a_warning_and_no_failure() -> Result<()> {
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
    let told = |word: &str| {
        warnings.iter().any(|one| {
            one["message"]
                .as_str()
                .is_some_and(|told| told.contains(word))
        })
    };
    assert!(told("the clock of S3"), "{findings}");
    Ok(())
}
