//! The worker: completions go on beside inspections that take long.

use anyhow::{Result, ensure};
use chrono::TimeDelta;
use restow_sdk::generated::types::JobStatus;
use restow_tests::fault_proxy::{Fault, Operation};

use crate::fixture::{Clock, Proxied, Upload, assert_invariants, csv, eventually};

/// Requests that a completion sends to S3 before a worker takes it over.
const ROUNDS: usize = 4;

/// A server for which time passes together with everything around it.
async fn start(options: &[(&str, &str)]) -> Result<(Proxied, Clock)> {
    let it = Proxied::start_with(options)?;
    let clock = Clock::of(&it.system);
    Ok((restart(it, &clock).await?, clock))
}

async fn restart(it: Proxied, clock: &Clock) -> Result<Proxied> {
    Ok(Proxied {
        system: it.system.kill_and_restart_with(clock.passing()).await?,
        ..it
    })
}

/// A completed reupload whose inspection gets no response from S3.
async fn hang(it: &Proxied, name: &str) -> Result<Upload> {
    let upload = it
        .system
        .begin(it.system.dataset(name).await?, "rows.csv", csv(9))
        .await?;
    upload.put_all().await?;
    let complete = upload.complete(Vec::new()).await?;
    assert_eq!(complete.status, JobStatus::Inspecting);
    Ok(upload)
}

fn reads(it: &Proxied) -> usize {
    let seen = it.proxy.seen();
    let reads = seen
        .iter()
        .filter(|seen| seen.operation == Operation::GetObject);
    reads.count()
}

/// A completion that is left to a worker is completed, while the slots of inspections are taken.
async fn is_completed_meanwhile(it: &Proxied, clock: &Clock, ahead: TimeDelta) -> Result<()> {
    let upload = it
        .system
        .begin(it.system.dataset("other").await?, "rows.csv", csv(5))
        .await?;
    upload.put_all().await?;
    it.proxy
        .inject(Operation::CompleteMultipartUpload, 1..=ROUNDS, Fault::Reset);
    let complete = upload.complete(Vec::new()).await?;
    assert_eq!(complete.status, JobStatus::Completing);
    clock.set(ahead)?;
    eventually("a worker completes the upload", async || {
        let job = upload.job().await.ok()?;
        (job.status == JobStatus::Inspecting).then_some(())
    })
    .await;
    it.proxy.heal();
    upload.wait().await?;
    upload.commit().await?;
    Ok(())
}

#[tokio::test]
async fn completion_does_not_wait_for_inspections() -> Result<()> {
    let (it, clock) = start(&[("--worker-concurrency", "1"), ("--lease", "60s")]).await?;
    it.proxy.inject(Operation::GetObject, 1.., Fault::Hang);
    let slow = hang(&it, "slow").await?;
    eventually("the object is read", async || {
        (reads(&it) > 0).then_some(())
    })
    .await;
    is_completed_meanwhile(&it, &clock, TimeDelta::seconds(20)).await?;
    slow.wait().await?;
    slow.commit().await?;
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn completion_does_not_wait_for_suspect_job() -> Result<()> {
    let (it, clock) = start(&[("--lease", "60s")]).await?;
    it.proxy.inject(Operation::GetObject, 1.., Fault::Hang);
    let suspects = [hang(&it, "first").await?, hang(&it, "second").await?];
    eventually("both objects are read", async || {
        (reads(&it) > 1).then_some(())
    })
    .await;
    let it = restart(it, &clock).await?;
    let before = reads(&it);
    clock.set(TimeDelta::seconds(70))?;
    eventually("a suspect job is inspected", async || {
        (reads(&it) > before).then_some(())
    })
    .await;
    ensure!(reads(&it) == before + 1, "two suspect jobs are inspected");
    is_completed_meanwhile(&it, &clock, TimeDelta::seconds(90)).await?;
    for suspect in suspects {
        let suspect = suspect.through(&it.system);
        suspect.wait().await?;
        suspect.commit().await?;
    }
    assert_invariants(&it.system, &it.bucket()).await
}
