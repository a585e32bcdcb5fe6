//! Databases to run a test on, and jobs in each of their states.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use restow_api::dataset::Dataset;
use restow_api::job::{JobError, JobStatus};
use restow_inspect::Inspection;
use restow_row::FromRow;
use serde_json::Map;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

use crate::clock;
use crate::plan::Plan;
use crate::quota::Quota;
use crate::store::{
    Claim, Ending, Inspected, NewJob, NewVersion, Principal, Store, Terms, VersionRow, Work,
    reading,
};

/// Variable that names the directory of the socket of a PostgreSQL cluster.
const POSTGRES_VARIABLE: &str = "RESTOW_TEST_POSTGRES";

/// Size of the file of each job, in bytes.
pub const FILE_SIZE: u64 = 1000;

/// Attempt of the inspection of a job, whose completion is the first.
pub const INSPECTED: i64 = 2;

/// A new, migrated database with one principal.
pub struct Site {
    /// The database.
    pub store: Store,
    /// Owner of everything.
    pub principal: Principal,
    /// Where the database is, by URL.
    pub url: String,
    _directory: TempDir,
}

/// A new database of each kind: SQLite, and PostgreSQL where there is a cluster for the tests.
///
/// # Errors
/// If one cannot be created.
pub async fn sites() -> Result<Vec<Site>> {
    let directory = TempDir::new()?;
    let url = format!(
        "sqlite:{}",
        directory.path().join("restow.sqlite").display()
    );
    let mut sites = vec![Site::new(url, directory).await?];
    sites.extend(postgres_site().await?);
    Ok(sites)
}

/// A new database of the PostgreSQL cluster for the tests, if there is one.
///
/// # Errors
/// If it cannot be created.
pub async fn postgres_site() -> Result<Option<Site>> {
    let Some(socket) = std::env::var_os(POSTGRES_VARIABLE) else {
        return Ok(None);
    };
    let name = Uuid::now_v7().simple().to_string();
    let url = |database: &str| {
        format!(
            "postgres://restow@localhost/{database}?host={}",
            Path::new(&socket).display()
        )
    };
    let mut connection = PgConnection::connect(&url("postgres")).await?;
    connection
        .execute(AssertSqlSafe(format!("CREATE DATABASE \"{name}\"")))
        .await?;
    connection.close().await?;
    Ok(Some(Site::new(url(&name), TempDir::new()?).await?))
}

impl Store {
    /// A new dataset, without an idempotency key.
    pub async fn insert_dataset(
        &self,
        principal_id: Uuid,
        name: &str,
        now: DateTime<Utc>,
    ) -> crate::error::Result<Dataset> {
        self.create_dataset(principal_id, name, None, now).await
    }

    /// Makes a job ready; false where the claim is lost.
    pub async fn finish_as_ready(
        &self,
        claim: Claim,
        found: &Inspection,
        deadline: DateTime<Utc>,
    ) -> crate::error::Result<bool> {
        let inspected = Inspected {
            claim,
            found,
            read_options: None,
            deadline,
            completed_as: None,
        };
        self.finish_inspection(inspected, &Ending::Ready(None))
            .await
    }

    /// Whether a new job was created, without an idempotency key.
    pub async fn insert_job(&self, job: &NewJob, quota: Quota) -> crate::error::Result<bool> {
        Ok(self.create_job(job, quota, None).await?.is_some())
    }
}

impl Site {
    async fn new(url: String, directory: TempDir) -> Result<Self> {
        // The test's output says which one it failed on.
        println!("on {url}");
        let store = Store::open(&url).await?;
        store.migrate().await?;
        let principal = store.ensure_principal("alice", clock::now()).await?;
        Ok(Self {
            store,
            principal,
            url,
            _directory: directory,
        })
    }

    /// A new dataset.
    pub async fn dataset(&self) -> Result<Uuid> {
        let name = Uuid::new_v4().simple().to_string();
        Ok(self
            .store
            .insert_dataset(self.principal.id, &name, clock::now())
            .await?
            .id)
    }

    /// A job of the dataset that is about to begin.
    pub fn new_job(&self, dataset_id: Uuid) -> NewJob {
        let (id, now) = (Uuid::now_v7(), clock::now());
        NewJob {
            id,
            dataset_id,
            principal_id: self.principal.id,
            filename: "rows.csv".to_string(),
            content_type: "text/csv".to_string(),
            plan: Plan::stored(FILE_SIZE, FILE_SIZE),
            s3_key: format!("datasets/{dataset_id}/{id}.csv"),
            created_at: now,
            deadline: now + TimeDelta::hours(1),
        }
    }

    /// A job that waits for its upload.
    pub async fn awaiting(&self, dataset_id: Uuid) -> Result<NewJob> {
        let job = self.new_job(dataset_id);
        assert!(self.store.insert_job(&job, Quota::default()).await?);
        assert!(self.store.set_upload(job.id, "upload").await?);
        Ok(job)
    }

    /// A job whose completion is claimed until a minute from now.
    pub async fn completing(&self, dataset_id: Uuid) -> Result<Work> {
        let job = self.awaiting(dataset_id).await?;
        let until = clock::now() + TimeDelta::minutes(1);
        self.store
            .claim_completion(job.id, &[], Terms::default(), until, None)
            .await?
            .context("the completion cannot be claimed")
    }

