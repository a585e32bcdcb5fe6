//! The rows: a few thousand datasets, one of which has a tenth of all versions, and jobs in every state.

use anyhow::Result;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use uuid::Uuid;

use super::dialect::{self, Dialect};
use crate::store::Database;
use crate::store::tests::fixture::Site;

/// Identifiers of datasets, jobs and principals have this number in front.
const DATASET: u32 = 1;
const JOB: u32 = 2;
const PRINCIPAL: u32 = 3;

/// Principals beside the one that owns nine tenths of the datasets.
const PRINCIPALS: i64 = 20;

/// Datasets beside the large one.
const DATASETS: i64 = 2999;

/// A dataset that is deleted and due to be removed, and one that has nothing but ended jobs.
const DELETED: i64 = DATASETS;
const EMPTY: i64 = DATASETS + 1;

/// How many rows there are.
pub(super) struct Extent {
    versions: i64,
}

impl Extent {
    /// What a database of this kind is to hold.
    pub(super) fn of(site: &Site) -> Self {
        let versions = match site.store.database {
            Database::Sqlite { .. } => 100_000,
            Database::Postgres(_) => 1_000_000,
        };
        Self { versions }
    }
}

/// The identifier of a dataset: 0 is the large one.
pub(super) fn dataset(number: i64) -> Uuid {
    identifier(DATASET, number)
}

/// The identifier of a job.
pub(super) fn job(number: i64) -> Uuid {
    identifier(JOB, number)
}

/// The dataset that is due to be removed with its versions.
pub(super) fn deleted_dataset() -> Uuid {
    dataset(DELETED)
}

/// The deleted dataset that has nothing but ended jobs.
pub(super) fn empty_dataset() -> Uuid {
    dataset(EMPTY)
}

fn identifier(kind: u32, number: i64) -> Uuid {
    Uuid::from_u128((u128::from(kind) << 96) | u128::from(number.unsigned_abs()))
}

/// Inserts all rows, with counters that are right, and returns how many versions and jobs there are.
pub(super) async fn load(site: &Site, extent: &Extent) -> Result<u64> {
    let is_postgres = matches!(site.store.database, Database::Postgres(_));
    let statements = Statements {
        principal: site.principal.id,
        versions: extent.versions,
        dialect: Dialect { is_postgres },
    };
    if is_postgres {
        let mut connection = PgConnection::connect(&site.url).await?;
        for setting in [
            // Keeps the disk free, and needs to be outside of a transaction.
            "ALTER SYSTEM SET max_wal_size = '256MB'",
            "SELECT pg_reload_conf()",
            // Neither triggers nor foreign keys.
            "SET session_replication_role = replica",
        ] {
            connection.execute(setting).await?;
        }
        connection.execute(dialect::IDENTIFIER_POSTGRES).await?;
        for statement in statements.all() {
            connection.execute(AssertSqlSafe(statement)).await?;
        }
        connection.execute("VACUUM ANALYZE").await?;
        connection.close().await?;
    } else {
        let mut connection = SqliteConnection::connect(&site.url).await?;
        connection.execute("PRAGMA foreign_keys = off").await?;
        for statement in statements.all() {
            connection.execute(AssertSqlSafe(statement)).await?;
        }
        connection.close().await?;
    }
    let jobs = site.count("SELECT count(*) FROM jobs").await?;
    let versions = site.count("SELECT count(*) FROM versions").await?;
    Ok((jobs + versions).unsigned_abs())
}

/// The statements that insert the rows, in the dialect of one database.
struct Statements {
    principal: Uuid,
    versions: i64,
    dialect: Dialect,
}

impl Statements {
    fn all(&self) -> Vec<String> {
        let mut all = vec![self.principals(), self.datasets(), self.committed_jobs()];
        all.extend(self.other_jobs());
        all.extend([self.inspections(), self.inserted_versions()]);
        all.extend(self.deletions());
        all.extend(Self::counters());
        all
    }

