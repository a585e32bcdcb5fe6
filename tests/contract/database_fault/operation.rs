//! Operations, the writes of each, and a client that retries until it succeeds.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, StatusCode};
use restow_sdk::generated::types::{CompletedPart, JobStatus};
use restow_tests::FaultProxy;
use restow_tests::fault_proxy::Operation as S3Operation;
use serde_json::{Value, json};
use uuid::Uuid;

use super::reaping;
use super::site::{LEASE, Site};
use super::trouble::Trouble;
use crate::fixture::{Upload, csv, eventually, put, refused_answer};

/// Rows of the files.
const ROWS: usize = 10;

/// An operation that writes to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Request,
    Completion,
    /// A completion that names all parts, and inspects the object within the request.
    WholeCompletion,
    Refusal,
    Inspection,
    Failure,
    Commit,
    Cancellation,
    Restoration,
    Creation,
    Renaming,
    Deletion,
    Reaping,
}

impl Operation {
    pub(super) const ALL: [Self; 13] = [
        Self::Request,
        Self::Completion,
        Self::WholeCompletion,
        Self::Refusal,
        Self::Inspection,
        Self::Failure,
        Self::Commit,
        Self::Cancellation,
        Self::Restoration,
        Self::Creation,
        Self::Renaming,
        Self::Deletion,
        Self::Reaping,
    ];

    /// A fragment of each statement that writes, in order of execution.
    pub(super) const fn writes(self) -> &'static [&'static str] {
        match self {
            Self::Request => &["FROM create_job", "SET upload_id"],
            Self::Completion => &[
                "SET status = 'completing'",
                "SET asked_at",
                "SET status = 'inspecting'",
            ],
            Self::WholeCompletion => &["SET status = 'completing'", "WITH finished AS"],
            Self::Refusal => &[
                "SET status = 'completing'",
                "SET status = 'awaiting_upload'",
            ],
            Self::Inspection => &[
                "FOR UPDATE SKIP LOCKED",
                "SET lease_until = $3, bytes_done",
                "WITH finished AS",
            ],
            Self::Failure => &["WITH finished AS"],
            Self::Commit => &[
                "BEGIN",
                "SET last_version",
                "SET status = 'committed'",
                "INSERT INTO versions",
                "COMMIT",
            ],
            Self::Cancellation => &["SET status = 'cancelled'"],
            Self::Restoration => &["BEGIN", "SET last_version", "SET current_version", "COMMIT"],
            Self::Creation => &[
                "BEGIN",
                "INSERT INTO idempotency_keys",
                "INSERT INTO datasets",
                "COMMIT",
            ],
            Self::Renaming => &["UPDATE datasets SET name"],
            Self::Deletion => &[
                "BEGIN",
                "SET deleted_at",
                "SET status = 'cancelled'",
                "COMMIT",
            ],
            Self::Reaping => &reaping::WRITES,
        }
    }

    /// Options of the server for this operation.
    pub(super) const fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            // The worker is a separate process, started by the test.
            Self::Inspection => &[("--no-worker", "")],
            Self::Completion => &[("--inspect-inline", "0")],
            _ => &[],
        }
    }

    pub(super) async fn perform(self, site: &Site, trouble: &Trouble) -> Result<()> {
        match self {
            Self::Request => request(site, trouble).await,
            Self::Completion => complete(site, trouble).await,
            Self::WholeCompletion => complete_whole(site, trouble).await,
            Self::Refusal => refuse(site, trouble).await,
            Self::Inspection => inspect(site, trouble).await,
            Self::Failure => fail(site, trouble).await,
            Self::Commit => commit(site, trouble).await,
            Self::Cancellation => cancel(site, trouble).await,
            Self::Restoration => restore(site, trouble).await,
            Self::Creation => create(site, trouble).await,
            Self::Renaming => rename(site, trouble).await,
            Self::Deletion => delete(site, trouble).await,
            Self::Reaping => reaping::reap(site, trouble).await,
        }
    }
}

/// A reupload before any part is sent.
async fn begin(site: &Site) -> Result<Upload> {
    let dataset_id = site.system.dataset("rows").await?;
    site.system.begin(dataset_id, "rows.csv", csv(ROWS)).await
}

/// Completes and commits an upload, and checks that it is the only version of its dataset.
async fn finish(site: &Site, upload: &Upload) -> Result<()> {
    finish_naming(site, upload, &[]).await
}

/// The same, where the completion names these parts.
async fn finish_naming(site: &Site, upload: &Upload, parts: &[CompletedPart]) -> Result<()> {
    let path = format!(
        "/datasets/{}/reupload/presigned/{}/complete",
        upload.dataset_id, upload.job_id
    );
    let body = json!({ "parts": parts });
    site.obtain(200, Method::POST, &path, &body).await?;
    let job = upload.wait().await?;
    ensure!(
        job.progress.rows == Some(i64::try_from(ROWS)?),
        "unexpected row count: {:?}",
        job.progress
    );
    upload.commit().await?;
    only_version(site, upload).await
}