    /// A job that is due to be inspected.
    pub async fn uploaded(&self, dataset_id: Uuid) -> Result<Uuid> {
        let claim = self.completing(dataset_id).await?.claim();
        assert!(
            self.store
                .finish_completion(claim, "etag", clock::now())
                .await?
        );
        Ok(claim.job_id)
    }

    /// A job whose inspection is claimed until a minute from now: the only one that is due.
    pub async fn inspecting(&self, dataset_id: Uuid) -> Result<Work> {
        let id = self.uploaded(dataset_id).await?;
        let work = self
            .claim_next(clock::now())
            .await?
            .context("nothing is due")?;
        assert_eq!(work.job.id, id);
        Ok(work)
    }

    /// A job that can be committed.
    pub async fn ready(&self, dataset_id: Uuid) -> Result<Uuid> {
        let claim = self.inspecting(dataset_id).await?.claim();
        let deadline = clock::now() + TimeDelta::days(7);
        let found = Inspection::default();
        assert!(self.store.finish_as_ready(claim, &found, deadline).await?);
        Ok(claim.job_id)
    }

    /// A job whose object cannot be read as it stands.
    pub async fn rejected(&self, dataset_id: Uuid) -> Result<Uuid> {
        let claim = self.inspecting(dataset_id).await?.claim();
        let inspected = Inspected {
            claim,
            found: &Inspection::default(),
            read_options: None,
            deadline: clock::now() + TimeDelta::days(7),
            completed_as: None,
        };
        let ending = Ending::Rejected(reason());
        assert!(self.store.finish_inspection(inspected, &ending).await?);
        Ok(claim.job_id)
    }

    /// The next version of the dataset.
    pub async fn publish(&self, dataset_id: Uuid) -> Result<VersionRow> {
        let job_id = self.ready(dataset_id).await?;
        let current = self.current_version(dataset_id).await?;
        let committed = self
            .store
            .commit_job(self.commit(dataset_id, job_id, current), None, clock::now())
            .await?;
        committed.context("the job is not ready")
    }

    /// The commit of a job in the place of that version.
    pub fn commit(
        &self,
        dataset_id: Uuid,
        job_id: Uuid,
        replaces: Option<u64>,
    ) -> NewVersion<'static> {
        NewVersion {
            principal_id: self.principal.id,
            dataset_id,
            job_id,
            status: JobStatus::Ready,
            attempt: INSPECTED,
            replaces,
            schema: None,
        }
    }

    /// The next job that is due then, claimed until a minute later.
    pub async fn claim_next(&self, now: DateTime<Utc>) -> Result<Option<Work>> {
        let until = now + TimeDelta::minutes(1);
        if let Some(work) = self.store.claim_next_completion(now, until).await? {
            return Ok(Some(work));
        }
        Ok(self.store.claim_next_inspection(now, until).await?)
    }

    /// The number of the dataset's current version.
    pub async fn current_version(&self, dataset_id: Uuid) -> Result<Option<u64>> {
        let found = self
            .store
            .find_dataset(self.principal.id, dataset_id)
            .await?;
        Ok(found.context("the dataset is gone")?.current_version)
    }

    /// Everything that the row of a job says and that may change.
    pub async fn row(&self, job_id: Uuid) -> Result<Row> {
        let statement = "SELECT status, attempt, deaths, lease_until, run_after, asked_at, named_parts, upload_id, \
             etag, version, bytes_done, rows_done, error, deadline, cleaned_at FROM jobs WHERE id = $1";
        let row: Result<Row> = reading!(self.store, pool => Ok(sqlx::query_as(statement).bind(job_id).fetch_one(pool).await?));
        row
    }

    /// The state of a job.
    pub async fn status(&self, job_id: Uuid) -> Result<JobStatus> {
        self.row(job_id)
            .await?
            .status
            .parse()
            .map_err(anyhow::Error::msg)
    }

    /// The number that a statement selects.
    pub async fn count(&self, statement: &'static str) -> Result<i64> {
        let count: Result<i64> =
            reading!(self.store, pool => Ok(sqlx::query_scalar(statement).fetch_one(pool).await?));
        count
    }
}

/// What the row of a job says and may change.
#[derive(Clone, Debug, PartialEq, FromRow)]
#[allow(missing_docs, reason = "the columns, each for what it is")]
pub struct Row {
    pub status: String,
    pub attempt: i64,
    pub deaths: i64,
    pub lease_until: Option<DateTime<Utc>>,
    pub run_after: DateTime<Utc>,
    pub asked_at: Option<DateTime<Utc>>,
    pub named_parts: Option<String>,
    pub upload_id: Option<String>,
    pub etag: Option<String>,
    pub version: Option<i64>,
    pub bytes_done: i64,
    pub rows_done: Option<i64>,
    pub error: Option<String>,
    pub deadline: DateTime<Utc>,
    pub cleaned_at: Option<DateTime<Utc>>,
}

/// A reason for a job to fail.
pub fn reason() -> JobError {
    JobError {
        error_type: "bad".to_string(),
        msg: "bad".to_string(),
        ctx: Map::new(),
    }
}

/// What `writes` come to that all begin at once.
///
/// # Errors
/// If one of them panics.
pub async fn at_once<T: Send + 'static>(
    writes: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Result<Vec<T>> {
    let tasks: Vec<_> = writes.into_iter().map(tokio::spawn).collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await?);
    }
    Ok(outcomes)
}
