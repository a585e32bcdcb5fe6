//! Claims of work that is due: completions that another process began, and inspections. Each is a queue of its own, so
//! that seconds of completion never wait for hours of inspection.

use chrono::{DateTime, Utc};

use super::job::job_columns;
use super::statement::statements;
use super::work::{Work, work_columns};
use super::{Database, Store, observing};
use crate::error::Result;

/// A job that no process works on, or whose process has let its lease expire, and that is due.
macro_rules! due {
    () => {
        "run_after <= $1 AND (lease_until IS NULL OR lease_until < $1)"
    };
}

/// The claim of the job that `$job` selects, with what comes before the statement.
macro_rules! claim {
    ($with:expr, $job:expr) => {
        concat!(
            $with,
            "UPDATE jobs SET attempt = attempt + 1, lease_until = $2, \
             deaths = deaths + CASE WHEN lease_until IS NULL THEN 0 ELSE 1 END WHERE id = (",
            $job,
            ") RETURNING ",
            work_columns!()
        )
    };
}

/// The claim of the next completion, where `$lock` keeps two claims at once from choosing the same job, and `$by_age` names
/// an index that SQLite does not choose by itself.
macro_rules! claim_completion {
    ($lock:literal, $by_age:literal) => {
        claim!(
            "",
            concat!(
                "SELECT id FROM jobs ",
                $by_age,
                " WHERE status = 'completing' AND ",
                due!(),
                " ORDER BY run_after LIMIT 1 ",
                $lock
            )
        )
    };
}

/// The claim of the next inspection: the oldest one of the principal with the fewest running ones, of those with as many
/// of the principal that waits longest.
///
/// However many jobs wait, a bounded number of rows is read. `waiting` steps from one principal to the next by the index,
/// at most 100 times; `candidate` adds the principal of the oldest job, so that none is passed over for ever where more
/// principals wait. Running inspections are counted among the first 32 of a principal: a claim takes the oldest, so
/// that those that run come before those that wait. Two claims at once may count the same inspections, and choose
/// the same principal; `$lock` keeps them from the same job. `$by_age` and `$by_principal` name indexes that SQLite does not
/// choose by itself.
macro_rules! claim_inspection {
    ($lock:literal, $by_age:literal, $by_principal:literal) => {
        claim!(
            concat!(
                "WITH RECURSIVE waiting (principal_id, step) AS (\
                     SELECT principal_id, 1 FROM (SELECT principal_id FROM jobs ",
                $by_principal,
                " WHERE status = 'inspecting' ORDER BY principal_id LIMIT 1) AS lowest \
                     UNION ALL \
                     SELECT (SELECT j.principal_id FROM jobs j ",
                $by_principal,
                " WHERE j.status = 'inspecting' AND j.principal_id > w.principal_id \
                         ORDER BY j.principal_id LIMIT 1), w.step + 1 \
                     FROM waiting w WHERE w.principal_id IS NOT NULL AND w.step < 100), \
                 candidate (principal_id) AS (\
                     SELECT principal_id FROM waiting WHERE principal_id IS NOT NULL \
                     UNION \
                     SELECT principal_id FROM (SELECT principal_id FROM jobs ",
                $by_age,
                " WHERE status = 'inspecting' AND ",
                due!(),
                " ORDER BY run_after LIMIT 1) AS oldest), \
                 turn (principal_id, run_after, running) AS (\
                     SELECT c.principal_id, \
                         (SELECT j.run_after FROM jobs j ",
                $by_principal,
                " WHERE j.status = 'inspecting' AND j.principal_id = c.principal_id AND ",
                due!(),
                " ORDER BY j.run_after LIMIT 1), \
                         (SELECT count(*) FROM (SELECT r.lease_until FROM jobs r ",
                $by_principal,
                " WHERE r.status = 'inspecting' AND r.principal_id = c.principal_id \
                              ORDER BY r.run_after LIMIT 32) AS front \
                          WHERE front.lease_until >= $1) \
                     FROM candidate c) "
            ),
            concat!(
                "SELECT id FROM jobs ",
                $by_principal,
                " WHERE status = 'inspecting' AND principal_id = \
                     (SELECT principal_id FROM turn WHERE run_after IS NOT NULL ORDER BY running, run_after LIMIT 1) AND ",
                due!(),
                " ORDER BY run_after LIMIT 1 ",
                $lock
            )
        )
    };
}

statements! {
    CLAIM_COMPLETION_SQLITE = claim_completion!("", "INDEXED BY jobs_completing");
    CLAIM_COMPLETION_POSTGRES = claim_completion!("FOR UPDATE SKIP LOCKED", "");
    CLAIM_INSPECTION_SQLITE =
        claim_inspection!("", "INDEXED BY jobs_inspecting", "INDEXED BY jobs_inspecting_principal");
    CLAIM_INSPECTION_POSTGRES = claim_inspection!("FOR UPDATE SKIP LOCKED", "", "");
}

impl Store {
    /// Claims the next completion that is due: one without a lease, or whose lease has expired.
    pub async fn claim_next_completion(
        &self,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Result<Option<Work>> {
        let claimed = observing!(
            self,
            Write,
            match &self.database {
                Database::Sqlite { writer, .. } => {
                    sqlx::query_as(CLAIM_COMPLETION_SQLITE)
                        .bind(now)
                        .bind(lease_until)
                        .fetch_optional(writer)
                        .await
                }
                Database::Postgres(pool) => {
                    let claim = sqlx::query_as(CLAIM_COMPLETION_POSTGRES)
                        .bind(now)
                        .bind(lease_until);
                    self.in_time(pool, claim.fetch_optional(pool)).await
                }
            }
        );
        Ok(claimed?)
    }

    /// Claims the next inspection that is due, of the principal with the fewest running ones.
    pub async fn claim_next_inspection(
        &self,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Result<Option<Work>> {
        let claimed = observing!(
            self,
            Write,
            match &self.database {
                Database::Sqlite { writer, .. } => {
                    sqlx::query_as(CLAIM_INSPECTION_SQLITE)
                        .bind(now)
                        .bind(lease_until)
                        .fetch_optional(writer)
                        .await
                }
                Database::Postgres(pool) => {
                    let claim = sqlx::query_as(CLAIM_INSPECTION_POSTGRES)
                        .bind(now)
                        .bind(lease_until);
                    self.in_time(pool, claim.fetch_optional(pool)).await
                }
            }
        );
        Ok(claimed?)
    }
}
