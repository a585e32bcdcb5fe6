//! Requests with one key at the same time.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use serde_json::{Value, json};

use super::{created, dataset_count, jobs, reupload, rows};
use crate::fixture::{System, assert_invariants};

const REQUESTS: usize = 20;

/// The different values of a member in the responses.
fn distinct<'a>(responses: &'a [Value], member: &str) -> BTreeSet<Option<&'a str>> {
    let values = responses.iter().map(|response| response[member].as_str());
    values.collect()
}

#[tokio::test]
async fn concurrent_requests_create_one_dataset() -> Result<()> {
    let system = System::start()?;
    let body = json!({ "name": "rows" });
    let requests = (0..REQUESTS).map(|_| created(&system, "/datasets", "key", &body));
    let responses = try_join_all(requests).await?;
    assert_eq!(distinct(&responses, "id").len(), 1, "{responses:?}");
    assert_eq!(dataset_count(&system).await?, 1);
    Ok(())
}

#[tokio::test]
async fn concurrent_requests_create_one_job() -> Result<()> {
    let system = System::start_with(&[("--max-open-jobs", "1")])?;
    let dataset_id = system.dataset("rows").await?;
    let (path, body) = (reupload(dataset_id), rows());
    let requests = (0..REQUESTS).map(|_| created(&system, &path, "key", &body));
    let responses = try_join_all(requests).await?;
    let ids = distinct(&responses, "job_id");
    assert_eq!(ids.len(), 1, "{responses:?}");
    let jobs = jobs(&system, dataset_id).await?;
    assert_eq!(jobs.len(), 1);
    let job_id = jobs[0].id.to_string();
    assert!(ids.contains(&Some(job_id.as_str())));
    let uploads = system.bucket().uploads().await?;
    assert_eq!(uploads.len(), 1, "an upload was left: {uploads:?}");
    // All URLs are for the upload that the job has.
    let upload_ids: BTreeSet<_> = responses
        .iter()
        .map(|response| upload_id(response).context("no upload id"))
        .collect::<Result<_>>()?;
    assert_eq!(upload_ids.len(), 1, "{upload_ids:?}");
    assert_invariants(&system, &system.bucket()).await
}

fn upload_id(response: &Value) -> Option<String> {
    let url: reqwest::Url = response["urls"][0].as_str()?.parse().ok()?;
    let mut query = url.query_pairs();
    let (_, id) = query.find(|(name, _)| name == "uploadId")?;
    Some(id.into_owned())
}
