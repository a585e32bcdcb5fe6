//! Death during a completion: of the server that received the request, or of a worker that resumes it.

use anyhow::{Result, ensure};
use restow_sdk::generated::types::JobStatus;
use restow_server::crash::Point;

use super::process::{
    ALONE, LEASE, QUEUED, content, dies, finish, sent, sent_parts, server_dies, worker, worker_dies,
};
use crate::fixture::{System, Upload, put, refused};

/// The server that received the request dies, and resumes the completion after its restart.
pub async fn survives_in_the_server(point: Point) -> Result<()> {
    let system = System::start_with(&QUEUED)?;
    let upload = sent(&system).await?;
    let system = complete_without_response(system, &upload, point).await?;
    finish(&system, &upload).await
}

/// The server dies while it completes an upload all of whose parts are named, and inspects it within the request.
pub async fn survives_within_the_request(point: Point) -> Result<()> {
    let system = System::start_with(&[LEASE])?;
    let (upload, parts) = sent_parts(&system).await?;
    let (system, response) = server_dies(system, point, async |system| {
        upload.through(system).complete(parts).await
    })
    .await?;
    ensure!(
        response.is_err(),
        "it died only after its response: {response:?}"
    );
    finish(&system, &upload).await
}

/// The process that resumes the completion dies as well: a separate worker, or the server's own.
pub async fn survives_in_a_resumption(point: Point) -> Result<()> {
    let system = System::start_with(&ALONE)?;
    let upload = sent(&system).await?;
    let system = complete_without_response(system, &upload, Point::CompleteClaimed).await?;
    worker_dies(&system, point).await?;
    let _worker = worker(&system)?;
    finish(&system, &upload).await?;

    let system = System::start_with(&QUEUED)?;
    let upload = sent(&system).await?;
    // A restart in between would resume the completion, and leave nothing to die at.
    let (system, response) = dies(system, Point::CompleteClaimed, async |system| {
        upload.through(system).complete(Vec::new()).await
    })
    .await?;
    ensure!(
        response.is_err(),
        "the server died only after its response: {response:?}"
    );
    let (system, ()) = server_dies(system, point, async |_| ()).await?;
    finish(&system, &upload).await
}

/// The server dies while it refuses a completion.
pub async fn refusal_survives_in_the_server(point: Point) -> Result<()> {
    let system = System::start_with(&[LEASE])?;
    let upload = to_be_refused(&system, point).await?;
    let system = complete_without_response(system, &upload, point).await?;
    send_missing_and_finish(&system, &upload).await
}

/// The process that resumes such a completion dies as well.
pub async fn refusal_survives_in_a_resumption(point: Point) -> Result<()> {
    let system = System::start_with(&ALONE)?;
    let upload = to_be_refused(&system, point).await?;
    let system = complete_without_response(system, &upload, Point::CompleteClaimed).await?;
    worker_dies(&system, point).await?;
    let _worker = worker(&system)?;
    send_missing_and_finish(&system, &upload).await
}

/// Requests a completion during which the server dies.
async fn complete_without_response(
    system: System,
    upload: &Upload,
    point: Point,
) -> Result<System> {
    let (system, response) = server_dies(system, point, async |system| {
        upload.through(system).complete(Vec::new()).await
    })
    .await?;
    ensure!(
        response.is_err(),
        "it died only after its response: {response:?}"
    );
    Ok(system)
}

/// A reupload that lacks a part or, if the point is about a new upload, one that S3 has lost.
async fn to_be_refused(system: &System, point: Point) -> Result<Upload> {
    let upload = system
        .begin(system.dataset("survivor").await?, "rows.csv", content())
        .await?;
    upload.put(1).await?;
    if point == Point::RefuseUploadCreated {
        // Nothing is called lost in a bucket that is not known to be the deployment's.
        system.reap(&[])?;
        let bucket = system.bucket();
        let abort = bucket
            .client
            .abort_multipart_upload()
            .bucket(&bucket.name)
            .key(&upload.key);
        abort
            .set_upload_id(upload.multipart_id.clone())
            .send()
            .await?;
    }
    Ok(upload)
}

/// Completes again, sends the missing parts to fresh URLs, and completes once more.
async fn send_missing_and_finish(system: &System, upload: &Upload) -> Result<()> {
    let upload = &upload.through(system);
    refused(upload.complete(Vec::new()).await, 409, "parts_mismatch");
    ensure!(
        upload.job().await?.status == JobStatus::AwaitingUpload,
        "the refusal changed the job"
    );
    for url in upload.renew(&[1, 2]).await? {
        let part = upload.part(usize::try_from(url.part_number)?);
        put(&system.http, &url.url, part)
            .await?
            .error_for_status()?;
    }
    finish(system, upload).await
}
