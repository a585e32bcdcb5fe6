//! Late and missing responses of S3: no abort overlaps with a completion, and outages and death end no job.

use std::time::Duration;

use anyhow::Result;
use chrono::{TimeDelta, Utc};
use restow_sdk::generated::types::JobStatus;
use restow_tests::Held;
use restow_tests::fault_proxy::{Fault, Operation};
use tokio::task::JoinHandle;

use super::{ROWS, aborts, begin, completions, finish};
use crate::fixture::{Proxied, Upload, assert_invariants, csv, eventually, refused};

/// Requests the completion in the background.
fn begin_completion(upload: &Upload) -> JoinHandle<Result<JobStatus, restow_sdk::Error>> {
    let upload = upload.clone();
    tokio::spawn(async move { Ok(upload.complete(Vec::new()).await?.status) })
}

#[tokio::test]
async fn late_completion_is_never_aborted() -> Result<()> {
    let it = Proxied::start_with(&[("--lease", "2s"), ("--job-deadline", "6s")])?;
    let upload = begin(&it, "late", &csv(ROWS)).await?;
    let held = it.proxy.hold(Operation::CompleteMultipartUpload);
    let completing = begin_completion(&upload);
    eventually("S3 has executed the request", async || {
        held.is_reached().then_some(())
    })
    .await;
    let fault = refused(upload.cancel().await, 409, "invalid_state");
    assert_eq!(fault.ctx["status"], "completing");
    let over = upload.job().await?.deadline + TimeDelta::seconds(1);
    eventually("deadline and grace pass", async || {
        (Utc::now() > over).then_some(())
    })
    .await;
    it.system
        .reap(&["--job-grace", "1s", "--sweep-grace", "1s"])?;
    assert_eq!(upload.job().await?.status, JobStatus::Completing);
    held.release();
    completing.await??;
    finish(&it, &upload).await?;
    assert_eq!((completions(&it, &upload), aborts(&it, &upload)), (1, 0));
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn deleted_dataset_is_cleaned_after_late_completion() -> Result<()> {
    let it = Proxied::start_with(&[("--lease", "2s")])?;
    let upload = begin(&it, "deleted", &csv(ROWS)).await?;
    let held = it.proxy.hold(Operation::CompleteMultipartUpload);
    let completing = begin_completion(&upload);
    eventually("S3 has executed the request", async || {
        held.is_reached().then_some(())
    })
    .await;
    it.system
        .client
        .api()
        .delete_dataset()
        .dataset_id(upload.dataset_id)
        .send()
        .await?;
    it.system.reap(&["--sweep-grace", "1s"])?;
    assert_eq!(aborts(&it, &upload), 0);
    assert_eq!(it.bucket().objects().await?, [upload.key.as_str()]);
    held.release();
    // The dataset is deleted, so the response does not matter.
    let _ = completing.await?;
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn keep_alive_whitespace_causes_no_retry() -> Result<()> {
    let it = Proxied::start_with(&[("--lease", "2s")])?;
    let upload = begin(&it, "slow", &csv(ROWS)).await?;
    let slow = Fault::Whitespace {
        every: Duration::from_millis(200),
        lasting: Duration::from_secs(12),
    };
    it.proxy
        .inject(Operation::CompleteMultipartUpload, 1..=1, slow);
    assert_eq!(
        upload.complete(Vec::new()).await?.status,
        JobStatus::Completing
    );
    refused(upload.cancel().await, 409, "invalid_state");
    finish(&it, &upload).await?;
    assert_eq!((completions(&it, &upload), aborts(&it, &upload)), (1, 0));
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn inspection_waits_for_s3_outage() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let upload = begin(&it, "outage", &csv(ROWS)).await?;
    it.proxy.inject(Operation::GetObject, 1.., Fault::Reset);
    upload.complete(Vec::new()).await?;
    it.proxy.inject(None, 1.., Fault::Reset);
    // The worker fails to read the object, or the bucket's marker before that.
    let is_postponed = async || {
        let log = it.system.server.log().ok()?;
        let is_postponed = log.contains("the inspection is retried later")
            || log.contains("no job is worked on until that succeeds");
        is_postponed.then_some(())
    };
    eventually("the inspection is put off", is_postponed).await;
    assert!(it.system.reap(&[]).is_err(), "it reaped without the bucket");
    assert_eq!(upload.job().await?.status, JobStatus::Inspecting);
    it.proxy.heal();
    finish(&it, &upload).await?;
    assert_invariants(&it.system, &it.bucket()).await
}

/// Kills the server while its completion request has no response, and checks that the job is inspected.
async fn survives_death(fault: Option<Fault>, requests: usize) -> Result<()> {
    let it = Proxied::start_with(&[("--lease", "2s")])?;
    let upload = begin(&it, "death", &csv(ROWS)).await?;
    let held = match fault {
        Some(fault) => {
            it.proxy
                .inject(Operation::CompleteMultipartUpload, 1..=1, fault);
            None
        }
        None => Some(it.proxy.hold(Operation::CompleteMultipartUpload)),
    };
    let completing = begin_completion(&upload);
    eventually("S3 receives the request", async || {
        let is_requested = it
            .proxy
            .seen()
            .iter()
            .any(|seen| seen.operation == Operation::CompleteMultipartUpload);
        held.as_ref()
            .map_or(is_requested, Held::is_reached)
            .then_some(())
    })
    .await;
    let it = it.kill_and_restart().await?;
    drop(held);
    completing.await?.expect_err("the server is dead");
    finish(&it, &upload).await?;
    assert_eq!(
        (completions(&it, &upload), aborts(&it, &upload)),
        (requests, 0)
    );
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn job_survives_death_before_s3_responds() -> Result<()> {
    survives_death(None, 1).await
}

#[tokio::test]
async fn job_survives_death_before_s3_is_reached() -> Result<()> {
    survives_death(Some(Fault::Hang), 1).await
}