/// Checks that an upload is the only version of its dataset, with its bytes.
async fn only_version(site: &Site, upload: &Upload) -> Result<()> {
    let versions = site
        .system
        .client
        .api()
        .list_versions()
        .dataset_id(upload.dataset_id)
        .send()
        .await?
        .into_inner();
    let found: Vec<_> = versions
        .items
        .iter()
        .map(|version| (version.version, version.job_id))
        .collect();
    ensure!(
        found == [(1, upload.job_id)],
        "expected one version: {found:?}"
    );
    ensure!(
        site.system.read(upload.dataset_id).await? == upload.content,
        "the downloaded bytes differ"
    );
    Ok(())
}

async fn request(site: &Site, trouble: &Trouble) -> Result<()> {
    let content = csv(ROWS);
    let dataset_id = site.system.dataset("rows").await?;
    let body =
        json!({ "filename": "rows.csv", "file_size": content.len(), "content_type": "text/csv" });
    trouble.begin(&site.proxy);
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let response = site.obtain(201, Method::POST, &path, &body).await?;
    trouble.end(&site.proxy)?;
    let url = response["urls"][0].as_str().context("no URL")?;
    ensure!(
        put(&site.system.http, url, content.clone())
            .await?
            .status()
            .is_success(),
        "S3 refuses"
    );
    let job_id: Uuid = response["job_id"].as_str().context("no job")?.parse()?;
    site.obtain(
        200,
        Method::POST,
        &format!("{path}/{job_id}/complete"),
        &json!({}),
    )
    .await?;
    site.system.client.wait(job_id).await?;
    let version = site
        .obtain(
            200,
            Method::POST,
            &format!("/jobs/{job_id}/commit"),
            &json!({}),
        )
        .await?;
    ensure!(version["version"] == 1, "unexpected version: {version}");
    ensure!(
        site.system.read(dataset_id).await? == content,
        "the downloaded bytes differ"
    );
    reaping::expire_open_jobs(site).await?;
    let jobs = site
        .system
        .client
        .api()
        .list_jobs()
        .dataset_id(dataset_id)
        .send()
        .await?
        .into_inner()
        .items;
    let over = |status| matches!(status, JobStatus::Expired | JobStatus::Cancelled);
    ensure!(
        jobs.iter().all(|job| job.id == job_id || over(job.status)),
        "jobs remain: {jobs:?}"
    );
    Ok(())
}

async fn complete(site: &Site, trouble: &Trouble) -> Result<()> {
    let upload = begin(site).await?;
    upload.put_all().await?;
    trouble.begin(&site.proxy);
    finish(site, &upload).await?;
    trouble.end(&site.proxy)
}

async fn complete_whole(site: &Site, trouble: &Trouble) -> Result<()> {
    let upload = begin(site).await?;
    let parts = upload.put_all().await?;
    trouble.begin(&site.proxy);
    finish_naming(site, &upload, &parts).await?;
    trouble.end(&site.proxy)
}

async fn refuse(site: &Site, trouble: &Trouble) -> Result<()> {
    let upload = begin(site).await?;
    let path = format!(
        "/datasets/{}/reupload/presigned/{}/complete",
        upload.dataset_id, upload.job_id
    );
    trouble.begin(&site.proxy);
    let refusal = eventually("the completion ends", async || {
        let response = site.insist(Method::POST, &path, &json!({})).await.ok()?;
        // While the completion runs, the response is 200 after at most 10 seconds.
        (response.status() != StatusCode::OK).then_some(response)
    });
    refused_answer(refusal.await, 409, "parts_mismatch").await?;
    trouble.end(&site.proxy)?;
    upload.put_all().await?;
    finish(site, &upload).await
}

async fn inspect(site: &Site, trouble: &Trouble) -> Result<()> {
    let upload = begin(site).await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    let s3 = FaultProxy::start(&site.system.place.endpoint)?;
    let held = s3.hold(S3Operation::GetObject);
    trouble.begin(&site.proxy);
    // A slow completion has renewed a lease, too.
    let before = site.proxy.seen().len();
    let _worker = site.worker(&s3.url(), LEASE).await?;
    let beats = || {
        site.proxy
            .seen()
            .iter()
            .skip(before)
            .any(|statement| statement.contains("SET lease_until = $3, bytes_done"))
    };
    eventually("the worker renews its lease", async || {
        (held.is_reached() && beats()).then_some(())
    })
    .await;
    held.release();
    let job = upload.wait().await?;
    ensure!(
        job.progress.rows == Some(i64::try_from(ROWS)?),
        "unexpected row count: {:?}",
        job.progress
    );
    trouble.end(&site.proxy)?;
    upload.commit().await?;
    only_version(site, &upload).await
}

