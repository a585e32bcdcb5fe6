//! Cancellation: immediate, final, and without remains after the reaper's run.

use anyhow::Result;
use restow_sdk::generated::types::JobStatus;
use restow_tests::fault_proxy::{Fault, Operation};

use crate::fixture::{
    MIB, PART_SIZE, Proxied, System, assert_invariants, csv, noise, put, refused,
};

#[tokio::test]
async fn cancelled_job_leaves_nothing_in_s3() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("cancelled").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise(2 * PART_SIZE, 1))
        .await?;
    upload.put_some([1]).await?;
    assert_eq!(upload.cancel().await?.status, JobStatus::Cancelled);
    assert!(system.bucket().uploads().await?.is_empty());
    assert!(system.reap(&[])?.contains("1 jobs cleaned"));
    for url in &upload.urls {
        let response = put(&system.http, url, noise(PART_SIZE, 1)).await?;
        assert_eq!(response.status(), 404);
    }
    assert!(system.bucket().uploads().await?.is_empty());
    assert!(system.bucket().objects().await?.is_empty());
    assert!(system.reap(&[])?.contains("0 jobs cleaned"));
    Ok(())
}

#[tokio::test]
async fn cancel_is_idempotent() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("repeated").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    let first = upload.cancel().await?;
    system.reap(&[])?;
    let second = upload.cancel().await?;
    assert_eq!((first.id, first.status), (second.id, second.status));
    assert_eq!(second.status, JobStatus::Cancelled);
    Ok(())
}

#[tokio::test]
async fn cancelled_job_refuses_further_operations() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("over").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    upload.put(1).await?;
    upload.cancel().await?;
    for fault in [
        refused(upload.complete(Vec::new()).await, 409, "invalid_state"),
        refused(upload.renew(&[1]).await, 409, "invalid_state"),
        refused(upload.held().await, 409, "invalid_state"),
        refused(upload.commit().await, 409, "invalid_state"),
        refused(
            system
                .client
                .api()
                .get_preview()
                .job_id(upload.job_id)
                .send()
                .await,
            409,
            "invalid_state",
        ),
    ] {
        assert_eq!(fault.ctx["status"], "cancelled");
    }
    assert!(matches!(
        upload.wait().await,
        Err(restow_sdk::Error::JobEnded(JobStatus::Cancelled))
    ));
    Ok(())
}

#[tokio::test]
async fn cancelling_an_inspected_job_removes_its_object() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("inspected").await?;
    let kept = system.publish(dataset_id, "rows.csv", csv(1)).await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(2)).await?;
    assert_eq!(system.bucket().objects().await?.len(), 2);
    upload.cancel().await?;
    system.reap(&[])?;
    assert_eq!(
        system.bucket().objects().await?,
        [format!("datasets/{dataset_id}/{}.csv", kept.job_id)]
    );
    assert_eq!(system.read(dataset_id).await?, csv(1));
    Ok(())
}

#[tokio::test]
async fn committed_job_cannot_be_cancelled() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("committed").await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(1)).await?;
    upload.commit().await?;
    let fault = refused(upload.cancel().await, 409, "invalid_state");
    assert_eq!(fault.ctx["status"], "committed");
    system.reap(&[])?;
    assert_eq!(system.read(dataset_id).await?, csv(1));
    Ok(())
}

#[tokio::test]
async fn cancelling_stops_a_running_inspection() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("inspecting").await?;
    let upload = system
        .begin(dataset_id, "rows.csv", csv(64 * MIB / 20))
        .await?;
    upload.put_all().await?;
    assert_eq!(
        upload.complete(Vec::new()).await?.status,
        JobStatus::Inspecting
    );
    assert_eq!(upload.cancel().await?.status, JobStatus::Cancelled);
    system.reap(&[])?;
    assert!(system.bucket().objects().await?.is_empty());
    // The worker can inspect another object.
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    assert_eq!(upload.job().await?.status, JobStatus::Cancelled);
    assert_eq!(system.bucket().objects().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn one_reaper_run_cleans_several_batches() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("many").await?;
    for _ in 0..120 {
        system.begin(dataset_id, "rows.csv", csv(1)).await?;
    }
    assert_eq!(system.bucket().uploads().await?.len(), 120);
    let other = system
        .begin(system.dataset("other").await?, "rows.csv", csv(1))
        .await?;
    system
        .client
        .api()
        .delete_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    assert!(system.reap(&[])?.contains("120 jobs cleaned"));
    assert_eq!(system.bucket().uploads().await?, [other.key.as_str()]);
    Ok(())
}

#[tokio::test]
async fn deleting_a_dataset_aborts_its_uploads() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let dataset_id = system.dataset("deleted").await?;
    for _ in 0..12 {
        let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
        upload.put(1).await?;
    }
    let cancelled = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    cancelled.cancel().await?;
    let other = system
        .begin(system.dataset("other").await?, "rows.csv", csv(1))
        .await?;
    system
        .client
        .api()
        .delete_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    assert_eq!(system.bucket().uploads().await?, [other.key.as_str()]);
    Ok(())
}

#[tokio::test]
async fn failed_abort_is_left_to_the_reaper() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let upload = it
        .system
        .begin(it.system.dataset("stuck").await?, "rows.csv", csv(1))
        .await?;
    it.proxy.inject(
        Operation::AbortMultipartUpload,
        ..,
        Fault::Refuse(403, "AccessDenied"),
    );
    assert_eq!(upload.cancel().await?.status, JobStatus::Cancelled);
    assert_eq!(it.bucket().uploads().await?, [upload.key.as_str()]);
    it.proxy.heal();
    assert!(it.system.reap(&[])?.contains("1 jobs cleaned"));
    assert!(it.bucket().uploads().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn completed_upload_is_not_aborted_at_cancel() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let dataset_id = it.system.dataset("inspected").await?;
    let upload = it.system.prepare(dataset_id, "rows.csv", csv(2)).await?;
    upload.cancel().await?;
    assert_eq!(
        it.proxy
            .reached(Operation::AbortMultipartUpload, &upload.key),
        0
    );
    assert_eq!(it.bucket().objects().await?, [upload.key.as_str()]);
    it.system.reap(&[])?;
    assert_invariants(&it.system, &it.bucket()).await
}
