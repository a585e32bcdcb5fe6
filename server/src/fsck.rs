//! `restow-server fsck`: compares the database with the bucket in both directions, and what the database counts with what it
//! has. Nothing is changed.
//!
//! Memory is bounded: rows and keys are read by pages. What does not agree is looked at again, since a deployment may be in
//! use meanwhile: a job moves on, or an object is removed before its row.

mod confirm;
mod counters;
mod finding;
mod objects;
mod rows;
mod uploads;

pub use self::finding::{Inconsistency, Kind, Report};
use crate::app::App;
use crate::error::Result;
use crate::ownership::{self, Ownership};

/// Compares everything, and passes on what does not agree.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn run(app: &App, report: &mut Report) -> Result<()> {
    rows::check_versions(app, report).await?;
    rows::check_jobs(app, report).await?;
    objects::check(app, report).await?;
    uploads::check(app, report).await?;
    counters::check_datasets(app, report).await?;
    counters::check_principals(app, report).await
}

/// Why the bucket must not be compared with the database at all: everything would be missing.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn refusal(app: &App) -> Result<Option<&'static str>> {
    let ownership = ownership::inspect(&app.store, &app.storage).await?;
    Ok(match ownership {
        Ownership::WrongBucket | Ownership::OtherDeployment => ownership.warning(),
        Ownership::Owner | Ownership::Unclaimed | Ownership::Outdated => None,
    })
}
