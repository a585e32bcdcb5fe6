//! Expiry: an abandoned job expires, and an active one does not.

use anyhow::Result;
use chrono::Utc;
use restow_sdk::generated::types::JobStatus;

use crate::fixture::{System, Upload, csv, eventually, noise, refused};

async fn until_expired(upload: &Upload) {
    eventually("the job expires", async || {
        (upload.job().await.ok()?.status == JobStatus::Expired).then_some(())
    })
    .await;
}

#[tokio::test]
async fn expired_job_without_parts_is_aborted() -> Result<()> {
    let system = System::start_with(&[
        ("--job-deadline", "1s"),
        ("--job-grace", "1s"),
        ("--reap-interval", "200ms"),
    ])?;
    let dataset_id = system.dataset("abandoned").await?;
    let upload = system.begin(dataset_id, "noise.bin", noise(100, 1)).await?;
    until_expired(&upload).await;
    let overdue = Utc::now() - upload.job().await?.deadline;
    assert!(
        overdue.num_milliseconds() >= 1_000,
        "expired within its grace: {overdue}"
    );
    eventually("the upload is aborted", async || {
        system
            .bucket()
            .uploads()
            .await
            .ok()?
            .is_empty()
            .then_some(())
    })
    .await;
    let fault = refused(upload.complete(Vec::new()).await, 409, "invalid_state");
    assert_eq!(fault.ctx["status"], "expired");
    refused(upload.renew(&[1]).await, 409, "invalid_state");
    refused(upload.cancel().await, 409, "invalid_state");
    assert!(upload.put(1).await.is_err());
    assert!(system.bucket().objects().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn recent_part_postpones_expiry() -> Result<()> {
    let system = System::start_with(&[
        ("--job-deadline", "5s"),
        ("--job-grace", "1s"),
        ("--reap-interval", "100ms"),
    ])?;
    let dataset_id = system.dataset("late").await?;
    let upload = system.begin(dataset_id, "noise.bin", noise(100, 1)).await?;
    let first = upload.job().await?.deadline;
    eventually("the URL expires with the job's deadline", async || {
        upload.put(1).await.is_err().then_some(())
    })
    .await;
    let later = eventually("the deadline is extended", async || {
        let job = upload.job().await.ok()?;
        assert_eq!(job.status, JobStatus::AwaitingUpload);
        (job.deadline > first).then_some(job.deadline)
    })
    .await;
    assert!(later > first);
    until_expired(&upload).await;
    Ok(())
}

#[tokio::test]
async fn job_completes_within_its_grace() -> Result<()> {
    let system = System::start_with(&[("--job-deadline", "3s"), ("--reap-interval", "100ms")])?;
    let dataset_id = system.dataset("grace").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(7)).await?;
    upload.put(1).await?;
    let deadline = upload.job().await?.deadline;
    eventually("the deadline passes", async || {
        (Utc::now() > deadline).then_some(())
    })
    .await;
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    assert_eq!(system.read(dataset_id).await?, csv(7));
    Ok(())
}

#[tokio::test]
async fn uncommitted_preview_expires_with_its_object() -> Result<()> {
    let system = System::start_with(&[
        ("--preview-deadline", "1s"),
        ("--job-grace", "1s"),
        ("--reap-interval", "100ms"),
    ])?;
    let dataset_id = system.dataset("preview").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(7)).await?;
    upload.put(1).await?;
    upload.complete(Vec::new()).await?;
    until_expired(&upload).await;
    refused(upload.commit().await, 409, "invalid_state");
    eventually("the object is removed", async || {
        system
            .bucket()
            .objects()
            .await
            .ok()?
            .is_empty()
            .then_some(())
    })
    .await;
    assert_eq!(system.current_version(dataset_id).await?, None);
    Ok(())
}

#[tokio::test]
async fn committed_job_never_expires() -> Result<()> {
    let system = System::start_with(&[
        ("--job-deadline", "3s"),
        ("--job-grace", "1s"),
        ("--preview-deadline", "3s"),
        ("--reap-interval", "100ms"),
    ])?;
    let dataset_id = system.dataset("kept").await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(7)).await?;
    upload.commit().await?;
    let abandoned = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    until_expired(&abandoned).await;
    assert_eq!(upload.job().await?.status, JobStatus::Committed);
    assert_eq!(system.read(dataset_id).await?, csv(7));
    Ok(())
}
