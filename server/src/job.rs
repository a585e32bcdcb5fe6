//! Jobs, as their owners see them.

mod commit;
mod inspect;

use std::fmt;
use std::str::FromStr;

use dropshot::ResultsPage;
use restow_api::job::{Job, JobQuery, JobStatus};
use uuid::Uuid;

use crate::abort;
use crate::app::App;
use crate::crash::{self, Point};
use crate::dataset;
use crate::error::{Error, Result};
use crate::page;
use crate::store::{JobRow, Principal};

pub use commit::commit;
pub use inspect::inspect;

/// Where a request names a job.
pub(crate) const IN_PATH: [&str; 2] = ["path", "job_id"];

/// The row of a job of the principal.
pub(crate) async fn find(app: &App, principal: &Principal, id: Uuid) -> Result<JobRow> {
    app.store
        .find_job(principal.id, id)
        .await?
        .ok_or(Error::NotFound(IN_PATH))
}

/// One job.
pub async fn get(app: &App, principal: &Principal, id: Uuid) -> Result<Job> {
    find(app, principal, id).await.map(Job::from)
}

/// The jobs of a dataset, newest first.
///
/// The token of a page remembers the state that the list is restricted to, since a client that asks for the next page
/// need not repeat it.
pub async fn list(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    query: JobQuery,
) -> Result<ResultsPage<Job>> {
    let token = match page::after::<JobToken>(&query.page) {
        Ok(token) => token,
        Err(error) => return Err(dataset::missing_or(app, principal, dataset_id, error).await?),
    };
    let status = token.map_or(query.status, |token| token.status);
    let before = token.map(|token| token.before);
    let limit = page::rows_wanted(&query.page);
    let rows = app
        .store
        .list_jobs(principal.id, dataset_id, status, before, limit)
        .await?;
    if rows.is_empty() {
        dataset::get(app, principal, dataset_id).await?;
    }
    let jobs = rows.into_iter().map(Job::from).map(brief).collect();
    Ok(page::of(jobs, &query.page, |job: &Job| JobToken {
        before: job.id,
        status,
    }))
}

/// The job without what can be large: a page has a thousand of them.
fn brief(mut job: Job) -> Job {
    if let Some(error) = &mut job.error {
        error.ctx.clear();
    }
    job
}

/// Where a page of jobs begins, and what the list is restricted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct JobToken {
    before: Uuid,
    status: Option<JobStatus>,
}

impl fmt::Display for JobToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.before)?;
        self.status.map_or(Ok(()), |status| write!(f, ".{status}"))
    }
}

impl FromStr for JobToken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (before, status) = text
            .split_once('.')
            .map_or((text, None), |(before, status)| (before, Some(status)));
        let before = before.parse().map_err(|_| "no id".to_string())?;
        Ok(Self {
            before,
            status: status.map(str::parse).transpose()?,
        })
    }
}

/// Cancels a job and aborts its upload. The reaper removes what that leaves, and the object if there is one.
///
/// # Errors
/// [`Error::InvalidState`] where it is being completed, or is over in another way.
pub async fn cancel(app: &App, principal: &Principal, id: Uuid) -> Result<Job> {
    let job = find(app, principal, id).await?;
    if let Some(cancelled) = app.store.cancel_job(id, app.now()).await? {
        crash::at(Point::CancelDone);
        app.metrics.count_jobs(JobStatus::Cancelled, 1);
        tracing::info!(job_id = %id, "job cancelled");
        abort::abort_uploads(app, cancelled.open_upload().into_iter().collect()).await;
        return Ok(cancelled.into());
    }
    // The row may have moved since it was read.
    let job = app.store.find_job(principal.id, id).await?.unwrap_or(job);
    match job.status() {
        JobStatus::Cancelled => Ok(job.into()),
        status => Err(Error::InvalidState {
            status,
            operation: "be cancelled",
        }),
    }
}
