//! Faults between the server and S3, at each call of each operation: a client that tries again reaches the same end.

mod late;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use futures::future::try_join_all;
use restow_tests::fault_proxy::{Fault, Operation};
use tokio::time::{Instant, sleep};

use crate::fixture::{Proxied, Upload, assert_invariants, csv, eventually};

/// Rows of the files, which are enough for two parts.
const ROWS: usize = 300_000;

/// How often the server asks S3 within one call: a fault that comes as often defeats it.
const ATTEMPTS: usize = 3;

/// How often a completion asks S3 before it is left to a worker.
const COMPLETION_ROUNDS: usize = 4;

/// What can happen to any request, whether S3 did what it was asked for or not.
const FAULTS: [Fault; 6] = [
    Fault::Refuse(500, "InternalError"),
    Fault::Refuse(503, "SlowDown"),
    Fault::Reset,
    Fault::LoseReply,
    Fault::CutReply,
    Fault::Belie(200, "InternalError"),
];

/// Has reuploads meet each fault at one operation so many times in a row, one reupload for each number.
async fn reuploads_survive(operation: Operation, times: &[usize], faults: &[Fault]) -> Result<()> {
    let content = csv(ROWS);
    let survivals = faults
        .iter()
        .map(|fault| survives(operation, times, fault, &content));
    try_join_all(survivals).await?;
    Ok(())
}

