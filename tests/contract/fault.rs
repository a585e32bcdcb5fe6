//! Faults between the server and S3, at each request of each operation: a client that retries reaches the same result.

mod late;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use futures::future::try_join_all;
use restow_sdk::generated::types::CompletedPart;
use restow_tests::fault_proxy::{Fault, Operation};
use tokio::time::{Instant, sleep};

use crate::fixture::{Proxied, Upload, assert_invariants, csv, eventually};

/// Rows of the files, enough for two parts.
const ROWS: usize = 300_000;

/// Attempts of the server for one S3 request; a fault of all of them fails the request.
const ATTEMPTS: usize = 3;

/// Requests that a completion sends to S3 before a worker takes it over.
const COMPLETION_ROUNDS: usize = 4;

/// Faults that any request can meet, whether S3 executed it or not.
const FAULTS: [Fault; 6] = [
    Fault::Refuse(500, "InternalError"),
    Fault::Refuse(503, "SlowDown"),
    Fault::Reset,
    Fault::LoseReply,
    Fault::CutReply,
    Fault::Belie(200, "InternalError"),
];

/// How a reupload is completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// All parts are named, and the object is inspected within the request.
    Named,
    /// The server lists the parts, and inspects the object within the request.
    Listed,
    /// The server lists the parts, and a worker inspects the object.
    Queued,
}

/// Runs one reupload for each way, each fault and each number of consecutive occurrences at an operation.
async fn reuploads_survive(
    ways: &[Way],
    operation: Operation,
    times: &[usize],
    faults: &[Fault],
) -> Result<()> {
    let content = csv(ROWS);
    for &way in ways {
        let survivals = faults
            .iter()
            .map(|fault| survives(way, operation, times, fault, &content));
        try_join_all(survivals)
            .await
            .with_context(|| format!("{way:?}"))?;
    }
    Ok(())
}

async fn survives(
    way: Way,
    operation: Operation,
    times: &[usize],
    fault: &Fault,
    content: &Bytes,
) -> Result<()> {
    let queued = [("--inspect-inline", "0")];
    let it = Proxied::start_with(if way == Way::Queued { &queued } else { &[] })?;
    for &times in times {
        it.proxy.inject(operation, 1..=times, fault.clone());
        let upload = publish(&it, way, &format!("{times} times"), content).await;
        let upload = upload.with_context(|| format!("{operation:?} {fault:?} {times} times"))?;
        ensure!(
            it.proxy.heal() > 0,
            "{operation:?} {fault:?}: no request met the fault"
        );
        ensure!(
            it.proxy
                .reached(Operation::AbortMultipartUpload, &upload.key)
                == 0,
            "{fault:?}: aborted"
        );
    }
    assert_invariants(&it.system, &it.bucket())
        .await
        .with_context(|| format!("{operation:?} {fault:?}"))
}

/// A whole reupload by a client that retries on 503.
async fn publish(it: &Proxied, way: Way, name: &str, content: &Bytes) -> Result<Upload> {
    let (upload, parts) = begin_naming(it, name, content).await?;
    let named = if way == Way::Named { parts } else { Vec::new() };
    complete(&upload, &named).await?;
    finish(it, &upload).await?;
    Ok(upload)
}

async fn begin(it: &Proxied, name: &str, content: &Bytes) -> Result<Upload> {
    Ok(begin_naming(it, name, content).await?.0)
}

/// Sends all parts of a reupload, and returns them as S3 named them.
async fn begin_naming(
    it: &Proxied,
    name: &str,
    content: &Bytes,
) -> Result<(Upload, Vec<CompletedPart>)> {
    let dataset_id = it.system.dataset(name).await?;
    let upload = eventually("there are URLs", async || {
        it.system
            .begin(dataset_id, "rows.csv", content.clone())
            .await
            .ok()
    });
    let upload = upload.await;
    ensure!(upload.urls.len() > 1, "the test needs several parts");
    let parts = upload.put_all().await?;
    Ok((upload, parts))
}

async fn complete(upload: &Upload, named: &[CompletedPart]) -> Result<()> {
    let completed = eventually("the completion is accepted", async || {
        match upload.complete(named.to_vec()).await {
            Err(error) if error.is_transient() => None,
            outcome => Some(outcome),
        }
    });
    completed.await?;
    Ok(())
}

