//! `restow-server job`: what an operator sees of jobs, and does with them.

use anyhow::{Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use restow_sdk::generated::types::JobStatus;
use restow_tests::fault_proxy::{Fault, Operation};
use serde_json::Value;

use crate::fixture::{Clock, Proxied, System, Upload, csv, eventually};

fn listed(system: &System, options: &[&str]) -> Result<Vec<Value>> {
    let arguments = [&["job", "list", "--json"], options].concat();
    Ok(serde_json::from_str(&system.server.run(&arguments)?)?)
}

fn ids(jobs: &[Value]) -> Vec<&str> {
    jobs.iter().filter_map(|job| job["id"].as_str()).collect()
}

fn show(system: &System, upload: &Upload) -> Result<Value> {
    let shown = system
        .server
        .run(&["job", "show", &upload.job_id.to_string(), "--json"])?;
    Ok(serde_json::from_str(&shown)?)
}

fn end(system: &System, upload: &Upload) -> Result<String> {
    system
        .server
        .run(&["job", "end", &upload.job_id.to_string()])
}

#[tokio::test]
async fn operator_lists_jobs_of_all_principals() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("listed").await?;
    let ready = system.prepare(dataset_id, "rows.csv", csv(1)).await?;
    let waiting = system.begin(dataset_id, "rows.csv", csv(2)).await?;
    let (ready, waiting) = (ready.job_id.to_string(), waiting.job_id.to_string());
    let principal = listed(&system, &[])?[0]["principal"].clone();
    let principal = principal.as_str().unwrap_or_default();
    for (options, expected) in [
        (&[][..], &[&waiting, &ready][..]),
        (&["--limit", "1"], &[&waiting]),
        (&["--status", "ready"], &[&ready]),
        (&["--status", "failed"], &[]),
        (&["--principal", principal], &[&waiting, &ready]),
        (
            &["--principal", principal, "--status", "awaiting_upload"],
            &[&waiting],
        ),
        (&["--principal", "nobody"], &[]),
        (&["--stuck"], &[]),
    ] {
        assert_eq!(ids(&listed(&system, options)?), expected, "{options:?}");
    }
    let table = system.server.run(&["job", "list"])?;
    ensure!(
        table.contains(&ready) && table.contains("awaiting_upload") && table.contains(principal),
        "{table}"
    );
    let shown = system.server.run(&["job", "show", &ready])?;
    ensure!(
        shown.contains("rows.csv") && shown.contains("ready"),
        "{shown}"
    );
    Ok(())
}

#[tokio::test]
async fn operator_ends_jobs_once() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let dataset_id = system.dataset("ended").await?;
    for upload in [
        system.prepare(dataset_id, "rows.csv", csv(1)).await?,
        system.begin(dataset_id, "rows.csv", csv(2)).await?,
    ] {
        ensure!(end(&system, &upload)?.contains("is cancelled"));
        assert_eq!(upload.job().await?.status, JobStatus::Cancelled);
        let refused = end(&system, &upload).expect_err("it has ended");
        ensure!(
            format!("{refused:#}").contains("has ended already"),
            "{refused:#}"
        );
    }
    let retried = system
        .server
        .run(&["job", "retry", &uuid::Uuid::now_v7().to_string()]);
    let refused = format!("{:#}", retried.expect_err("there is no such job"));
    ensure!(refused.contains("no job has the id"), "{refused}");
    assert!(system.reap(&[])?.contains("2 jobs cleaned"));
    assert!(system.bucket().uploads().await?.is_empty());
    assert!(system.bucket().objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn completing_job_ends_after_its_doubt() -> Result<()> {
    let it = Proxied::start_with(&[("--no-worker", "")])?;
    let clock = Clock::of(&it.system);
    let it = Proxied {
        system: it.system.kill_and_restart_with(clock.passing()).await?,
        ..it
    };
    let upload = it
        .system
        .begin(it.system.dataset("doubtful").await?, "rows.csv", csv(9))
        .await?;
    upload.put_all().await?;
    it.proxy
        .inject(Operation::CompleteMultipartUpload, 1.., Fault::Reset);
    assert_eq!(
        upload.complete(Vec::new()).await?.status,
        JobStatus::Completing
    );
    let doubtful = run_later(&it, &clock, TimeDelta::minutes(13), &upload)
        .expect_err("S3 may be at work on a request");
    let doubtful = format!("{doubtful:#}");
    let until = show(&it.system, &upload)?["requested_at"]
        .as_str()
        .unwrap_or_default()
        .parse::<DateTime<Utc>>()?
        + TimeDelta::minutes(15);
    let until = until.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    ensure!(doubtful.contains(&until), "{doubtful} without {until}");
    assert_eq!(upload.job().await?.status, JobStatus::Completing);
    run_later(&it, &clock, TimeDelta::minutes(16), &upload)?;
    assert_eq!(upload.job().await?.status, JobStatus::Cancelled);
    Ok(())
}

/// Ends the job as an operator does for whom it is so much later.
fn run_later(it: &Proxied, clock: &Clock, ahead: TimeDelta, upload: &Upload) -> Result<String> {
    clock.set(ahead)?;
    end(&it.system, upload)
}

#[tokio::test]
async fn stuck_job_is_listed_and_retried() -> Result<()> {
    let it = Proxied::start_with(&[("--no-worker", "")])?;
    let clock = Clock::of(&it.system);
    let it = Proxied {
        system: it.system.kill_and_restart_with(clock.passing()).await?,
        ..it
    };
    let upload = it
        .system
        .begin(it.system.dataset("stuck").await?, "rows.csv", csv(9))
        .await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    assert!(listed(&it.system, &["--stuck"])?.is_empty());
    clock.set(TimeDelta::minutes(11))?;
    let id = upload.job_id.to_string();
    assert_eq!(ids(&listed(&it.system, &["--stuck"])?), [&id]);
    assert!(listed(&it.system, &["--stuck", "--status", "ready"])?.is_empty());
    it.system.server.run(&["job", "retry", &id])?;
    assert!(listed(&it.system, &["--stuck"])?.is_empty());
    let shown = show(&it.system, &upload)?;
    assert_eq!(shown["status"], "inspecting");
    eventually("the operator sees the cancellation", async || {
        upload.cancel().await.ok()?;
        (show(&it.system, &upload).ok()?["status"] == "cancelled").then_some(())
    })
    .await;
    Ok(())
}
