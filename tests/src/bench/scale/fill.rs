//! The rows. Numbers are the same in every database but for the size: the first dataset has a tenth of all versions, the
//! others one each, and the last ones none.

use uuid::Uuid;

use crate::bench::database::Database;

/// Identifiers of datasets and jobs have this number in front.
const DATASET: u32 = 1;
const JOB: u32 = 2;

/// Rows of each kind that duties find to do, whatever the size is.
pub const DUE: u64 = 300;

/// The first of the datasets that operations work on, and how many of these have a version in the smallest database; those
/// before them are for the duties.
pub const FIRST_FREE: u64 = 400;
pub const FREE: u64 = 500;

const DAY: i64 = 86_400;

/// The identifier of a dataset: 0 is the large one.
pub fn dataset(number: u64) -> Uuid {
    identifier(DATASET, number)
}

fn identifier(kind: u32, number: u64) -> Uuid {
    Uuid::from_u128((u128::from(kind) << 96) | u128::from(number))
}

/// Statements that insert rows of one principal, in the dialect of one database.
pub struct Rows {
    database: Database,
    principal: Uuid,
    /// Number of datasets, of jobs, and of versions.
    size: u64,
}

/// Jobs that have not led to a version.
struct Kind {
    /// Number of the first.
    first: u64,
    status: &'static str,
    /// Seconds since the deadline, and since what was uploaded has been removed, if it has.
    overdue: i64,
    cleaned: Option<i64>,
    /// Number of the first of their datasets; each has another one.
    dataset: u64,
}

impl Rows {
    pub fn new(database: Database, principal: Uuid, size: u64) -> Self {
        Self {
            database,
            principal,
            size,
        }
    }

    /// Datasets, jobs and versions, with counters that are right.
    pub fn all(&self) -> Vec<String> {
        vec![
            self.datasets(0, self.size, "NULL"),
            self.committed_jobs(),
            self.inspections(),
            Self::versions(),
            Self::counters(),
        ]
    }

    /// What duties find to do.
    pub fn work(&self) -> Vec<String> {
        let (lately, long_ago) = (self.ago("60"), self.ago(&(30 * DAY).to_string()));
        let deleted = self.size;
        let removed = deleted + DUE;
        let kind = |number: u64, status, overdue, cleaned, dataset| {
            self.jobs(&Kind {
                first: self.size + number * DUE,
                status,
                overdue,
                cleaned,
                dataset,
            })
        };
        vec![
            Self::no_open_jobs(),
            self.datasets(deleted, DUE, &lately),
            self.datasets(removed, DUE, &long_ago),
            kind(0, "awaiting_upload", DAY, None, 0),
            kind(1, "ready", DAY, None, 0),
            kind(2, "completing", -DAY, None, 0),
            kind(3, "inspecting", -DAY, None, 0),
            kind(4, "cancelled", DAY, None, 0),
            kind(5, "failed", 365 * DAY, Some(365 * DAY), 0),
            kind(6, "awaiting_upload", -DAY, None, deleted),
            kind(7, "cancelled", 30 * DAY, Some(30 * DAY), removed),
            self.retirements(&long_ago),
            self.old_samples(),
        ]
    }

    fn datasets(&self, first: u64, count: u64, deleted: &str) -> String {
        format!(
            "INSERT INTO datasets (id, principal_id, name, created_at, updated_at, deleted_at) \
             SELECT {}, {}, 'dataset ' || (i + {first}), {now}, {now}, {deleted} FROM {}",
            self.id(DATASET, &format!("i + {first}")),
            self.principal(),
            self.series(count),
            now = self.ago("i"),
        )
    }

    /// One for each version: a tenth of them of the first dataset.
    fn committed_jobs(&self) -> String {
        let (rows, large) = (self.size, self.size / 10);
        format!(
            "INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, part_size, \
             s3_key, upload_id, etag, version, run_after, bytes_done, rows_done, created_at, deadline) \
             SELECT {job}, {dataset}, {principal}, 'committed', {filename}, {content_type}, 1000, 1000, \
             'datasets/0193f0c2-6f1e-7c3a-9f39-2c1b5a7d4e10/0193f0c2-6f1e-7c3a-9f39-' || i || '.csv', \
             'upload of the job ' || i, '9e107d9d372bb6826bd81d3542a419d6-1', \
             CASE WHEN i < {large} THEN i + 1 ELSE 1 END, {at}, 1000, 10, {at}, {at} FROM {series}",
            job = self.id(JOB, "i"),
            dataset = self.id(
                DATASET,
                &format!("CASE WHEN i < {large} THEN 0 ELSE i - {large} + 1 END")
            ),
            principal = self.principal(),
            filename = self.bytes("rows.csv"),
            content_type = self.bytes("text/csv"),
            at = self.ago(&format!("{rows} - i")),
            series = self.series(rows),
        )
    }

