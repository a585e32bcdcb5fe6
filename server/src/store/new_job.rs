//! Jobs that are about to begin.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::plan::Plan;

/// A job that is about to begin.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Identifier of the job.
    pub id: Uuid,
    /// Dataset whose data it replaces.
    pub dataset_id: Uuid,
    /// Owner of the dataset.
    pub principal_id: Uuid,
    /// Original filename.
    pub filename: String,
    /// MIME type from the request.
    pub content_type: String,
    /// The plan of the upload.
    pub plan: Plan,
    /// Key of the object.
    pub s3_key: String,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// Time at which the job expires.
    pub deadline: DateTime<Utc>,
}

/// Binds the values of a job.
macro_rules! bind_job {
    ($query:expr, $job:ident) => {
        $query
            .bind($job.id)
            .bind($job.dataset_id)
            .bind($job.principal_id)
            .bind($job.filename.as_bytes())
            .bind($job.content_type.as_bytes())
            .bind(signed($job.plan.file_size()))
            .bind(signed($job.plan.part_size()))
            .bind(&$job.s3_key)
            .bind($job.created_at)
            .bind($job.deadline)
    };
}

/// Binds who creates it.
macro_rules! bind_actor {
    ($query:expr, $actor:ident) => {
        $query
            .bind($actor.principal())
            .bind($actor.request().map(JsonText))
    };
}

pub(super) use {bind_actor, bind_job};