    /// The owner of a dataset.
    fn principal(&self, dataset: &str) -> String {
        let owner = if self.dialect.is_postgres {
            format!("CAST('{}' AS UUID)", self.principal)
        } else {
            format!("x'{}'", self.principal.simple())
        };
        let other = self
            .dialect
            .id(PRINCIPAL, &format!("({dataset}) / 10 % {PRINCIPALS}"));
        format!("CASE WHEN ({dataset}) % 10 = 9 THEN {other} ELSE {owner} END")
    }

    fn principals(&self) -> String {
        format!(
            "INSERT INTO principals (id, name, created_at) SELECT {}, 'principal ' || i, {} FROM {}",
            self.dialect.id(PRINCIPAL, "i"),
            self.dialect.ago("i"),
            self.dialect.series(PRINCIPALS),
        )
    }

    fn datasets(&self) -> String {
        format!(
            "INSERT INTO datasets (id, principal_id, name, created_at, updated_at) \
             SELECT {}, {}, 'dataset ' || i, {now}, {now} FROM {}",
            self.dialect.id(DATASET, "i"),
            self.principal("i"),
            self.dialect.series(EMPTY + 1),
            now = self.dialect.ago("i"),
        )
    }

    /// One row for each version: a tenth of them of the large dataset.
    fn committed_jobs(&self) -> String {
        let (all, large) = (self.versions, self.versions / 10);
        let number = format!("CASE WHEN i < {large} THEN 0 ELSE 1 + i % {DATASETS} END");
        format!(
            "INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, part_size, \
             s3_key, upload_id, etag, version, run_after, bytes_done, rows_done, created_at, deadline) \
             SELECT {job}, {dataset}, {principal}, 'committed', {filename}, {content_type}, 1000, 1000, \
             'datasets/0193f0c2-6f1e-7c3a-9f39-2c1b5a7d4e10/0193f0c2-6f1e-7c3a-9f39-' || i || '.csv', \
             'upload of the job ' || i, '9e107d9d372bb6826bd81d3542a419d6-1', \
             CASE WHEN i < {large} THEN i + 1 ELSE (i - {large}) / {DATASETS} + 1 END, {at}, 1000, 10, {at}, {at} \
             FROM {series}",
            job = self.dialect.id(JOB, "i"),
            dataset = self.dialect.id(DATASET, &number),
            principal = self.principal(&number),
            filename = self.dialect.bytes("rows.csv"),
            content_type = self.dialect.bytes("text/csv"),
            at = self.dialect.ago(&format!("{all} - i")),
            series = self.dialect.series(all),
        )
    }

    /// Jobs that wait, that are due for something, and that ended without a version.
    fn other_jobs(&self) -> Vec<String> {
        let unit = self.versions / 1000;
        let (day, month, year) = (86_400, 30 * 86_400, 365 * 86_400);
        // Count, state, age of the deadline in seconds, age of the cleaning.
        let kinds = [
            (20 * unit, "awaiting_upload", -day, None),
            (unit, "awaiting_upload", day, None),
            (10 * unit, "ready", -day, None),
            (unit, "ready", day, None),
            (unit, "completing", -day, None),
            (unit, "inspecting", -day, None),
            (unit, "cancelled", day, None),
            (20 * unit, "expired", month, Some(month)),
            (5 * unit, "failed", year, Some(year)),
        ];
        let mut number = self.versions;
        let mut statements = Vec::new();
        for (count, status, deadline, cleaned) in kinds {
            let datasets = format!("(i * 7) % {DATASETS}");
            statements.push(self.jobs(number, count, &datasets, status, deadline, cleaned));
            number += count;
        }
        let ended = self.versions / 10;
        statements.push(self.jobs(
            number,
            ended,
            &EMPTY.to_string(),
            "cancelled",
            month,
            Some(month),
        ));
        statements
    }

