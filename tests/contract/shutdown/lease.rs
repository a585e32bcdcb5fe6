//! Leases do not outlive the process that holds them, even if S3 does not respond.

use std::time::Duration;

use anyhow::Result;
use restow_sdk::generated::types::JobStatus;
use restow_tests::fault_proxy::{Fault, Operation};
use restow_tests::{ServerOptions, WorkerProcess};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::fixture::{Proxied, csv, eventually, executable};

#[tokio::test]
async fn stopped_worker_releases_inspection_of_unresponsive_s3() -> Result<()> {
    // A lease that was not released would hold the job for longer than any test waits.
    let options = [("--no-worker", ""), ("--lease", "1h")];
    let it = Proxied::start_with(&options)?;
    let worker = || {
        let directory = it.system.server.data_dir();
        let mut environment = it.system.environment();
        if !environment
            .iter()
            .any(|(name, _)| name == "RESTOW_DATABASE_URL")
        {
            let url = format!("sqlite:{}", directory.join("restow.sqlite").display());
            environment.push(("RESTOW_DATABASE_URL".to_string(), url));
        }
        let options = ServerOptions::new(executable(), directory).with("--lease", "1h");
        WorkerProcess::start(&options.with_environment(environment))
    };
    let dataset_id = it.system.dataset("read slowly").await?;
    let upload = it.system.begin(dataset_id, "rows.csv", csv(10)).await?;
    upload.put_all().await?;
    let first = worker()?;
    // Once one job is inspected, the worker has read the bucket's marker too.
    it.system.publish(dataset_id, "first.csv", csv(1)).await?;
    it.proxy.inject(Operation::GetObject, .., Fault::Hang);
    upload.complete(Vec::new()).await?;
    eventually("the worker reads the object", async || {
        let mut seen = it.proxy.seen().into_iter();
        seen.find(|seen| seen.operation == Operation::GetObject && seen.key == upload.key)
    })
    .await;
    let stopping = spawn_blocking(move || first.stop());
    let status = timeout(Duration::from_secs(15), stopping).await???;
    assert_eq!(status.code(), Some(0));
    assert_eq!(upload.job().await?.status, JobStatus::Inspecting);
    it.proxy.heal();
    let _second = worker()?;
    let job = it.system.client.wait(upload.job_id).await?;
    assert_eq!(
        (job.status, job.progress.rows),
        (JobStatus::Ready, Some(10))
    );
    Ok(())
}