/// Waits, commits, and compares the downloaded data.
async fn finish(it: &Proxied, upload: &Upload) -> Result<()> {
    let job = upload.wait().await?;
    ensure!(
        job.progress.rows == Some(i64::try_from(ROWS)?),
        "unexpected row count: {:?}",
        job.progress
    );
    upload.commit().await?;
    ensure!(
        it.system.read(upload.dataset_id).await? == upload.content,
        "the downloaded bytes differ"
    );
    Ok(())
}

fn completions(it: &Proxied, upload: &Upload) -> usize {
    it.proxy
        .reached(Operation::CompleteMultipartUpload, &upload.key)
}

fn aborts(it: &Proxied, upload: &Upload) -> usize {
    it.proxy
        .reached(Operation::AbortMultipartUpload, &upload.key)
}

#[tokio::test]
async fn upload_creation_survives_s3_faults() -> Result<()> {
    reuploads_survive(
        &[Way::Named],
        Operation::CreateMultipartUpload,
        &[1, ATTEMPTS],
        &FAULTS,
    )
    .await
}

#[tokio::test]
async fn part_listing_survives_s3_faults() -> Result<()> {
    reuploads_survive(
        &[Way::Listed],
        Operation::ListParts,
        &[1, ATTEMPTS],
        &FAULTS,
    )
    .await
}

#[tokio::test]
async fn completion_survives_s3_faults() -> Result<()> {
    reuploads_survive(
        &[Way::Named, Way::Listed],
        Operation::CompleteMultipartUpload,
        &[1, COMPLETION_ROUNDS],
        &FAULTS,
    )
    .await
}

#[tokio::test]
async fn completion_survives_false_s3_responses() -> Result<()> {
    let odd = [
        Fault::EmptyReply,
        Fault::Belie(404, "NoSuchUpload"),
        Fault::Belie(404, "NoSuchKey"),
        Fault::Belie(400, "InvalidPart"),
        Fault::Belie(403, "AccessDenied"),
    ];
    reuploads_survive(
        &[Way::Named, Way::Listed],
        Operation::CompleteMultipartUpload,
        &[1, COMPLETION_ROUNDS],
        &odd,
    )
    .await
}

#[tokio::test]
async fn object_check_survives_s3_faults() -> Result<()> {
    let faults = &FAULTS[..5];
    reuploads_survive(
        &[Way::Queued],
        Operation::HeadObject,
        &[1, ATTEMPTS],
        faults,
    )
    .await
}

/// Without the last fault: for a download, a 200 with an error inside is the object's content.
#[tokio::test]
async fn inspection_survives_s3_faults() -> Result<()> {
    let (ways, faults) = (&[Way::Named, Way::Queued], &FAULTS[..5]);
    reuploads_survive(ways, Operation::GetObject, &[1, ATTEMPTS], faults).await
}

#[tokio::test]
async fn hung_request_times_out_and_is_retried() -> Result<()> {
    let operations = [
        (Way::Named, Operation::CreateMultipartUpload),
        (Way::Named, Operation::GetObject),
        (Way::Listed, Operation::ListParts),
        (Way::Queued, Operation::HeadObject),
        (Way::Queued, Operation::GetObject),
    ];
    try_join_all(operations.map(async |(way, operation)| {
        reuploads_survive(&[way], operation, &[1], &[Fault::Hang]).await
    }))
    .await?;
    Ok(())
}

#[tokio::test]
async fn stalled_download_resumes_from_its_offset() -> Result<()> {
    let ways = [Way::Named, Way::Queued];
    reuploads_survive(&ways, Operation::GetObject, &[1], &[Fault::StallReply]).await
}

