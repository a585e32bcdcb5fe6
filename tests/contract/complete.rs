//! Completion: S3's list of parts decides, and requests may be repeated and concurrent.

use anyhow::Result;
use futures::future::join_all;
use restow_sdk::generated::types::JobStatus;
use serde_json::json;

use crate::fixture::{
    PART_SIZE, System, Upload, Wire, csv, eventually, named, noise, refused, refused_answer,
};

async fn begin(system: &System, parts: usize, seed: u64) -> Result<Upload> {
    let dataset_id = system.dataset(&format!("dataset {seed}")).await?;
    system
        .begin(
            dataset_id,
            "noise.bin",
            noise((parts - 1) * PART_SIZE + 99, seed),
        )
        .await
}

/// Waits, commits, and compares the downloaded data.
async fn assert_published(system: &System, upload: &Upload) -> Result<()> {
    upload.wait().await?;
    upload.commit().await?;
    assert!(system.read(upload.dataset_id).await? == upload.content);
    Ok(())
}

#[tokio::test]
async fn missing_parts_are_all_named() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 4, 1).await?;
    let mut sent = upload.put_some([1, 3]).await?;
    let held = upload.held().await?;
    for parts in [Vec::new(), sent.clone()] {
        let fault = refused(upload.complete(parts).await, 409, "parts_mismatch");
        assert_eq!(fault.ctx["total"], 2);
        assert_eq!(
            fault.ctx["parts"],
            json!([{ "part_number": 2, "problem": "missing" }, { "part_number": 4, "problem": "missing" }])
        );
        assert_eq!(upload.job().await?.status, JobStatus::AwaitingUpload);
        assert_eq!(upload.held().await?, held, "the refusal removed parts");
    }
    sent.extend(upload.put_some([2, 4]).await?);
    upload.complete(sent).await?;
    assert_published(&system, &upload).await
}

#[tokio::test]
async fn missing_parts_are_limited_to_a_hundred() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("many").await?;
    let size = 150 * PART_SIZE as u64;
    let body = json!({ "filename": "a.bin", "file_size": size });
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let response = system
        .request(reqwest::Method::POST, &path)
        .json(&body)
        .send()
        .await?;
    let response: serde_json::Value = response.error_for_status()?.json().await?;
    let job_id = response["job_id"]
        .as_str()
        .unwrap_or_default()
        .parse::<uuid::Uuid>()?;
    let operation = system
        .client
        .api()
        .complete_presigned_reupload()
        .dataset_id(dataset_id)
        .job_id(job_id);
    let fault = refused(operation.send().await, 409, "parts_mismatch");
    assert_eq!(fault.ctx["total"], 150);
    assert_eq!(fault.ctx["parts"].as_array().map(Vec::len), Some(100));
    Ok(())
}

#[tokio::test]
async fn wrong_etag_is_named() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 3, 2).await?;
    let sent = upload.put_all().await?;
    let wrong = "0123456789abcdef0123456789abcdef";
    let mut named_wrong = sent.clone();
    named_wrong[1] = named(2, wrong);
    let fault = refused(upload.complete(named_wrong).await, 409, "parts_mismatch");
    assert_eq!(fault.ctx["total"], 1);
    let found = sent[1].etag.trim_matches('"');
    assert_eq!(
        fault.ctx["parts"],
        json!([{ "part_number": 2, "problem": "etag", "expected": wrong, "found": found }])
    );
    assert_eq!(upload.job().await?.status, JobStatus::AwaitingUpload);
    upload.complete(sent).await?;
    assert_published(&system, &upload).await
}

#[tokio::test]
async fn unplanned_and_omitted_parts_are_named() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 2, 3).await?;
    let sent = upload.put_all().await?;
    let beyond = vec![sent[0].clone(), named(3, "abc")];
    let fault = refused(upload.complete(beyond).await, 409, "parts_mismatch");
    assert_eq!(
        fault.ctx["parts"],
        json!([{ "part_number": 2, "problem": "not_named" }, { "part_number": 3, "problem": "not_planned" }])
    );
    upload.complete(sent).await?;
    assert_published(&system, &upload).await
}

#[tokio::test]
async fn etag_quotes_order_and_repetition_are_ignored() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 4, 4).await?;
    let sent = upload.put_all().await?;
    let sloppy = vec![
        named(4, "undefined"),
        named(2, sent[1].etag.trim_matches('"')),
        named(1, &sent[0].etag),
        named(3, ""),
        named(2, &sent[1].etag),
        named(1, &sent[0].etag.to_uppercase()),
    ];
    upload.complete(sloppy).await?;
    assert_published(&system, &upload).await
}

