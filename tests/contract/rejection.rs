//! Rejected jobs: content that cannot be read as it stands, and what becomes of it.

use anyhow::{Context, Result};
use reqwest::Method;
use restow_sdk::generated::types::{JobPhase, JobStatus, Severity};
use serde_json::json;

use crate::fixture::{System, csv, eventually, refused, whatever_changes};

/// A row that is too short.
const RAGGED: &str = "a,b\n1,2\n3\n";

#[tokio::test]
async fn rejected_job_keeps_what_was_uploaded() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("kept").await?;
    let (upload, job) = system
        .prepare_with(dataset_id, "rows.csv", RAGGED, json!({}))
        .await?;
    assert_eq!(
        (job.status, job.progress.phase, job.version),
        (JobStatus::Rejected, JobPhase::Done, None)
    );
    let error = job.error.context("no reason")?;
    assert_eq!(
        (&error.type_[..], &error.ctx["line"]),
        ("ragged_rows", &json!(3))
    );
    let preview = upload.preview().await?;
    assert!(preview.findings_total >= 1);
    let first = preview.findings.first().context("no finding")?;
    assert_eq!((first.severity, &first.msg), (Severity::Error, &error.msg));
    assert_eq!(
        system.bucket().objects().await?,
        std::slice::from_ref(&upload.key)
    );
    let again = upload.complete(Vec::new()).await?;
    assert_eq!(again.status, JobStatus::Rejected);
    let response = system.anonymous(Method::GET, "/metrics").send().await?;
    let metrics = response.text().await?;
    assert!(
        metrics.contains("restow_jobs_total{status=\"rejected\"} 1"),
        "{metrics}"
    );
    Ok(())
}

#[tokio::test]
async fn rejected_object_is_committed_only_on_purpose() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("purpose").await?;
    system
        .publish(dataset_id, "rows.csv", "a,b\n1,2\n".into())
        .await?;
    let (upload, _) = system
        .prepare_with(dataset_id, "rows.csv", RAGGED, json!({ "commit": true }))
        .await?;
    let mut commit = whatever_changes();
    commit.accept.clear();
    let fault = refused(
        upload.commit_with(commit.clone()).await,
        409,
        "invalid_state",
    );
    assert_eq!(fault.ctx["status"], "rejected");
    commit.accept = serde_json::from_value(json!(["uninspected"]))?;
    let version = upload.commit_with(commit).await?;
    assert_eq!((version.version, version.row_count), (2, None));
    assert!(version.columns.is_empty() && version.dialect.is_none());
    assert_eq!(system.read(dataset_id).await?, RAGGED);
    assert_eq!(upload.job().await?.error.map(|error| error.type_), None);

    // Readers still know the columns of the first version.
    let text = system
        .prepare(dataset_id, "rows.csv", "a,b\nx,y\n".into())
        .await?;
    let diff = text.preview().await?.schema_diff;
    let kinds: Vec<_> = diff
        .changes
        .iter()
        .map(|change| change.kind.to_string())
        .collect();
    assert_eq!(kinds, ["type_breaks", "type_breaks"]);
    Ok(())
}

#[tokio::test]
async fn rejected_jobs_expire_or_are_cancelled() -> Result<()> {
    let system = System::start_with(&[
        ("--preview-deadline", "1s"),
        ("--job-grace", "1s"),
        ("--reap-interval", "100ms"),
    ])?;
    let dataset_id = system.dataset("over").await?;
    let (expired, job) = system
        .prepare_with(dataset_id, "rows.csv", RAGGED, json!({}))
        .await?;
    assert_eq!(job.status, JobStatus::Rejected);
    let (cancelled, _) = system
        .prepare_with(dataset_id, "rows.csv", RAGGED, json!({}))
        .await?;
    assert_eq!(cancelled.cancel().await?.status, JobStatus::Cancelled);
    eventually("the job expires and both objects are removed", async || {
        let job = expired.job().await.ok()?;
        let objects = system.bucket().objects().await.ok()?;
        (job.status == JobStatus::Expired && objects.is_empty()).then_some(())
    })
    .await;
    refused(expired.inspect(json!({})).await, 409, "invalid_state");
    refused(cancelled.preview().await, 409, "invalid_state");
    Ok(())
}

#[tokio::test]
async fn rejection_leaves_other_jobs_alone() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("alive").await?;
    for (filename, content) in [
        ("a.ndjson", &b"{\"a\": 1}\n{\n"[..]),
        ("a.parquet", b"nothing of the kind"),
        ("a.parquet", b"PAR1 and then nothing more to be read"),
        ("a.png", b"a,b\n1,2\n"),
    ] {
        let (upload, job) = system
            .prepare_with(dataset_id, filename, content, json!({}))
            .await?;
        assert_eq!(job.status, JobStatus::Rejected, "{filename} {content:?}");
        let preview = upload.preview().await?;
        let error = job.error.context("no reason")?;
        assert_eq!(preview.findings[0].type_.to_string(), error.type_);
    }
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    Ok(())
}