#[tokio::test]
async fn completion_survives_lost_response_and_failed_heads() -> Result<()> {
    let it = Proxied::start_with(&[("--inspect-inline", "0")])?;
    let upload = begin(&it, "blind", &csv(ROWS)).await?;
    it.proxy
        .inject(Operation::CompleteMultipartUpload, 1..=1, Fault::LoseReply);
    it.proxy.inject(
        Operation::HeadObject,
        1..=ATTEMPTS,
        Fault::Refuse(503, "SlowDown"),
    );
    complete(&upload, &[]).await?;
    finish(&it, &upload).await?;
    assert_eq!(completions(&it, &upload), 1);
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn refused_named_parts_are_listed() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let (upload, parts) = begin_naming(&it, "named", &csv(ROWS)).await?;
    let refusal = Fault::Refuse(400, "InvalidPart");
    it.proxy
        .inject(Operation::CompleteMultipartUpload, 1..=1, refusal);
    complete(&upload, &parts).await?;
    finish(&it, &upload).await?;
    assert_eq!(it.proxy.reached(Operation::ListParts, &upload.key), 2);
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn small_file_costs_three_s3_requests_of_the_server() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let dataset_id = it.system.dataset("small").await?;
    let reupload = it.system.client.reupload(dataset_id);
    let outcome = reupload.source("rows.csv", csv(10)).send().await?;
    let version = outcome.version.context("it is committed")?;
    let job = outcome.job;
    ensure!(version.row_count == Some(10) && job.id == version.job_id);
    let requests: Vec<_> = it
        .proxy
        .seen()
        .into_iter()
        .filter(|seen| seen.key.contains(&job.id.to_string()))
        .map(|seen| seen.operation)
        .collect();
    assert_eq!(
        requests,
        [
            Operation::CreateMultipartUpload,
            Operation::CompleteMultipartUpload,
            Operation::GetObject
        ]
    );
    Ok(())
}

#[tokio::test]
async fn only_transient_s3_errors_are_retried() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let dataset_id = it.system.dataset("overloaded").await?;
    for (fault, attempts) in [
        (Fault::Refuse(503, "SlowDown"), ATTEMPTS),
        (Fault::Refuse(403, "AccessDenied"), 1),
    ] {
        let before = it.proxy.seen().len();
        it.proxy
            .inject(Operation::CreateMultipartUpload, 1.., fault);
        let body = serde_json::json!({ "filename": "rows.csv", "file_size": 1 });
        let path = format!("/datasets/{dataset_id}/reupload/presigned");
        let response = it
            .system
            .request(reqwest::Method::POST, &path)
            .json(&body)
            .send()
            .await?;
        assert_eq!(response.status(), 503);
        assert!(response.headers().contains_key("retry-after"));
        it.proxy.heal();
        assert_eq!(it.proxy.seen().len() - before, attempts);
    }
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn cleanup_survives_s3_faults() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let content = csv(ROWS);
    for operation in [
        Operation::ListMultipartUploads,
        Operation::AbortMultipartUpload,
        Operation::DeleteObject,
    ] {
        for fault in &FAULTS[..5] {
            let upload = begin(&it, &format!("{operation:?} {fault:?}"), &content).await?;
            if operation == Operation::DeleteObject {
                // Only a job that was inspected has an object to delete.
                upload.complete(Vec::new()).await?;
                upload.wait().await?;
            }
            upload.cancel().await?;
            it.proxy.inject(operation, 1..=1, fault.clone());
            let said = it.system.reap(&[])?;
            ensure!(
                said.contains("1 jobs cleaned"),
                "{operation:?} {fault:?}: {said}"
            );
            ensure!(
                it.bucket().uploads().await?.is_empty(),
                "{operation:?} {fault:?}: an upload stayed"
            );
            ensure!(
                it.proxy.heal() > 0,
                "{operation:?} {fault:?}: no request met the fault"
            );
        }
    }
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn failed_cleanup_is_counted_and_retried() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let upload = begin(&it, "stubborn", &csv(ROWS)).await?;
    upload.cancel().await?;
    it.proxy.inject(
        Operation::AbortMultipartUpload,
        1..,
        Fault::Refuse(500, "InternalError"),
    );
    let said = it.system.reap(&[])?;
    assert!(
        said.contains("0 jobs cleaned") && said.contains("1 operations failed"),
        "{said}"
    );
    it.proxy.heal();
    let failed = Instant::now();
    while !it.system.reap(&[])?.contains("1 jobs cleaned") {
        // Retries of a failed cleanup are a minute apart.
        ensure!(
            failed.elapsed() < Duration::from_secs(90),
            "the cleanup is not retried"
        );
        sleep(Duration::from_secs(1)).await;
    }
    assert_invariants(&it.system, &it.bucket()).await
}
