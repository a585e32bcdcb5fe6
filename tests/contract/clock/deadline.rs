//! The default deadlines, in days and hours.

use anyhow::Result;
use chrono::TimeDelta;
use restow_sdk::generated::types::JobStatus;

use super::{start_at, start_passing};
use crate::fixture::{System, assert_invariants, csv, noise, put, refused};

/// Runs the reaper, and returns its count of expired and postponed jobs.
fn reap(system: &System) -> Result<String> {
    Ok(system
        .reap(&[])?
        .lines()
        .next()
        .unwrap_or_default()
        .to_string())
}

#[tokio::test]
async fn job_without_parts_expires_after_25_hours() -> Result<()> {
    let (system, clock) = start_passing(TimeDelta::zero(), &[]).await?;
    let upload = system
        .begin(system.dataset("abandoned").await?, "rows.csv", csv(7))
        .await?;
    clock.set(TimeDelta::hours(25) - TimeDelta::minutes(1))?;
    assert_eq!(reap(&system)?, "0 jobs expired, 0 deadlines extended");
    assert_eq!(upload.job().await?.status, JobStatus::AwaitingUpload);
    clock.set(TimeDelta::hours(25) + TimeDelta::minutes(1))?;
    assert_eq!(reap(&system)?, "1 jobs expired, 0 deadlines extended");
    assert_eq!(upload.job().await?.status, JobStatus::Expired);
    assert!(system.bucket().uploads().await?.is_empty());
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn recent_part_extends_deadline_by_a_day() -> Result<()> {
    let (system, clock) = start_passing(-TimeDelta::hours(2), &[("--url-expires", "6h")]).await?;
    let upload = system
        .begin(system.dataset("late").await?, "rows.csv", csv(7))
        .await?;
    let job = upload.job().await?;
    assert_eq!(job.deadline - job.created_at, TimeDelta::hours(24));
    clock.set(TimeDelta::zero())?;
    upload.put_all().await?;
    // 1.5 hours after the deadline, and 23.5 hours after the part.
    clock.set(TimeDelta::minutes(23 * 60 + 30))?;
    assert_eq!(reap(&system)?, "0 jobs expired, 1 deadlines extended");
    let extension = upload.job().await?.deadline - job.deadline;
    assert!(
        extension > TimeDelta::minutes(119),
        "deadline not extended to a day after the part: {extension}"
    );
    assert_eq!(reap(&system)?, "0 jobs expired, 0 deadlines extended");
    clock.set(TimeDelta::minutes(24 * 60 + 30))?;
    assert_eq!(reap(&system)?, "0 jobs expired, 0 deadlines extended");
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    clock.set(TimeDelta::zero())?;
    assert_eq!(system.read(upload.dataset_id).await?, csv(7));
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn deadline_never_exceeds_six_days() -> Result<()> {
    let begun = TimeDelta::hours(1) - TimeDelta::days(6);
    let (system, clock) = start_passing(begun, &[("--url-expires", "6h")]).await?;
    let upload = system
        .begin(system.dataset("slow").await?, "rows.csv", csv(7))
        .await?;
    clock.set(TimeDelta::zero())?;
    let fresh = upload.renew(&[1]).await?.remove(0);
    let job = upload.job().await?;
    assert_eq!(job.deadline - job.created_at, TimeDelta::days(6));
    assert!(fresh.expires_at <= job.deadline, "the URL outlives its job");
    put(&system.http, &fresh.url, csv(7))
        .await?
        .error_for_status()?;
    clock.set(TimeDelta::minutes(90))?;
    refused(upload.renew(&[1]).await, 409, "invalid_state");
    assert_eq!(reap(&system)?, "0 jobs expired, 0 deadlines extended");
    clock.set(TimeDelta::minutes(121))?;
    assert_eq!(reap(&system)?, "1 jobs expired, 0 deadlines extended");
    refused(upload.complete(Vec::new()).await, 409, "invalid_state");
    assert!(system.bucket().uploads().await?.is_empty());
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn preview_expires_after_seven_days() -> Result<()> {
    let (system, clock) = start_passing(TimeDelta::zero(), &[]).await?;
    let dataset_id = system.dataset("preview").await?;
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(2)).await?;
    clock.set(TimeDelta::days(7) - TimeDelta::minutes(1))?;
    assert_eq!(reap(&system)?, "0 jobs expired, 0 deadlines extended");
    assert_eq!(upload.job().await?.status, JobStatus::Ready);
    clock.set(TimeDelta::days(7) + TimeDelta::minutes(1))?;
    assert_eq!(reap(&system)?, "1 jobs expired, 0 deadlines extended");
    refused(upload.commit().await, 409, "invalid_state");
    assert_eq!(system.bucket().objects().await?.len(), 1);
    clock.set(TimeDelta::zero())?;
    assert_eq!(system.read(dataset_id).await?, csv(1));
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn url_expires_after_an_hour() -> Result<()> {
    let (system, clock) = start_at(-TimeDelta::minutes(50), &[]).await?;
    let dataset_id = system.dataset("signed").await?;
    system
        .begin(dataset_id, "noise.bin", noise(100, 1))
        .await?
        .put(1)
        .await?;
    clock.set(-TimeDelta::minutes(61))?;
    let upload = system.begin(dataset_id, "noise.bin", noise(100, 2)).await?;
    assert!(
        put(&system.http, &upload.urls[0], upload.part(1))
            .await?
            .status()
            .is_client_error()
    );
    assert_eq!(upload.held().await?, []);
    clock.set(TimeDelta::zero())?;
    let fresh = upload.renew(&[1]).await?.remove(0);
    put(&system.http, &fresh.url, upload.part(1))
        .await?
        .error_for_status()?;
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    assert_eq!(system.read(dataset_id).await?, upload.content);
    Ok(())
}