    fn jobs(&self, kind: &Kind) -> String {
        let Kind {
            first,
            status,
            overdue,
            cleaned,
            dataset,
        } = kind;
        format!(
            "INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, part_size, \
             s3_key, upload_id, etag, run_after, created_at, deadline, cleaned_at) \
             SELECT {job}, {dataset}, {principal}, '{status}', {filename}, {content_type}, 1000, 1000, \
             'datasets/0193f0c2-6f1e-7c3a-9f39-2c1b5a7d4e10/0193f0c2-6f1e-7c3a-9f39-' || (i + {first}) || '.csv', \
             'upload of the job ' || i, '9e107d9d372bb6826bd81d3542a419d6-1', {at}, {at}, {deadline}, {cleaned} \
             FROM {series}",
            job = self.id(JOB, &format!("i + {first}")),
            dataset = self.id(DATASET, &format!("i + {dataset}")),
            principal = self.principal(),
            filename = self.bytes("rows.csv"),
            content_type = self.bytes("text/csv"),
            at = self.ago("60 + i"),
            deadline = self.ago(&format!("{overdue} + i")),
            cleaned = cleaned.map_or("NULL".to_string(), |age| self.ago(&format!("{age} + i"))),
            series = self.series(DUE),
        )
    }

    fn inspections(&self) -> String {
        format!(
            "INSERT INTO inspections (job_id, format, row_count, columns, sample, committed_at) \
             SELECT id, 'csv', 10, '[]', '[[1]]', {} FROM jobs WHERE status = 'committed'",
            self.ago("60"),
        )
    }

    fn versions() -> String {
        "INSERT INTO versions (dataset_id, version, job_id, filename, content_type, file_size, s3_key, etag, row_count, columns, \
         created_at) \
         SELECT dataset_id, version, id, filename, content_type, file_size, s3_key, etag, 10, '[]', created_at \
         FROM jobs WHERE status = 'committed'"
            .to_string()
    }

    /// What triggers would have kept, row by row.
    fn counters() -> String {
        "UPDATE datasets SET last_version = c.newest, current_version = c.newest, live_versions = c.newest \
         FROM (SELECT dataset_id, max(version) AS newest FROM versions GROUP BY dataset_id) c \
         WHERE c.dataset_id = datasets.id"
            .to_string()
    }

    /// Uploads that were under way at once have left open jobs in one of the databases.
    fn no_open_jobs() -> String {
        "DELETE FROM jobs WHERE status IN ('awaiting_upload', 'completing', 'inspecting', 'ready', 'rejected')"
            .to_string()
    }

    /// The versions of some datasets are retired since so long that their objects are due.
    fn retirements(&self, long_ago: &str) -> String {
        format!(
            "UPDATE versions SET retired_at = {long_ago} WHERE dataset_id >= {} AND dataset_id < {}",
            self.id(DATASET, "1"),
            self.id(DATASET, &(1 + DUE).to_string()),
        )
    }

    /// Samples that have been kept for long enough: those of versions that are not retired.
    fn old_samples(&self) -> String {
        let first = self.size / 10 + DUE;
        format!(
            "UPDATE inspections SET committed_at = {} WHERE job_id >= {} AND job_id < {}",
            self.ago(&(365 * DAY).to_string()),
            self.id(JOB, &first.to_string()),
            self.id(JOB, &(first + DUE).to_string()),
        )
    }

    fn principal(&self) -> String {
        match self.database {
            Database::Postgres => format!("CAST('{}' AS UUID)", self.principal),
            Database::Sqlite => format!("x'{}'", self.principal.simple()),
        }
    }

    /// An identifier made of two numbers.
    fn id(&self, kind: u32, number: &str) -> String {
        match self.database {
            Database::Postgres => format!(
                "CAST(lpad(to_hex(CAST({kind} AS BIGINT)), 8, '0') || lpad(to_hex(CAST({number} AS BIGINT)), 24, '0') AS UUID)"
            ),
            Database::Sqlite => format!("unhex(printf('%08x%024x', {kind}, {number}))"),
        }
    }

    /// The numbers from 0, as column `i`.
    fn series(&self, count: u64) -> String {
        match self.database {
            Database::Postgres => format!("generate_series(0, {count} - 1) AS s(i)"),
            Database::Sqlite => format!(
                "(WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i + 1 < {count}) SELECT i FROM s)"
            ),
        }
    }

    /// The time that many seconds ago.
    fn ago(&self, seconds: &str) -> String {
        match self.database {
            Database::Postgres => format!("now() - ({seconds}) * INTERVAL '1 second'"),
            Database::Sqlite => {
                format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', (-({seconds})) || ' seconds')")
            }
        }
    }

    /// A text as bytes.
    fn bytes(&self, text: &str) -> String {
        match self.database {
            Database::Postgres => format!("CAST('{text}' AS BYTEA)"),
            Database::Sqlite => format!("CAST('{text}' AS BLOB)"),
        }
    }
}
