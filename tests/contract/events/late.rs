//! Streams of jobs that have ended, while another transaction is under way that began to write before.

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::stream::{fields, open, rest};
use crate::fixture::{System, csv};

/// The advisory locks of transactions that write events (`write_event`).
const LOCKS: u32 = 1_380_275_031;

#[tokio::test]
async fn stream_of_an_ended_job_is_complete() -> Result<()> {
    let system = System::start()?;
    let environment = system.environment();
    let url = environment
        .iter()
        .find(|(name, _)| name == "RESTOW_DATABASE_URL");
    // SQLite has one writer.
    let Some((_, url)) = url else {
        return Ok(());
    };
    let dataset_id = system.dataset("weather").await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(1)).await?;
    upload.commit().await?;
    let path = format!("/jobs/{}/events", upload.job_id);
    let mut all = super::listed(&system, &path).await?;
    all.reverse();
    let types = super::types(&all);
    assert_eq!(
        types[types.len() - 2..],
        ["job.committed", "version.committed"]
    );
    let mut other = PgConnection::connect(url).await?;
    // Before the first event, before the last one of the job, and within the transaction of that.
    for seen in [0, all.len() - 3, all.len() - 2] {
        let id = all[seen]["id"].as_i64().context("no id")?;
        other.execute("BEGIN").await?;
        let lock = format!("SELECT pg_advisory_xact_lock_shared({LOCKS}, {id})");
        other.execute(AssertSqlSafe(lock)).await?;
        // It is open once what is settled was read.
        let stream = tokio::spawn(rest(open(&system, &path, None).await?));
        other.execute("COMMIT").await?;
        let stream = stream.await??;
        assert_eq!(fields(&stream, "event"), types, "behind {id}");
    }
    Ok(())
}