#[tokio::test]
async fn empty_list_completes_all_stored_parts() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 2, 5).await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    assert_published(&system, &upload).await
}

#[tokio::test]
async fn repeated_completion_returns_the_current_status() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 2, 6).await?;
    let sent = upload.put_all().await?;
    let first = upload.complete(sent.clone()).await?;
    assert_eq!(first.job_id, upload.job_id);
    assert!(!first.message.is_empty());
    let again = upload.complete(sent.clone()).await?;
    assert!(
        matches!(again.status, JobStatus::Inspecting | JobStatus::Ready),
        "{:?}",
        again.status
    );
    upload.wait().await?;
    assert_eq!(upload.complete(Vec::new()).await?.status, JobStatus::Ready);
    assert_eq!(
        upload.complete(vec![named(1, "wrong")]).await?.status,
        JobStatus::Ready
    );
    upload.commit().await?;
    assert_eq!(upload.complete(sent).await?.status, JobStatus::Committed);
    assert_eq!(system.bucket().objects().await?, [upload.key.as_str()]);
    Ok(())
}

#[tokio::test]
async fn etag_selects_between_copies_of_a_part() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 2, 7).await?;
    let sent = upload.put_all().await?;
    let other = upload.put_bytes(1, noise(PART_SIZE, 8)).await?;
    if keeps_replaced_parts(&system, &upload).await? {
        // The named copy can still be used.
        upload.complete(sent).await?;
        return assert_published(&system, &upload).await;
    }
    let stale = refused(upload.complete(sent.clone()).await, 409, "parts_mismatch");
    assert_eq!(stale.ctx["parts"][0]["found"], other.trim_matches('"'));
    upload.put(1).await?;
    let stale = vec![named(1, &other), sent[1].clone()];
    refused(upload.complete(stale).await, 409, "parts_mismatch");
    upload.complete(sent).await?;
    assert_published(&system, &upload).await
}

/// Whether S3 lists more parts than planned, since some servers list every copy of a part.
async fn keeps_replaced_parts(system: &System, upload: &Upload) -> Result<bool> {
    let bucket = system.bucket();
    let list = bucket
        .client
        .list_parts()
        .bucket(&bucket.name)
        .key(&upload.key);
    Ok(list
        .set_upload_id(upload.multipart_id.clone())
        .send()
        .await?
        .parts()
        .len()
        > upload.urls.len())
}

/// The part is sent as A, B, A, C; the completion has one entry for it, which is the named copy.
#[tokio::test]
async fn etag_selects_the_latest_of_many_copies() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 2, 17).await?;
    let mut sent = upload.put_all().await?;
    for seed in [18, 17, 19] {
        let replaced = upload.put_bytes(1, noise(PART_SIZE, seed)).await?;
        sent[0] = named(1, &replaced);
    }
    upload.complete(sent.clone()).await?;
    upload.wait().await?;
    upload.commit().await?;
    let expected = [noise(PART_SIZE, 19), upload.part(2)].concat();
    assert!(
        system.read(upload.dataset_id).await? == expected,
        "the content differs from the named copy"
    );
    assert_eq!(upload.complete(sent).await?.status, JobStatus::Committed);
    Ok(())
}

#[tokio::test]
async fn concurrent_completions_all_succeed() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 3, 9).await?;
    let sent = upload.put_all().await?;
    let responses = join_all((0..8).map(|_| upload.complete(sent.clone()))).await;
    for response in responses {
        assert_eq!(response?.job_id, upload.job_id);
    }
    assert_eq!(system.bucket().objects().await?, [upload.key.as_str()]);
    assert_published(&system, &upload).await
}

#[tokio::test]
async fn parts_sent_during_completion_are_harmless() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 2, 10).await?;
    upload.put_all().await?;
    let hammer = tokio::spawn({
        let upload = upload.clone();
        async move { while upload.put(2).await.is_ok() {} }
    });
    upload.complete(Vec::new()).await?;
    hammer.await?;
    assert_published(&system, &upload).await
}

/// Permitted outcomes of a concurrent completion and cancellation: either alone, or the cancellation after the
/// completion.
#[tokio::test]
async fn concurrent_cancel_and_complete_stay_consistent() -> Result<()> {
    let system = System::start()?;
    for seed in 20..30 {
        let upload = begin(&system, 1, seed).await?;
        upload.put_all().await?;
        let (completed, cancelled) = tokio::join!(upload.complete(Vec::new()), upload.cancel());
        if let Ok(job) = &cancelled {
            assert_eq!(job.status, JobStatus::Cancelled);
            if completed.is_err() {
                refused(completed, 409, "invalid_state");
            }
            assert_eq!(upload.job().await?.status, JobStatus::Cancelled);
            refused(upload.commit().await, 409, "invalid_state");
            assert_eq!(system.current_version(upload.dataset_id).await?, None);
        } else {
            refused(cancelled, 409, "invalid_state");
            completed?;
            assert_published(&system, &upload).await?;
        }
    }
    system.reap(&[])?;
    assert!(system.bucket().uploads().await?.is_empty());
    let mut current = 0;
    for dataset in system
        .client
        .api()
        .list_datasets()
        .send()
        .await?
        .into_inner()
        .items
    {
        current += usize::from(dataset.current_version.is_some());
    }
    assert_eq!(system.bucket().objects().await?.len(), current);
    Ok(())
}

