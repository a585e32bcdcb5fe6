//! The 15 minutes in which S3 may still be processing a completion that got no response.

use anyhow::{Result, ensure};
use chrono::TimeDelta;
use restow_sdk::generated::types::JobStatus;
use restow_tests::fault_proxy::{Fault, Operation};

use crate::fixture::{Clock, Proxied, Upload, assert_invariants, csv, eventually, refused};

/// Rows of the file, enough for two parts.
const ROWS: usize = 300_000;

/// Requests that a completion sends to S3 before a worker takes it over.
const ROUNDS: usize = 4;

/// A deadline that passes while the outcome is uncertain.
const OPTIONS: [(&str, &str); 2] = [("--lease", "2s"), ("--job-deadline", "10m")];

/// A refusal that would end a completion whose outcome is certain.
const REFUSAL: Fault = Fault::Refuse(403, "AccessDenied");

/// A server whose clock can be set, and a reupload with all parts sent.
async fn start() -> Result<(Proxied, Clock, Upload)> {
    let it = Proxied::start_with(&OPTIONS)?;
    let clock = Clock::of(&it.system);
    let it = restart(it, &clock).await?;
    let upload = it
        .system
        .begin(it.system.dataset("doubtful").await?, "rows.csv", csv(ROWS))
        .await?;
    upload.put_all().await?;
    Ok((it, clock, upload))
}

async fn restart(it: Proxied, clock: &Clock) -> Result<Proxied> {
    Ok(Proxied {
        system: it.system.kill_and_restart_with(clock.passing()).await?,
        ..it
    })
}

/// Number of completion requests to S3, delivered or not.
fn completion_requests(it: &Proxied) -> usize {
    it.proxy
        .seen()
        .iter()
        .filter(|seen| seen.operation == Operation::CompleteMultipartUpload)
        .count()
}

fn aborts(it: &Proxied, upload: &Upload) -> usize {
    it.proxy
        .reached(Operation::AbortMultipartUpload, &upload.key)
}

/// Checks that the outcome stays uncertain for 15 minutes, and that a refusal ends the completion then.
async fn is_over_in_time(it: &Proxied, clock: &Clock, upload: &Upload) -> Result<()> {
    let upload = &upload.through(&it.system);
    clock.set(TimeDelta::minutes(14))?;
    let before = completion_requests(it);
    eventually("S3 refuses the worker's request", async || {
        (completion_requests(it) > before).then_some(())
    })
    .await;
    it.system
        .reap(&["--job-grace", "1s", "--sweep-grace", "1s"])?;
    let fault = refused(upload.cancel().await, 409, "invalid_state");
    assert_eq!(fault.ctx["status"], "completing");
    ensure!(
        aborts(it, upload) == 0,
        "aborted while the outcome was uncertain"
    );

    clock.set(TimeDelta::minutes(17))?;
    let job = eventually("the refusal ends the completion", async || {
        upload
            .job()
            .await
            .ok()
            .filter(|job| job.status == JobStatus::AwaitingUpload)
    })
    .await;
    assert_eq!(
        job.error.map(|error| error.type_).as_deref(),
        Some("unavailable")
    );
    assert_eq!(upload.held().await?.len(), 2);
    it.proxy.heal();
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    clock.set(TimeDelta::zero())?;
    assert!(
        it.system.read(upload.dataset_id).await? == upload.content,
        "the downloaded bytes differ"
    );
    ensure!(aborts(it, upload) == 0, "aborted");
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn hung_request_is_uncertain_for_15_minutes() -> Result<()> {
    let (it, clock, upload) = start().await?;
    it.proxy
        .inject(Operation::CompleteMultipartUpload, 1..=1, Fault::Hang);
    it.proxy
        .inject(Operation::CompleteMultipartUpload, 2.., REFUSAL);
    let asking = tokio::spawn({
        let upload = upload.clone();
        async move { upload.complete(Vec::new()).await }
    });
    eventually("S3 receives the request", async || {
        (completion_requests(&it) == 1).then_some(())
    })
    .await;
    let it = restart(it, &clock).await?;
    asking.await?.expect_err("the server is dead");
    is_over_in_time(&it, &clock, &upload).await
}

#[tokio::test]
async fn undelivered_requests_are_uncertain_for_15_minutes() -> Result<()> {
    let (it, clock, upload) = start().await?;
    it.proxy
        .inject(Operation::CompleteMultipartUpload, 1..=ROUNDS, Fault::Reset);
    it.proxy
        .inject(Operation::CompleteMultipartUpload, ROUNDS + 1.., REFUSAL);
    assert_eq!(
        upload.complete(Vec::new()).await?.status,
        JobStatus::Completing
    );
    is_over_in_time(&it, &clock, &upload).await
}

/// A store that fails every request to complete an upload, and whose server has stopped to send them.
async fn exhaust(it: &Proxied, clock: &Clock, upload: &Upload) -> Result<()> {
    it.proxy.inject(
        Operation::CompleteMultipartUpload,
        1..,
        Fault::Refuse(500, "InternalError"),
    );
    assert_eq!(
        upload.complete(Vec::new()).await?.status,
        JobStatus::Completing
    );
    clock.set(TimeDelta::minutes(14))?;
    let before = completion_requests(it);
    eventually("a worker sends another request", async || {
        (completion_requests(it) > before).then_some(())
    })
    .await;

    clock.set(TimeDelta::minutes(16))?;
    let before = looks(it, upload);
    eventually("a worker looks for the object", async || {
        (looks(it, upload) > before + 2).then_some(())
    })
    .await;
    let requests = completion_requests(it);
    clock.set(TimeDelta::minutes(28))?;
    let before = looks(it, upload);
    eventually("a worker looks for the object again", async || {
        (looks(it, upload) > before).then_some(())
    })
    .await;
    let fault = refused(upload.cancel().await, 409, "invalid_state");
    assert_eq!(fault.ctx["status"], "completing");

    clock.set(TimeDelta::minutes(31))?;
    let job = eventually("the completion ends", async || {
        let job = upload.job().await.ok()?;
        (job.status == JobStatus::AwaitingUpload).then_some(job)
    })
    .await;
    ensure!(
        completion_requests(it) == requests,
        "a request was sent 15 minutes after the first one"
    );
    let error = job.error.as_ref().map(|error| error.type_.as_str());
    assert_eq!(error, Some("unavailable"));
    ensure!(
        job.deadline - job.created_at > TimeDelta::minutes(31),
        "no time is left: {job:?}"
    );
    ensure!(aborts(it, upload) == 0, "aborted");
    Ok(())
}

/// Number of times that the object was looked for.
fn looks(it: &Proxied, upload: &Upload) -> usize {
    it.proxy.reached(Operation::HeadObject, &upload.key)
}

#[tokio::test]
async fn completion_that_s3_never_accepts_ends() -> Result<()> {
    let (it, clock, upload) = start().await?;
    exhaust(&it, &clock, &upload).await?;
    it.proxy.heal();
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    clock.set(TimeDelta::zero())?;
    assert!(
        it.system.read(upload.dataset_id).await? == upload.content,
        "the downloaded bytes differ"
    );
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn ended_completion_can_be_cancelled() -> Result<()> {
    let (it, clock, upload) = start().await?;
    exhaust(&it, &clock, &upload).await?;
    assert_eq!(upload.cancel().await?.status, JobStatus::Cancelled);
    ensure!(aborts(&it, &upload) == 1, "the upload was not aborted");
    assert!(it.bucket().uploads().await?.is_empty());
    Ok(())
}
