//! Requests with a key while S3 fails.

use anyhow::Result;
use restow_sdk::generated::types::JobStatus;
use restow_tests::fault_proxy::{Fault, Operation};

use super::{created, job_id, jobs, post, reupload, rows};
use crate::fixture::{Proxied, assert_invariants, eventually, refused_answer};

#[tokio::test]
async fn failed_request_releases_its_key() -> Result<()> {
    let it = Proxied::start_with(&[("--max-open-jobs", "1")])?;
    let dataset_id = it.system.dataset("rows").await?;
    let path = reupload(dataset_id);
    let fault = Fault::Refuse(403, "AccessDenied");
    it.proxy
        .inject(Operation::CreateMultipartUpload, 1..=1, fault);
    let failed = post(&it.system, &path, "key", &rows()).await?;
    refused_answer(failed, 503, "unavailable").await?;
    assert_eq!(it.proxy.heal(), 1);
    let statuses = async || -> Result<Vec<JobStatus>> {
        let jobs = jobs(&it.system, dataset_id).await?;
        Ok(jobs.iter().map(|job| job.status).collect())
    };
    assert_eq!(statuses().await?, [JobStatus::Cancelled]);
    created(&it.system, &path, "key", &rows()).await?;
    let expected = [JobStatus::AwaitingUpload, JobStatus::Cancelled];
    assert_eq!(statuses().await?, expected);
    assert_invariants(&it.system, &it.bucket()).await
}

/// The client times out while S3 does not respond, and sends the request again.
#[tokio::test]
async fn retry_during_hung_request_gets_its_job() -> Result<()> {
    let it = Proxied::start_with(&[("--max-open-jobs", "1")])?;
    let dataset_id = it.system.dataset("rows").await?;
    let (path, body) = (reupload(dataset_id), rows());
    it.proxy
        .inject(Operation::CreateMultipartUpload, 1..=1, Fault::Hang);
    let (first, second) = tokio::join!(created(&it.system, &path, "key", &body), async {
        eventually("the first request has a job", async || {
            let jobs = jobs(&it.system, dataset_id).await.ok()?;
            (!jobs.is_empty()).then_some(())
        })
        .await;
        created(&it.system, &path, "key", &body).await
    });
    let ids = [job_id(&first?)?, job_id(&second?)?];
    assert_eq!(ids[0], ids[1]);
    assert_eq!(it.proxy.heal(), 1);
    let uploads = it.bucket().uploads().await?;
    assert_eq!(uploads.len(), 1, "an upload was left: {uploads:?}");
    assert_invariants(&it.system, &it.bucket()).await
}
