//! Versions: commit with a precondition, retention, restore, and consistent reads.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use bytes::Bytes;
use futures::future::try_join_all;
use reqwest::Method;
use restow_sdk::Error;
use restow_sdk::generated::types::{CommitJobRequest, JobStatus, RestoreVersionRequest, Version};
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{System, Upload, csv, refused, refused_answer, whatever_changes};

async fn restore(
    system: &System,
    dataset_id: Uuid,
    version: i64,
    replaces: Option<i64>,
) -> Result<Version, Error> {
    let operation = system
        .client
        .api()
        .restore_version()
        .dataset_id(dataset_id)
        .version(version);
    Ok(operation
        .body(RestoreVersionRequest { replaces })
        .send()
        .await?
        .into_inner())
}

/// A commit of any change in the place of that version.
fn replacing(version: i64) -> CommitJobRequest {
    CommitJobRequest {
        replaces: Some(version),
        ..whatever_changes()
    }
}

#[tokio::test]
async fn second_commit_on_same_base_is_refused() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("conflict").await?;
    let first = system.prepare(dataset_id, "a.csv", csv(1)).await?;
    let second = system.prepare(dataset_id, "b.csv", csv(2)).await?;
    assert_eq!(
        (
            first.job().await?.base_version,
            second.job().await?.base_version
        ),
        (None, None)
    );
    first.commit().await?;

    let fault = refused(second.commit().await, 409, "version_conflict");
    assert_eq!(
        (&fault.ctx["current_version"], &fault.ctx["replaces"]),
        (&json!(1), &json!(null))
    );
    assert_eq!(second.job().await?.status, JobStatus::Ready);
    let fault = refused(
        second.commit_with(replacing(7)).await,
        409,
        "version_conflict",
    );
    assert_eq!(
        (&fault.ctx["current_version"], &fault.ctx["replaces"]),
        (&json!(1), &json!(7))
    );
    assert_eq!(system.read(dataset_id).await?, csv(1));

    let version = second.commit_with(replacing(1)).await?;
    assert_eq!(version.version, 2);
    assert_eq!(system.read(dataset_id).await?, csv(2));
    Ok(())
}

#[tokio::test]
async fn explicit_null_means_no_current_version() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("null").await?;
    let commit = |job_id: Uuid| {
        system
            .request(Method::POST, &format!("/jobs/{job_id}/commit"))
            .json(&json!({ "replaces": null, "accept": ["rows_lost"] }))
            .send()
    };
    let first = system.prepare(dataset_id, "a.csv", csv(1)).await?;
    assert_eq!(commit(first.job_id).await?.status(), 200);
    let second = system.prepare(dataset_id, "a.csv", csv(2)).await?;
    let fault = refused_answer(commit(second.job_id).await?, 409, "version_conflict").await?;
    assert_eq!(
        fault["ctx"],
        json!({ "current_version": 1, "replaces": null })
    );
    second.commit().await?;

    let path = format!("/datasets/{dataset_id}/versions/1/restore");
    let response = system
        .request(Method::POST, &path)
        .json(&json!({ "replaces": null }))
        .send()
        .await?;
    refused_answer(response, 409, "version_conflict").await?;
    let response = system
        .request(Method::POST, &path)
        .json(&json!({ "replaces": 0 }))
        .send()
        .await?;
    refused_answer(response, 422, "greater_than_equal").await?;
    assert_eq!(system.current_version(dataset_id).await?, Some(2));
    Ok(())
}

#[tokio::test]
async fn repeated_commit_returns_the_same_version() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("repeated").await?;
    let first = system.prepare(dataset_id, "a.csv", csv(1)).await?;
    let at_once = try_join_all((0..6).map(|_| first.commit())).await?;
    assert!(
        at_once.iter().all(|version| version.version == 1),
        "{at_once:?}"
    );
    system.publish(dataset_id, "b.csv", csv(2)).await?;
    let again = first.commit().await?;
    assert_eq!((again.version, again.etag), (1, at_once[0].etag.clone()));
    assert_eq!(first.commit_with(replacing(9)).await?.version, 1);
    assert_eq!(system.current_version(dataset_id).await?, Some(2));
    let listed = system
        .client
        .api()
        .list_versions()
        .dataset_id(dataset_id)
        .send()
        .await?
        .into_inner()
        .items;
    assert_eq!(
        listed
            .iter()
            .map(|version| version.version)
            .collect::<Vec<_>>(),
        [2, 1]
    );
    Ok(())
}

#[tokio::test]
async fn uninspected_job_refuses_commit_and_preview() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("early").await?;
    let upload = system.begin(dataset_id, "a.csv", csv(1)).await?;
    let fault = refused(upload.commit().await, 409, "invalid_state");
    assert_eq!(fault.ctx["status"], "awaiting_upload");
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
    );
    assert_eq!(system.current_version(dataset_id).await?, None);
    Ok(())
}

