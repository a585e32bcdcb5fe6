//! A process with the wrong bucket: what is not there is not lost.

use anyhow::Result;
use restow_sdk::generated::types::JobStatus;
use restow_tests::{ServerOptions, WorkerProcess};
use tempfile::TempDir;

use crate::fixture::{System, assert_invariants, csv, eventually, executable};

/// A worker on the database of a server, and in another bucket.
fn worker_in(system: &System, directory: &TempDir, bucket: &str) -> Result<WorkerProcess> {
    let mut environment = system.place.environment(&system.place.endpoint);
    environment.retain(|(name, _)| name != "RESTOW_S3_BUCKET");
    environment.push(("RESTOW_S3_BUCKET".to_string(), bucket.to_string()));
    let database = system
        .environment()
        .into_iter()
        .find(|(name, _)| name == "RESTOW_DATABASE_URL");
    environment.push(database.unwrap_or_else(|| {
        let file = system.server.data_dir().join("restow.sqlite");
        (
            "RESTOW_DATABASE_URL".to_string(),
            format!("sqlite:{}", file.display()),
        )
    }));
    let options = ServerOptions::new(executable(), directory.path());
    WorkerProcess::start(&options.with("--lease", "1s").with_environment(environment))
}

#[tokio::test]
async fn worker_in_wrong_bucket_takes_no_job() -> Result<()> {
    let system = System::start_with(&[("--no-worker", ""), ("--reap-interval", "200ms")])?;
    let dataset_id = system.dataset("kept").await?;
    eventually("the reaper owns the bucket", async || {
        let metrics = system
            .anonymous(reqwest::Method::GET, "/metrics")
            .send()
            .await
            .ok()?;
        metrics
            .text()
            .await
            .ok()?
            .contains("restow_bucket_ownership{state=\"owner\"} 1")
            .then_some(())
    })
    .await;
    let upload = system.begin(dataset_id, "rows.csv", csv(7)).await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    let directory = tempfile::tempdir()?;
    let astray = worker_in(&system, &directory, "restov")?;
    eventually(
        "the worker says that the bucket is the wrong one",
        async || {
            let log = astray.log().ok()?;
            (log.contains("no job is worked on")).then_some(())
        },
    )
    .await;
    let job = upload.job().await?;
    assert_eq!(job.status, JobStatus::Inspecting, "{:?}", job.error);
    let elsewhere = tempfile::tempdir()?;
    let right = worker_in(&system, &elsewhere, &system.place.name)?;
    upload.wait().await?;
    upload.commit().await?;
    assert_eq!(system.read(dataset_id).await?, csv(7));
    drop((astray, right));
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn reaper_in_wrong_bucket_touches_nothing() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    system.reap(&[])?;
    let dataset_id = system.dataset("kept").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(7)).await?;
    let cancelled = system.begin(dataset_id, "rows.csv", csv(8)).await?;
    cancelled.cancel().await?;
    for prefix in ["elsewhere/", "datasets/"] {
        let said = system.reap(&[
            "--s3-prefix",
            prefix,
            "--job-deadline",
            "1s",
            "--job-grace",
            "1s",
        ])?;
        assert!(said.contains("nothing was removed"), "{said}");
    }
    let said = system.reap(&[])?;
    assert!(
        said.contains("1 jobs cleaned"),
        "it was marked as cleaned from the wrong bucket: {said}"
    );
    assert_eq!(upload.job().await?.status, JobStatus::AwaitingUpload);
    assert_invariants(&system, &system.bucket()).await
}
