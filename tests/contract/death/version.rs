//! Death during a commit, a restore or a cancellation.

use anyhow::{Result, ensure};
use restow_sdk::Error;
use restow_sdk::generated::types::{
    CompleteUploadRequest, JobStatus, RestoreVersionRequest, Version,
};
use restow_server::crash::Point;
use uuid::Uuid;

use super::process::{LEASE, assert_published, finish, sent, server_dies};
use crate::fixture::{System, assert_invariants, csv, eventually, refused};

/// The commit happened or not, and after the retry it has happened once.
pub async fn commit_survives(point: Point) -> Result<()> {
    let system = System::start_with(&[LEASE])?;
    let upload = sent(&system).await?;
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    let (system, response) = server_dies(system, point, async |system| {
        upload.through(system).commit().await
    })
    .await?;
    let upload = upload.through(&system);
    ensure!(response.is_err(), "it died only after its response");
    let current = system.current_version(upload.dataset_id).await?;
    ensure!(
        current == (point == Point::CommitDone).then_some(1),
        "only part of the commit was written: {current:?}"
    );
    ensure!(
        upload.commit().await?.version == 1,
        "an extra version was created"
    );
    assert_published(&system, upload.dataset_id, &upload.content).await
}

/// The result of the inspection and the commit are written together or not at all, and the next worker writes them; also
/// within the request that completes the upload, by these options of the server.
pub async fn automatic_commit_survives(point: Point, options: &[(&str, &str)]) -> Result<()> {
    let system = System::start_with(options)?;
    let upload = sent(&system).await?;
    // The response may or may not precede the death.
    let (system, _) = server_dies(system, point, async |system| {
        let body = CompleteUploadRequest {
            commit: Some(true),
            ..CompleteUploadRequest::default()
        };
        upload.through(system).complete_with(body).await
    })
    .await?;
    let upload = upload.through(&system);
    let job = eventually("the job is committed", async || {
        let job = upload.job().await.ok()?;
        (job.status == JobStatus::Committed).then_some(job)
    })
    .await;
    ensure!(job.version == Some(1), "an extra version was created");
    assert_published(&system, upload.dataset_id, &upload.content).await
}

/// The same for a restored version.
pub async fn restoration_survives(point: Point) -> Result<()> {
    let system = System::start_with(&[LEASE])?;
    let dataset_id = system.dataset("survivor").await?;
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    system.publish(dataset_id, "rows.csv", csv(2)).await?;
    let call = async |system: &System| restore(system, dataset_id).await;
    let (system, response) = server_dies(system, point, call).await?;
    ensure!(response.is_err(), "it died only after its response");
    let (current, rows) = if point == Point::RestoreDone {
        (1, 1)
    } else {
        (2, 2)
    };
    ensure!(
        system.current_version(dataset_id).await? == Some(current),
        "only part of the restore was written"
    );
    ensure!(
        system.read(dataset_id).await? == csv(rows),
        "the downloaded bytes differ"
    );
    restore(&system, dataset_id).await?;
    ensure!(
        system.read(dataset_id).await? == csv(1),
        "the downloaded bytes differ"
    );
    assert_invariants(&system, &system.bucket()).await
}

async fn restore(system: &System, dataset_id: Uuid) -> Result<Version, Error> {
    let operation = system
        .client
        .api()
        .restore_version()
        .dataset_id(dataset_id)
        .version(1);
    Ok(operation
        .body(RestoreVersionRequest::default())
        .send()
        .await?
        .into_inner())
}

/// A cancelled job stays cancelled, and none of its data remains; the next job becomes the version.
pub async fn cancellation_survives(point: Point) -> Result<()> {
    let system = System::start_with(&[LEASE])?;
    let upload = sent(&system).await?;
    let (system, response) = server_dies(system, point, async |system| {
        upload.through(system).cancel().await
    })
    .await?;
    let upload = upload.through(&system);
    ensure!(response.is_err(), "it died only after its response");
    ensure!(
        upload.cancel().await?.status == JobStatus::Cancelled,
        "the job is not cancelled"
    );
    refused(upload.complete(Vec::new()).await, 409, "invalid_state");
    let next = system.begin(upload.dataset_id, "rows.csv", csv(7)).await?;
    next.put_all().await?;
    finish(&system, &next).await
}