    fn jobs(
        &self,
        first: i64,
        count: i64,
        dataset: &str,
        status: &str,
        deadline: i64,
        cleaned: Option<i64>,
    ) -> String {
        format!(
            "INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, part_size, \
             s3_key, upload_id, etag, run_after, created_at, deadline, cleaned_at) \
             SELECT {job}, {dataset}, {principal}, '{status}', {filename}, {content_type}, 1000, 1000, \
             'datasets/0193f0c2-6f1e-7c3a-9f39-2c1b5a7d4e10/0193f0c2-6f1e-7c3a-9f39-' || (i + {first}) || '.csv', \
             'upload of the job ' || i, '9e107d9d372bb6826bd81d3542a419d6-1', {at}, {at}, {deadline}, {cleaned} \
             FROM {series}",
            job = self.dialect.id(JOB, &format!("i + {first}")),
            dataset = self.dialect.id(DATASET, dataset),
            principal = self.principal(dataset),
            filename = self.dialect.bytes("rows.csv"),
            content_type = self.dialect.bytes("text/csv"),
            at = self.dialect.ago("60 + i"),
            deadline = self.dialect.ago(&format!("{deadline} + i")),
            cleaned = cleaned.map_or("NULL".to_string(), |age| self
                .dialect
                .ago(&format!("{age} + i"))),
            series = self.dialect.series(count),
        )
    }

    /// The samples of a hundredth are due to be removed.
    fn inspections(&self) -> String {
        let middle = self.versions / 2;
        format!(
            "INSERT INTO inspections (job_id, format, row_count, columns, sample, committed_at) \
             SELECT id, 'csv', 10, '[]', '[[1]]', CASE WHEN id BETWEEN {} AND {} THEN {} ELSE {} END \
             FROM jobs WHERE status = 'committed'",
            self.dialect.id(JOB, &middle.to_string()),
            self.dialect
                .id(JOB, &(middle + self.versions / 100 - 1).to_string()),
            self.dialect.ago("365 * 86400"),
            self.dialect.ago("60"),
        )
    }

    /// The first twenty versions of each dataset but the large one are retired, a few of them long ago.
    fn inserted_versions(&self) -> String {
        format!(
            "INSERT INTO versions (dataset_id, version, job_id, filename, content_type, file_size, s3_key, etag, \
             row_count, columns, created_at, retired_at) \
             SELECT dataset_id, version, id, filename, content_type, file_size, s3_key, etag, 10, '[]', created_at, \
             CASE WHEN dataset_id = {large} OR version > 20 THEN NULL WHEN version = 1 THEN {long_ago} ELSE {lately} END \
             FROM jobs WHERE status = 'committed'",
            large = self.dialect.id(DATASET, "0"),
            long_ago = self.dialect.ago("30 * 86400"),
            lately = self.dialect.ago("60"),
        )
    }

    fn deletions(&self) -> [String; 2] {
        [
            format!(
                "UPDATE datasets SET deleted_at = {} WHERE id >= {}",
                self.dialect.ago("30 * 86400"),
                self.dialect.id(DATASET, &DELETED.to_string()),
            ),
            format!(
                "UPDATE datasets SET deleted_at = {} WHERE deleted_at IS NULL AND id > {}",
                self.dialect.ago("60"),
                self.dialect.id(DATASET, &(DATASETS - 100).to_string()),
            ),
        ]
    }

    /// What triggers would have kept, row by row.
    fn counters() -> [String; 2] {
        [
            "UPDATE datasets SET last_version = c.newest, current_version = c.newest, live_versions = c.live \
             FROM (SELECT dataset_id, max(version) AS newest, \
                   sum(CASE WHEN retired_at IS NULL THEN 1 ELSE 0 END) AS live FROM versions GROUP BY dataset_id) c \
             WHERE c.dataset_id = datasets.id"
                .to_string(),
            "UPDATE principals SET stored_bytes = (SELECT COALESCE(sum(v.file_size), 0) FROM versions v \
             JOIN datasets d ON d.id = v.dataset_id WHERE d.principal_id = principals.id)"
                .to_string(),
        ]
    }
}
