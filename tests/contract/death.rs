//! Death: the server is killed at every step of an upload, and the upload continues after a restart.

mod completion;
mod inspection;
mod point;
mod process;
mod reaping;
mod request;
mod version;

use std::time::Duration;

use anyhow::Result;
use restow_sdk::generated::types::JobStatus;
use tokio::time::sleep;

use crate::fixture::{
    MIB, PART_SIZE, System, Upload, Wire, csv, eventually, noise, path_and_query, refused,
};

const PARTS: usize = 4;

/// A server with short leases, and an upload before any part is sent.
async fn begin() -> Result<(System, Upload)> {
    let system = System::start_with(&[("--lease", "2s")])?;
    let dataset_id = system.dataset("survivor").await?;
    let upload = system
        .begin(
            dataset_id,
            "noise.bin",
            noise((PARTS - 1) * PART_SIZE + 1, 1),
        )
        .await?;
    assert_eq!(upload.urls.len(), PARTS);
    Ok((system, upload))
}

/// Kills the server and starts it again.
async fn restarted(system: System, upload: Upload) -> Result<(System, Upload)> {
    let system = system.kill_and_restart().await?;
    let upload = upload.through(&system);
    Ok((system, upload))
}

/// Performs the remaining steps of the upload, whatever has been done before.
async fn finish(system: &System, upload: &Upload) -> Result<()> {
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    assert_eq!(upload.commit().await?.version, 1);
    assert!(system.read(upload.dataset_id).await? == upload.content);
    assert_eq!(system.bucket().objects().await?, [upload.key.as_str()]);
    assert!(system.bucket().uploads().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn upload_survives_death_after_urls_response() -> Result<()> {
    let (system, upload) = begin().await?;
    let (system, upload) = restarted(system, upload).await?;
    upload.put_all().await?;
    finish(&system, &upload).await
}

#[tokio::test]
async fn upload_survives_death_during_a_part() -> Result<()> {
    let (system, upload) = begin().await?;
    let length = PART_SIZE.to_string();
    let mut wire = Wire::to(&upload.urls[1]).await?;
    wire.head(
        &format!("PUT {}", path_and_query(&upload.urls[1])?),
        &[("content-length", &length)],
    )
    .await?;
    wire.send(&upload.part(2)[..PART_SIZE - 1]).await?;
    let (system, upload) = restarted(system, upload).await?;
    assert_eq!(upload.held().await?, []);
    upload.put_all().await?;
    finish(&system, &upload).await
}

#[tokio::test]
async fn upload_survives_death_after_half_the_parts() -> Result<()> {
    let (system, upload) = begin().await?;
    let sent = upload.put_some([1, 3]).await?;
    let (system, upload) = restarted(system, upload).await?;
    let held: Vec<_> = upload
        .held()
        .await?
        .into_iter()
        .map(|(_, etag)| etag)
        .collect();
    assert_eq!(
        held,
        sent.iter()
            .map(|part| part.etag.trim_matches('"').to_string())
            .collect::<Vec<_>>()
    );
    refused(upload.complete(Vec::new()).await, 409, "parts_mismatch");
    upload.put_some([2, 4]).await?;
    finish(&system, &upload).await
}

#[tokio::test]
async fn upload_survives_death_after_all_parts() -> Result<()> {
    let (system, upload) = begin().await?;
    upload.put_all().await?;
    let (system, upload) = restarted(system, upload).await?;
    assert_eq!(upload.held().await?.len(), PARTS);
    finish(&system, &upload).await
}

#[tokio::test]
async fn upload_survives_death_during_completion() -> Result<()> {
    let (mut system, _) = begin().await?;
    // A completion takes some milliseconds; each kill hits a different moment of it.
    for round in 0..6 {
        let dataset_id = system.dataset(&format!("round {round}")).await?;
        let upload = system
            .begin(dataset_id, "noise.bin", noise(2 * PART_SIZE, round))
            .await?;
        upload.put_all().await?;
        let asking = tokio::spawn({
            let upload = upload.clone();
            async move { upload.complete(Vec::new()).await.is_ok() }
        });
        sleep(Duration::from_millis(3 * round)).await;
        system = system.kill_and_restart().await?;
        asking.await?;
        let upload = upload.through(&system);
        let response = upload.complete(Vec::new()).await?;
        assert_ne!(response.status, JobStatus::AwaitingUpload);
        upload.wait().await?;
        assert_eq!(upload.commit().await?.version, 1);
        assert!(system.read(dataset_id).await? == upload.content);
    }
    assert_eq!(system.bucket().objects().await?.len(), 6);
    Ok(())
}

#[tokio::test]
async fn upload_survives_death_after_completion() -> Result<()> {
    let (system, upload) = begin().await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    let (system, upload) = restarted(system, upload).await?;
    finish(&system, &upload).await
}

#[tokio::test]
async fn upload_survives_death_during_inspection() -> Result<()> {
    let (system, _) = begin().await?;
    let dataset_id = system.dataset("inspected").await?;
    let rows = 64 * MIB / 20;
    let upload = system.begin(dataset_id, "rows.csv", csv(rows)).await?;
    upload.put_all().await?;
    assert_eq!(
        upload.complete(Vec::new()).await?.status,
        JobStatus::Inspecting
    );
    let (system, upload) = restarted(system, upload).await?;
    assert_eq!(upload.job().await?.status, JobStatus::Inspecting);
    assert_eq!(
        upload.wait().await?.progress.rows,
        Some(i64::try_from(rows)?)
    );
    upload.commit().await?;
    assert!(system.read(dataset_id).await? == upload.content);
    Ok(())
}

#[tokio::test]
async fn upload_survives_death_after_inspection() -> Result<()> {
    let (system, upload) = begin().await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    let (system, upload) = restarted(system, upload).await?;
    assert_eq!(upload.job().await?.status, JobStatus::Ready);
    finish(&system, &upload).await
}

#[tokio::test]
async fn version_survives_death_after_commit() -> Result<()> {
    let (system, upload) = begin().await?;
    upload.put_all().await?;
    finish(&system, &upload).await?;
    let (system, upload) = restarted(system, upload).await?;
    assert_eq!(system.current_version(upload.dataset_id).await?, Some(1));
    finish(&system, &upload).await
}

#[tokio::test]
async fn cancellation_survives_death() -> Result<()> {
    let (system, upload) = begin().await?;
    upload.put_some([1]).await?;
    upload.cancel().await?;
    let (system, upload) = restarted(system, upload).await?;
    assert_eq!(upload.job().await?.status, JobStatus::Cancelled);
    // The reaper runs at startup.
    eventually("the upload is removed", async || {
        system
            .bucket()
            .uploads()
            .await
            .ok()?
            .is_empty()
            .then_some(())
    })
    .await;
    Ok(())
}
