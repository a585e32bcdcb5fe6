//! The result of an inspection: what it makes of its job, and the commit of one that is to be committed by itself.

use std::time::Duration;

use restow_api::job::{JobError, JobStatus};
use restow_api::{Finding, ReadOptions};
use restow_inspect::Inspection;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::crash::{self, Point};
use crate::error::{Error, Result};
use crate::store::{Ending, Inspected, JobRow, NewVersion, Work};
use crate::verdict::{self, Object};

/// What an inspection of a job found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Findings<'a> {
    pub work: &'a Work,
    pub found: &'a Inspection,
    /// How the object was to be read, as far as a caller has said.
    pub read_options: Option<&'a ReadOptions>,
    /// Entity tag of the object, where the row does not say yet that it is complete.
    pub completed_as: Option<&'a str>,
    /// How long the object was read.
    pub elapsed: Duration,
}

/// Writes the result under the claim. The state that the job has then; `None` where the claim is lost.
pub(super) async fn record(app: &App, findings: Findings<'_>) -> Result<Option<JobStatus>> {
    let Some(status) = write(app, findings).await? else {
        return Ok(None);
    };
    app.metrics.count_jobs(status, 1);
    let seconds = findings.elapsed.as_secs_f64();
    app.metrics
        .count_inspection(status, &findings.found.findings, seconds);
    let (job, found) = (&findings.work.job, findings.found);
    tracing::info!(job_id = %job.id, %status, rows = found.row_count, findings = found.findings_total, "object inspected");
    Ok(Some(status))
}

async fn write(app: &App, findings: Findings<'_>) -> Result<Option<JobStatus>> {
    let Findings {
        work,
        found,
        read_options,
        completed_as,
        ..
    } = findings;
    let inspected = Inspected {
        claim: work.claim(),
        found,
        read_options,
        deadline: app.now() + app.settings.preview_deadline,
        completed_as,
    };
    let ending = if let Some(finding) = found.rejection() {
        Ending::Rejected(rejection(finding, found.findings_total))
    } else {
        match commit(app, &work.job, inspected).await? {
            Committing::Done => return Ok(Some(JobStatus::Committed)),
            Committing::ClaimLost => return Ok(None),
            Committing::Refused(reason) => Ending::Ready(Some(reason)),
            Committing::Unwanted => Ending::Ready(None),
        }
    };
    let written = app.store.finish_inspection(inspected, &ending).await?;
    Ok(written.then(|| ending.status()))
}

/// What becomes of a job that may be committed by itself.
enum Committing {
    Done,
    ClaimLost,
    Refused(JobError),
    Unwanted,
}

/// Commits a job that is to be committed by itself, in one transaction with the result of its inspection: there is no
/// time at which a crash leaves one without the other.
async fn commit(app: &App, job: &JobRow, inspected: Inspected<'_>) -> Result<Committing> {
    let Some(terms) = app.store.find_auto_commit(job.id).await? else {
        return Ok(Committing::Unwanted);
    };
    if !terms.is_wanted() {
        return Ok(Committing::Unwanted);
    }
    let replaces = job.base_version();
    if terms.current_version() != replaces {
        let reason = conflict(terms.current_version(), replaces);
        return Ok(Committing::Refused(reason));
    }
    let base = match replaces {
        Some(number) => app.store.find_compared(job.dataset_id, number).await?,
        None => None,
    };
    let object = Object::inspected(job, inspected.found, inspected.read_options);
    let judgement = verdict::judge(base.as_ref(), &object);
    let new = NewVersion {
        principal_id: terms.principal_id,
        dataset_id: job.dataset_id,
        job_id: job.id,
        status: JobStatus::Ready,
        attempt: job.attempt,
        replaces,
        schema: judgement.schema.as_deref(),
    };
    let committed = if judgement.is_same() {
        app.store
            .commit_duplicate(new, Some(inspected), app.now())
            .await
    } else if let Some(refused) = judgement.automatic_refusal(&terms.policy()) {
        return Ok(Committing::Refused(JobError {
            error_type: "breaking_change".to_string(),
            msg: refused.message(),
            ctx: refused.context(),
        }));
    } else {
        app.store.commit_job(new, Some(inspected), app.now()).await
    };
    match committed {
        Ok(Some(_)) => {
            crash::at(Point::CommitDone);
            Ok(Committing::Done)
        }
        Ok(None) => Ok(Committing::ClaimLost),
        Err(Error::VersionConflict { current, expected }) => {
            Ok(Committing::Refused(conflict(current, expected)))
        }
        Err(error) => Err(error),
    }
}

fn conflict(current: Option<u64>, expected: Option<u64>) -> JobError {
    JobError {
        error_type: "version_conflict".to_string(),
        msg: "The current version has changed since the job began, so that the job was not committed automatically"
            .to_string(),
        ctx: context([
            ("current_version", json!(current)),
            ("replaces", json!(expected)),
        ]),
    }
}

/// Why a job is rejected. The values of the file that the finding shows stay in the preview, which is removed earlier.
fn rejection(finding: &Finding, findings_total: u64) -> JobError {
    JobError {
        error_type: finding.finding_type.as_str().to_string(),
        msg: finding.msg.clone(),
        ctx: context([
            ("column", json!(finding.column)),
            ("line", json!(finding.line)),
            ("count", json!(finding.count)),
            ("suggestion", json!(finding.suggestion)),
            ("findings_total", json!(findings_total)),
        ]),
    }
}

/// The values that are known, by name.
fn context<const N: usize>(values: [(&str, Value); N]) -> Map<String, Value> {
    let known = values.into_iter().filter(|(_, value)| !value.is_null());
    known
        .map(|(name, value)| (name.to_string(), value))
        .collect()
}
