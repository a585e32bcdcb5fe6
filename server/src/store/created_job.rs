//! Jobs without limits and without an idempotency key, which PostgreSQL creates together.

use sqlx::Result;
use uuid::Uuid;

use super::group::{GroupedRow, column};
use super::json::JsonText;
use super::new_job::{NewJob, bind_actor, bind_job};
use super::number::signed;
use super::pool::PostgresPool;
use super::statement::statements;
use crate::actor::Actor;

statements! {
    /// This commit is not flushed to disk. The later one that records the upload is, and flushes everything before it. If
    /// the database crashes in between, the upload has no job, and the sweep aborts it. The lock orders the insert and a
    /// deletion of the dataset: the dataset is gone already, or the deletion cancels the job.
    INSERT_POSTGRES = "WITH setting AS (SELECT set_config('synchronous_commit', 'off', true)), \
         dataset AS (SELECT id, principal_id, current_version FROM datasets \
         WHERE id = $2 AND principal_id = $3 AND CASE WHEN deleted_at IS NULL THEN TRUE END FOR SHARE) \
         INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, \
         part_size, s3_key, base_version, run_after, created_at, deadline, changed_by, changed_in) \
         SELECT $1, id, principal_id, 'awaiting_upload', $4, $5, $6, $7, $8, current_version, $9, $9, $10, $11, $12 \
         FROM dataset, setting";
    /// The same for several jobs; it returns the ids of those that are written. A dataset that is locked, or gone, keeps none of
    /// the others waiting. The lock in the subquery also has each dataset looked up by its id.
    INSERT_SEVERAL_POSTGRES = "WITH setting AS (SELECT set_config('synchronous_commit', 'off', true)) \
         INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, \
         part_size, s3_key, base_version, run_after, created_at, deadline, changed_by, changed_in) \
         SELECT n.id, d.id, d.principal_id, 'awaiting_upload', n.filename, n.content_type, n.file_size, n.part_size, n.s3_key, \
         d.current_version, n.created_at, n.created_at, n.deadline, n.changed_by, n.changed_in \
         FROM setting, unnest($1::UUID[], $2::UUID[], $3::UUID[], $4::BYTEA[], $5::BYTEA[], $6::BIGINT[], $7::BIGINT[], \
         $8::TEXT[], $9::TIMESTAMPTZ[], $10::TIMESTAMPTZ[], $11::TEXT[], $12::TEXT[]) \
         AS n (id, dataset_id, principal_id, filename, content_type, file_size, part_size, s3_key, created_at, deadline, \
         changed_by, changed_in) \
         CROSS JOIN LATERAL (SELECT o.id, o.principal_id, o.current_version FROM datasets o WHERE o.id = n.dataset_id \
         AND o.principal_id = n.principal_id AND CASE WHEN o.deleted_at IS NULL THEN TRUE END FOR SHARE SKIP LOCKED) AS d \
         RETURNING id";
}

/// A job without limits and without a key, which is created alone or with others.
#[derive(Debug)]
pub(super) struct CreatedJob {
    /// The job.
    pub job: NewJob,
    /// Who creates it.
    pub actor: Actor,
}

impl GroupedRow for CreatedJob {
    /// The id of the job; `None` where the dataset is gone.
    type Written = Option<Uuid>;

    async fn write(&self, pool: &PostgresPool) -> Result<Option<Uuid>> {
        let Self { job, actor } = self;
        let insert = bind_job!(sqlx::query(INSERT_POSTGRES), job);
        let inserted = bind_actor!(insert, actor).execute(pool).await?;
        Ok((inserted.rows_affected() == 1).then_some(job.id))
    }

    async fn write_all(rows: &[Self], pool: &PostgresPool) -> Result<Vec<Option<Option<Uuid>>>> {
        let each = rows.iter().map(|row| row.actor.request());
        let requests = each
            .map(|request| request.map(|request| JsonText(request).text()).transpose())
            .collect::<Result<Vec<_>>>()?;
        let created: Vec<Uuid> = sqlx::query_scalar(INSERT_SEVERAL_POSTGRES)
            .bind(column(rows, |row| row.job.id))
            .bind(column(rows, |row| row.job.dataset_id))
            .bind(column(rows, |row| row.job.principal_id))
            .bind(column(rows, |row| row.job.filename.as_bytes()))
            .bind(column(rows, |row| row.job.content_type.as_bytes()))
            .bind(column(rows, |row| signed(row.job.plan.file_size())))
            .bind(column(rows, |row| signed(row.job.plan.part_size())))
            .bind(column(rows, |row| row.job.s3_key.as_str()))
            .bind(column(rows, |row| row.job.created_at))
            .bind(column(rows, |row| row.job.deadline))
            .bind(column(rows, |row| row.actor.principal()))
            .bind(requests)
            .fetch_all(pool)
            .await?;
        let written = |row: &Self| created.contains(&row.job.id).then_some(Some(row.job.id));
        Ok(rows.iter().map(written).collect())
    }
}
