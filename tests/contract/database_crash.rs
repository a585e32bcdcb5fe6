//! A PostgreSQL that is killed while it serves requests for URLs. The row of a job is not flushed to disk before its upload
//! is created: what a client was told must be there all the same, and what only S3 knows must be swept.

use std::collections::BTreeSet;
use std::sync::Mutex;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use reqwest::Method;
use restow_tests::Postgres;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{System, eventually, with_token};

const DATABASE: &str = "restow";

/// Clients that send requests at once.
const CLIENTS: usize = 8;

/// Times that the database is killed, and with `RESTOW_TEST_FULL`.
const ROUNDS: (usize, usize) = (5, 200);

#[tokio::test]
async fn acknowledged_uploads_survive_killed_database() -> Result<()> {
    if !Postgres::is_installed() {
        return Ok(());
    }
    let cluster = Postgres::start()?;
    let url = Postgres::create_database(cluster.socket(), DATABASE)?;
    let environment = vec![("RESTOW_DATABASE_URL".to_string(), url)];
    let options = [("--no-worker", ""), ("--no-reaper", "")];
    let system = System::start_in(with_token(&environment)?, environment, &options)?;
    let dataset_id = system.dataset("crash").await?;
    let is_full = std::env::var_os("RESTOW_TEST_FULL").is_some();
    let mut acknowledged = BTreeSet::new();
    for round in 0..if is_full { ROUNDS.1 } else { ROUNDS.0 } {
        // Other numbers of responses come from before the crash in each round.
        acknowledged
            .extend(request_until_killed(&system, &cluster, dataset_id, 1 + round * 7 % 40).await?);
        // The killed processes may take a moment to be gone.
        eventually("the cluster restarts", async || cluster.restart().ok()).await;
        eventually("the server responds", async || {
            let response = system.request(Method::GET, "/datasets").send().await;
            response.ok()?.status().is_success().then_some(())
        })
        .await;
        let recorded = recorded_keys(&cluster)?;
        let lost: Vec<_> = acknowledged.difference(&recorded).collect();
        assert!(lost.is_empty(), "round {round}: {lost:?}");
    }
    let old: DateTime<Utc> = Utc::now() + TimeDelta::seconds(2);
    eventually("time passes", async || (Utc::now() > old).then_some(())).await;
    let swept = system.reap(&["--sweep-grace", "1s"])?;
    let left: BTreeSet<_> = system.bucket().uploads().await?.into_iter().collect();
    assert_eq!(left, recorded_keys(&cluster)?, "{swept}");
    Ok(())
}

/// Sends requests until the database is killed after so many responses, and returns the keys of the acknowledged uploads.
async fn request_until_killed(
    system: &System,
    cluster: &Postgres,
    dataset_id: Uuid,
    responses: usize,
) -> Result<Vec<String>> {
    let acknowledged = Mutex::new(Vec::new());
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let body = json!({ "filename": "rows.csv", "file_size": 1_000 });
    let client = async || {
        loop {
            let request = system.request(Method::POST, &path).json(&body);
            let response = request.send().await?;
            if !response.status().is_success() {
                return Ok::<_, anyhow::Error>(());
            }
            let response: Value = response.json().await?;
            let key = response["s3_key"].as_str().unwrap_or_default();
            acknowledged.lock().unwrap().push(key.to_owned());
        }
    };
    let kill = async {
        eventually("responses", async || {
            (acknowledged.lock().unwrap().len() >= responses).then_some(())
        })
        .await;
        cluster.kill()
    };
    let clients = join_all((0..CLIENTS).map(|_| client()));
    let (ended, killed) = tokio::join!(clients, kill);
    killed?;
    ended.into_iter().collect::<Result<Vec<_>>>()?;
    Ok(acknowledged.into_inner()?)
}

/// Keys of the jobs that have an upload.
fn recorded_keys(cluster: &Postgres) -> Result<BTreeSet<String>> {
    let statement = "SELECT s3_key FROM jobs WHERE upload_id IS NOT NULL".to_owned();
    let keys = Postgres::run_sql(cluster.socket(), DATABASE, &[statement])?;
    Ok(keys.lines().map(str::to_owned).collect())
}