async fn survives(
    operation: Operation,
    times: &[usize],
    fault: &Fault,
    content: &Bytes,
) -> Result<()> {
    let it = Proxied::start_with(&[])?;
    for &times in times {
        it.proxy.inject(operation, 1..=times, fault.clone());
        let upload = publish(&it, &format!("{times} times"), content).await;
        let upload = upload.with_context(|| format!("{operation:?} {fault:?} {times} times"))?;
        ensure!(
            it.proxy.heal() > 0,
            "{operation:?} {fault:?}: nothing met it"
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

/// A whole reupload by a client that tries again whatever is unavailable.
async fn publish(it: &Proxied, name: &str, content: &Bytes) -> Result<Upload> {
    let upload = begin(it, name, content).await?;
    complete(&upload).await?;
    finish(it, &upload).await?;
    Ok(upload)
}

async fn begin(it: &Proxied, name: &str, content: &Bytes) -> Result<Upload> {
    let dataset_id = it.system.dataset(name).await?;
    let upload = eventually("there are URLs", async || {
        it.system
            .begin(dataset_id, "rows.csv", content.clone())
            .await
            .ok()
    });
    let upload = upload.await;
    ensure!(upload.urls.len() > 1, "one part is too little to go wrong");
    upload.put_all().await?;
    Ok(upload)
}

async fn complete(upload: &Upload) -> Result<()> {
    let completed = eventually("the completion is taken", async || {
        match upload.complete(Vec::new()).await {
            Err(error) if error.is_transient() => None,
            outcome => Some(outcome),
        }
    });
    completed.await?;
    Ok(())
}

/// Waits, commits, and compares what readers get.
async fn finish(it: &Proxied, upload: &Upload) -> Result<()> {
    let job = upload.wait().await?;
    ensure!(
        job.progress.rows == Some(i64::try_from(ROWS)?),
        "other rows were inspected: {:?}",
        job.progress
    );
    upload.commit().await?;
    ensure!(
        it.system.read(upload.dataset_id).await? == upload.content,
        "other bytes came back"
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
async fn at_the_creation_of_an_upload() -> Result<()> {
    reuploads_survive(Operation::CreateMultipartUpload, &[1, ATTEMPTS], &FAULTS).await
}

#[tokio::test]
async fn at_the_list_of_parts() -> Result<()> {
    reuploads_survive(Operation::ListParts, &[1, ATTEMPTS], &FAULTS).await
}

#[tokio::test]
async fn at_the_completion() -> Result<()> {
    reuploads_survive(
        Operation::CompleteMultipartUpload,
        &[1, COMPLETION_ROUNDS],
        &FAULTS,
    )
    .await
}

#[tokio::test]
async fn at_the_completion_with_replies_that_say_what_is_not_so() -> Result<()> {
    let odd = [
        Fault::EmptyReply,
        Fault::Belie(404, "NoSuchUpload"),
        Fault::Belie(404, "NoSuchKey"),
        Fault::Belie(400, "InvalidPart"),
        Fault::Belie(403, "AccessDenied"),
    ];
    reuploads_survive(
        Operation::CompleteMultipartUpload,
        &[1, COMPLETION_ROUNDS],
        &odd,
    )
    .await
}

#[tokio::test]
async fn at_the_look_at_the_object() -> Result<()> {
    reuploads_survive(Operation::HeadObject, &[1, ATTEMPTS], &FAULTS[..5]).await
}

/// A 200 with an error inside would be the object's bytes.
#[tokio::test]
async fn at_the_inspection() -> Result<()> {
    reuploads_survive(Operation::GetObject, &[1, ATTEMPTS], &FAULTS[..5]).await
}

#[tokio::test]
async fn a_request_without_an_answer_is_given_up_and_made_again() -> Result<()> {
    let operations = [
        Operation::CreateMultipartUpload,
        Operation::ListParts,
        Operation::HeadObject,
        Operation::GetObject,
    ];
    try_join_all(operations.map(|operation| reuploads_survive(operation, &[1], &[Fault::Hang])))
        .await?;
    Ok(())
}

#[tokio::test]
async fn an_object_that_stops_in_the_middle_is_read_on_from_there() -> Result<()> {
    reuploads_survive(Operation::GetObject, &[1], &[Fault::StallReply]).await
}

#[tokio::test]
async fn a_lost_reply_and_looks_that_fail_come_to_the_same_success() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let upload = begin(&it, "blind", &csv(ROWS)).await?;
    it.proxy
        .inject(Operation::CompleteMultipartUpload, 1..=1, Fault::LoseReply);
    it.proxy.inject(
        Operation::HeadObject,
        1..=ATTEMPTS,
        Fault::Refuse(503, "SlowDown"),
    );
    complete(&upload).await?;
    finish(&it, &upload).await?;
    assert_eq!(completions(&it, &upload), 1);
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn an_overloaded_s3_is_asked_a_few_times_and_a_refusal_is_not_repeated() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let dataset_id = it.system.dataset("overloaded").await?;
    for (fault, attempts) in [
        (Fault::Refuse(503, "SlowDown"), ATTEMPTS),
        (Fault::Refuse(403, "AccessDenied"), 1),
    ] {
        let before = it.proxy.seen().len();
        it.proxy
            .inject(Operation::CreateMultipartUpload, 1.., fault);
        let asked = serde_json::json!({ "filename": "rows.csv", "file_size": 1 });
        let path = format!("/datasets/{dataset_id}/reupload/presigned");
        let answer = it
            .system
            .request(reqwest::Method::POST, &path)
            .json(&asked)
            .send()
            .await?;
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"));
        it.proxy.heal();
        assert_eq!(it.proxy.seen().len() - before, attempts);
    }
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn at_the_removal_of_what_a_cancelled_job_left() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    let content = csv(ROWS);
    for operation in [
        Operation::ListMultipartUploads,
        Operation::AbortMultipartUpload,
        Operation::DeleteObject,
    ] {
        for fault in &FAULTS[..5] {
            let upload = begin(&it, &format!("{operation:?} {fault:?}"), &content).await?;
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
                "{operation:?} {fault:?}: nothing met it"
            );
        }
    }
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn a_removal_that_failed_is_counted_and_tried_again() -> Result<()> {
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
        // The pause after a failure is a minute.
        ensure!(
            failed.elapsed() < Duration::from_secs(90),
            "it is not tried again"
        );
        sleep(Duration::from_secs(1)).await;
    }
    assert_invariants(&it.system, &it.bucket()).await
}