#[tokio::test]
async fn finished_job_cannot_be_completed() -> Result<()> {
    let system = System::start()?;
    let cancelled = begin(&system, 2, 11).await?;
    cancelled.put_all().await?;
    cancelled.cancel().await?;
    system.reap(&[])?;
    let fault = refused(cancelled.complete(Vec::new()).await, 409, "invalid_state");
    assert_eq!(fault.ctx["status"], "cancelled");
    refused(cancelled.commit().await, 409, "invalid_state");
    assert!(system.bucket().objects().await?.is_empty());
    assert!(system.bucket().uploads().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn completion_through_another_dataset_is_refused() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 1, 13).await?;
    upload.put_all().await?;
    let other = system.dataset("other").await?;
    let operation = system
        .client
        .api()
        .complete_presigned_reupload()
        .dataset_id(other)
        .job_id(upload.job_id);
    let fault = refused(operation.send().await, 404, "not_found");
    assert_eq!(fault.loc[1].to_string(), "job_id");
    assert_eq!(upload.job().await?.status, JobStatus::AwaitingUpload);
    Ok(())
}

#[tokio::test]
async fn invalid_part_entries_are_located() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 1, 15).await?;
    let path = format!(
        "/datasets/{}/reupload/presigned/{}/complete",
        upload.dataset_id, upload.job_id
    );
    for (part, member, error_type) in [
        (
            json!({ "etag": "a", "part_number": 0 }),
            "part_number",
            "greater_than_equal",
        ),
        (
            json!({ "etag": "a", "part_number": 10_001 }),
            "part_number",
            "less_than_equal",
        ),
        (
            json!({ "etag": "a", "part_number": "1" }),
            "part_number",
            "int_type",
        ),
        (
            json!({ "etag": "a", "part_number": 1.5 }),
            "part_number",
            "int_from_float",
        ),
        (json!({ "etag": "a" }), "part_number", "missing"),
        (
            json!({ "etag": null, "part_number": 1 }),
            "etag",
            "string_type",
        ),
        (json!({ "ETag": "a", "part_number": 1 }), "etag", "missing"),
    ] {
        let body = json!({ "parts": [{ "etag": "a", "part_number": 1 }, part] });
        let response = system
            .request(reqwest::Method::POST, &path)
            .json(&body)
            .send()
            .await?;
        let fault = refused_answer(response, 422, error_type).await?;
        assert_eq!(fault["loc"], json!(["body", "parts", 1, member]));
    }
    assert_eq!(upload.job().await?.status, JobStatus::AwaitingUpload);
    Ok(())
}

/// Requests the completion and disconnects before the response.
async fn complete_and_disconnect(system: &System, upload: &Upload) -> Result<()> {
    let path = format!(
        "/api/datasets/{}/reupload/presigned/{}/complete",
        upload.dataset_id, upload.job_id
    );
    let bearer = format!("Bearer {}", system.server.token());
    let mut wire = Wire::to(system.server.url()).await?;
    wire.head(
        &format!("POST {path}"),
        &[("authorization", &bearer), ("content-length", "2")],
    )
    .await?;
    wire.send(b"{}").await
}

#[tokio::test]
async fn completion_continues_after_client_disconnects() -> Result<()> {
    let system = System::start()?;
    let upload = begin(&system, 4, 14).await?;
    upload.put_all().await?;
    // If the client disconnected before the server read the request, it sends it again, and disconnects again.
    eventually("the completion succeeds", async || {
        complete_and_disconnect(&system, &upload).await.ok()?;
        let status = upload.job().await.ok()?.status;
        (status != JobStatus::AwaitingUpload && status != JobStatus::Completing).then_some(())
    })
    .await;
    assert_published(&system, &upload).await
}

#[tokio::test]
async fn rows_are_counted_after_completion() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("rows").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(400_000)).await?;
    assert!(upload.urls.len() > 1);
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    let job = upload.wait().await?;
    assert_eq!(
        (job.progress.bytes_done, job.progress.rows),
        (job.file_size, Some(400_000))
    );
    Ok(())
}