async fn fail(site: &Site, trouble: &Trouble) -> Result<()> {
    let dataset_id = site.system.dataset("rows").await?;
    let upload = site
        .system
        .begin(dataset_id, "rows.parquet", csv(ROWS))
        .await?;
    upload.put_all().await?;
    trouble.begin(&site.proxy);
    upload.complete(Vec::new()).await?;
    let job = eventually("the job is rejected", async || {
        upload
            .job()
            .await
            .ok()
            .filter(|job| job.status == JobStatus::Rejected)
    });
    let error = job.await.error.context("rejected without an error")?;
    ensure!(
        error.type_ == "content_mismatch",
        "unexpected error: {error:?}"
    );
    trouble.end(&site.proxy)
}

async fn commit(site: &Site, trouble: &Trouble) -> Result<()> {
    let dataset_id = site.system.dataset("rows").await?;
    let upload = site
        .system
        .prepare(dataset_id, "rows.csv", csv(ROWS))
        .await?;
    trouble.begin(&site.proxy);
    let path = format!("/jobs/{}/commit", upload.job_id);
    let version = site.obtain(200, Method::POST, &path, &json!({})).await?;
    trouble.end(&site.proxy)?;
    ensure!(version["version"] == 1, "unexpected version: {version}");
    ensure!(
        site.obtain(200, Method::POST, &path, &json!({})).await? == version,
        "the repeated response differs"
    );
    only_version(site, &upload).await
}

async fn cancel(site: &Site, trouble: &Trouble) -> Result<()> {
    let upload = begin(site).await?;
    trouble.begin(&site.proxy);
    let job = site
        .obtain(
            200,
            Method::POST,
            &format!("/jobs/{}/cancel", upload.job_id),
            &json!({}),
        )
        .await?;
    trouble.end(&site.proxy)?;
    ensure!(
        job["status"] == "cancelled",
        "the job is not cancelled: {job}"
    );
    Ok(())
}

async fn restore(site: &Site, trouble: &Trouble) -> Result<()> {
    let dataset_id = site.system.dataset("rows").await?;
    site.system
        .publish(dataset_id, "rows.csv", csv(ROWS))
        .await?;
    site.system
        .publish(dataset_id, "rows.csv", csv(2 * ROWS))
        .await?;
    trouble.begin(&site.proxy);
    let path = format!("/datasets/{dataset_id}/versions/1/restore");
    let version = site.obtain(200, Method::POST, &path, &json!({})).await?;
    trouble.end(&site.proxy)?;
    ensure!(version["version"] == 1, "unexpected version: {version}");
    ensure!(
        site.system.read(dataset_id).await? == csv(ROWS),
        "the downloaded bytes differ"
    );
    Ok(())
}

async fn create(site: &Site, trouble: &Trouble) -> Result<()> {
    trouble.begin(&site.proxy);
    let dataset = site
        .obtain(201, Method::POST, "/datasets", &json!({ "name": "rows" }))
        .await?;
    trouble.end(&site.proxy)?;
    let found = site
        .obtain(200, Method::GET, "/datasets?name=rows", &Value::Null)
        .await?;
    ensure!(
        found["items"] == json!([dataset]),
        "expected it once: {found}"
    );
    Ok(())
}

async fn rename(site: &Site, trouble: &Trouble) -> Result<()> {
    let dataset_id = site.system.dataset("rows").await?;
    let path = format!("/datasets/{dataset_id}");
    trouble.begin(&site.proxy);
    let renamed = site
        .obtain(200, Method::PATCH, &path, &json!({ "name": "lines" }))
        .await?;
    trouble.end(&site.proxy)?;
    ensure!(renamed["name"] == "lines", "unexpected name: {renamed}");
    ensure!(
        site.obtain(200, Method::GET, &path, &Value::Null).await? == renamed,
        "it differs from the response"
    );
    Ok(())
}

async fn delete(site: &Site, trouble: &Trouble) -> Result<()> {
    let upload = begin(site).await?;
    site.system
        .publish(upload.dataset_id, "rows.csv", csv(ROWS))
        .await?;
    let path = format!("/datasets/{}", upload.dataset_id);
    trouble.begin(&site.proxy);
    let status = if trouble.loses_replies() { 404 } else { 204 };
    site.obtain(status, Method::DELETE, &path, &Value::Null)
        .await?;
    trouble.end(&site.proxy)?;
    site.obtain(404, Method::GET, &path, &Value::Null).await?;
    Ok(())
}