#[tokio::test]
async fn old_versions_stay_readable() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("old").await?;
    refused(
        system
            .client
            .api()
            .download_dataset()
            .dataset_id(dataset_id)
            .send()
            .await,
        404,
        "not_found",
    );
    for rows in 1..=3 {
        system
            .publish(dataset_id, &format!("{rows}.csv"), csv(rows))
            .await?;
    }
    for (number, rows) in [(1, 1), (2, 2), (3, 3)] {
        let version = system
            .client
            .api()
            .get_version()
            .dataset_id(dataset_id)
            .version(number)
            .send()
            .await?;
        assert_eq!(
            (version.filename.clone(), version.row_count),
            (format!("{rows}.csv"), Some(i64::try_from(rows)?))
        );
        assert_eq!(system.read_version(dataset_id, number).await?, csv(rows));
    }
    let api = system.client.api();
    refused(
        api.get_version()
            .dataset_id(dataset_id)
            .version(4)
            .send()
            .await,
        404,
        "not_found",
    );
    refused(
        api.download_version()
            .dataset_id(dataset_id)
            .version(4)
            .send()
            .await,
        404,
        "not_found",
    );
    refused(
        restore(&system, dataset_id, 4, None).await,
        404,
        "not_found",
    );
    let zero = system
        .request(Method::GET, &format!("/datasets/{dataset_id}/versions/0"))
        .send()
        .await?;
    refused_answer(zero, 422, "greater_than_equal").await?;
    for huge in ["18446744073709551615", "2356904988738218622976"] {
        let path = format!("/datasets/{dataset_id}/versions/{huge}");
        refused_answer(
            system.request(Method::GET, &path).send().await?,
            404,
            "not_found",
        )
        .await?;
    }
    let word = system
        .request(
            Method::GET,
            &format!("/datasets/{dataset_id}/versions/latest"),
        )
        .send()
        .await?;
    refused_answer(word, 422, "int_type").await?;
    Ok(())
}

#[tokio::test]
async fn version_numbers_are_never_reused_after_restore() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("restored").await?;
    system.publish(dataset_id, "a.csv", csv(1)).await?;
    system.publish(dataset_id, "b.csv", csv(2)).await?;
    let restored = restore(&system, dataset_id, 1, None).await?;
    assert_eq!((restored.version, restored.filename.as_str()), (1, "a.csv"));
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    assert_eq!(system.read(dataset_id).await?, csv(1));
    assert_eq!(system.read_version(dataset_id, 2).await?, csv(2));

    let third = system.prepare(dataset_id, "c.csv", csv(3)).await?;
    assert_eq!(third.job().await?.base_version, Some(1));
    assert_eq!(third.commit().await?.version, 3);
    assert_eq!(system.read(dataset_id).await?, csv(3));
    Ok(())
}

#[tokio::test]
async fn restore_with_outdated_precondition_is_refused() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("moved").await?;
    system.publish(dataset_id, "a.csv", csv(1)).await?;
    system.publish(dataset_id, "b.csv", csv(2)).await?;
    let fault = refused(
        restore(&system, dataset_id, 1, Some(1)).await,
        409,
        "version_conflict",
    );
    assert_eq!(
        (&fault.ctx["current_version"], &fault.ctx["replaces"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(system.current_version(dataset_id).await?, Some(2));
    restore(&system, dataset_id, 1, Some(2)).await?;
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    // A job that began before the restore does not silently replace it.
    let upload = system.prepare(dataset_id, "c.csv", csv(3)).await?;
    restore(&system, dataset_id, 2, None).await?;
    refused(upload.commit().await, 409, "version_conflict");
    Ok(())
}

#[tokio::test]
async fn concurrent_commits_lose_no_version() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("race").await?;
    let mut uploads = Vec::new();
    for rows in 1..=6 {
        uploads.push(system.prepare(dataset_id, "a.csv", csv(rows)).await?);
    }
    let responses = futures::future::join_all(uploads.iter().map(Upload::commit)).await;
    let won = responses.iter().filter(|response| response.is_ok()).count();
    assert_eq!(won, 1, "{responses:?}");
    for response in responses.into_iter().filter(Result::is_err) {
        refused(response, 409, "version_conflict");
    }
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    Ok(())
}

#[tokio::test]
async fn readers_never_see_half_a_version() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("readers").await?;
    let versions: Vec<Bytes> = (1..=8).map(csv).collect();
    system
        .publish(dataset_id, "1.csv", versions[0].clone())
        .await?;
    let over = AtomicBool::new(false);
    let write = async {
        for (number, content) in (1_i64..).zip(&versions).skip(1) {
            system
                .publish(dataset_id, &format!("{number}.csv"), content.clone())
                .await?;
        }
        over.store(true, Ordering::Relaxed);
        Ok::<_, anyhow::Error>(())
    };
    let read = async {
        let mut last = 0;
        while !over.load(Ordering::Relaxed) {
            let download = system
                .client
                .api()
                .download_dataset()
                .dataset_id(dataset_id)
                .send()
                .await?
                .into_inner();
            let bytes = system
                .http
                .get(&download.url)
                .send()
                .await?
                .error_for_status()?
                .bytes()
                .await?;
            let number = versions
                .iter()
                .position(|content| *content == bytes)
                .context("an incomplete version")?
                + 1;
            assert_eq!(download.filename, format!("{number}.csv"));
            assert_eq!(download.file_size, i64::try_from(bytes.len())?);
            assert!(number >= last, "version {number} after {last}");
            last = number;
        }
        Ok(last)
    };
    let ((), last) = tokio::try_join!(write, read)?;
    assert!(last > 1, "no version changed while it was read");
    assert_eq!(system.current_version(dataset_id).await?, Some(8));
    Ok(())
}
