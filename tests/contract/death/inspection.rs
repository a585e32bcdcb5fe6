//! Death during an inspection: of the server that inspects, or of a separate worker.

use anyhow::{Result, ensure};
use restow_sdk::generated::types::JobStatus;
use restow_server::crash::Point;

use super::process::{ALONE, QUEUED, finish, sent, server_dies, worker, worker_dies};
use crate::fixture::System;

/// Another process inspects the object, or finds it inspected.
pub async fn survives(point: Point) -> Result<()> {
    let system = System::start_with(&QUEUED)?;
    let upload = sent(&system).await?;
    // The response may or may not precede the death.
    let (system, _) = server_dies(system, point, async |system| {
        upload.through(system).complete(Vec::new()).await
    })
    .await?;
    finish(&system, &upload).await?;

    let system = System::start_with(&ALONE)?;
    let upload = sent(&system).await?;
    upload.complete(Vec::new()).await?;
    worker_dies(&system, point).await?;
    let expected = if point == Point::InspectWritten {
        JobStatus::Ready
    } else {
        JobStatus::Inspecting
    };
    let status = upload.job().await?.status;
    ensure!(
        status == expected,
        "the job is {status} after the worker's death"
    );
    let _worker = worker(&system)?;
    finish(&system, &upload).await
}
