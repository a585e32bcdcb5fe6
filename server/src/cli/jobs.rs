//! `restow-server job`: jobs of all principals, for an operator.

use anyhow::{Context, Result, bail};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use restow_api::job::JobStatus;
use serde_json::{Value, json};
use uuid::Uuid;

use super::arguments::{DatabaseArguments, JobAction, JobFilter};
use super::connect::{self, Schema};
use crate::storage::COMPLETE_TIMEOUT;
use crate::store::{OperatorJob, Store, StuckSince};

/// How long what is due may wait before it counts as stuck.
const STUCK_AFTER: TimeDelta = TimeDelta::minutes(10);

/// How long after its deadline a job that has not expired counts as stuck.
const OVERDUE_AFTER: TimeDelta = TimeDelta::hours(2);

/// Lists, shows, ends or retries.
pub async fn run(database: &DatabaseArguments, action: JobAction) -> Result<()> {
    let store = connect::store(database, Schema::Check).await?;
    match action {
        JobAction::List { filter, json } => list(&store, filter, json).await?,
        JobAction::Show { id, json } => show(&find(&store, id).await?, json)?,
        JobAction::End { id } => end(&store, id).await?,
        JobAction::Retry { id } => retry(&store, id).await?,
    }
    store.close().await;
    Ok(())
}

async fn find(store: &Store, id: Uuid) -> Result<OperatorJob> {
    let found = store.find_any_job(id).await?;
    found.with_context(|| format!("no job has the id {id}"))
}

async fn list(store: &Store, filter: JobFilter, as_json: bool) -> Result<()> {
    let limit = i64::from(filter.limit);
    let jobs = if filter.stuck {
        let now = store.now();
        let since = StuckSince {
            now,
            due: now - STUCK_AFTER,
            requested: now - COMPLETE_TIMEOUT,
            deadline: now - OVERDUE_AFTER,
        };
        let mut jobs = store.list_stuck_jobs(since, limit).await?;
        jobs.retain(|job| {
            filter.status.is_none_or(|status| job.status() == status)
                && filter
                    .principal
                    .as_ref()
                    .is_none_or(|name| job.principal == *name)
        });
        jobs
    } else {
        store
            .list_any_jobs(filter.principal.as_deref(), filter.status, limit)
            .await?
    };
    if as_json {
        let jobs: Vec<_> = jobs.iter().map(as_value).collect();
        say!("{}", serde_json::to_string_pretty(&jobs)?);
    } else {
        print_table(&jobs);
    }
    Ok(())
}

fn print_table(jobs: &[OperatorJob]) {
    say!(
        "{:36}  {:15}  {:20}  {:20}  {:20}  {:6}  PRINCIPAL",
        "ID",
        "STATUS",
        "CREATED",
        "DEADLINE",
        "DUE",
        "DEATHS"
    );
    for job in jobs {
        say!(
            "{}  {:15}  {}  {}  {}  {:6}  {}",
            job.id,
            job.status().as_str(),
            time(job.created_at),
            time(job.deadline),
            time(job.run_after),
            job.deaths,
            job.principal.escape_debug()
        );
    }
}

fn show(job: &OperatorJob, as_json: bool) -> Result<()> {
    let value = as_value(job);
    if as_json {
        say!("{}", serde_json::to_string_pretty(&value)?);
        return Ok(());
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            Value::String(text) => say!("{name:20}  {}", text.escape_debug()),
            Value::Null => say!("{name:20}  -"),
            other => say!("{name:20}  {}", other.to_string().escape_debug()),
        }
    }
    Ok(())
}

fn as_value(job: &OperatorJob) -> Value {
    json!({
        "id": job.id,
        "status": job.status(),
        "principal": job.principal,
        "dataset_id": job.dataset_id,
        "filename": job.filename.0,
        "file_size": job.file_size(),
        "s3_key": job.s3_key,
        "created_at": job.created_at,
        "deadline": job.deadline,
        "run_after": job.run_after,
        "lease_until": job.lease_until,
        "attempt": job.attempt,
        "deaths": job.deaths,
        "first_requested_at": job.first_requested_at,
        "requested_at": job.requested_at,
        "cleaned_at": job.cleaned_at,
        "error": job.error.as_ref().map(|error| &error.0),
    })
}

/// Cancels a job, unless an abort of its upload could meet a request to complete it.
async fn end(store: &Store, id: Uuid) -> Result<()> {
    let now = store.now();
    if store.end_job(id, now, now - COMPLETE_TIMEOUT).await? {
        say!("job {id} is cancelled; the next round of the reaper removes what it has uploaded");
        return Ok(());
    }
    let job = find(store, id).await?;
    match job.status() {
        JobStatus::Completing => {
            let known_at = job.requested_at.map(|at| at + COMPLETE_TIMEOUT);
            let until = known_at.max(job.lease_until).unwrap_or(now);
            bail!(
                "job {id} is completing, and S3 may still be at work on it until {}; end it after that",
                time(until)
            )
        }
        status => bail!("job {id} is {status} and has ended already"),
    }
}

async fn retry(store: &Store, id: Uuid) -> Result<()> {
    if store.retry_job(id, store.now()).await? {
        say!("job {id} is due now");
        return Ok(());
    }
    let status = find(store, id).await?.status();
    bail!("job {id} is {status}; only a job that is completing or inspecting can be retried")
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
