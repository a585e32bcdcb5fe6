//! The completion itself: under a lease, fenced, and believed only when the object is seen.
//!
//! An abort never meets it: it runs in the state `completing`, which nothing but its own end leaves, and while its
//! outcome is unknown the job stays there.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use restow_api::job::JobStatus;
use restow_api::reupload::CompletedPart;
use tokio::time::sleep;

use super::Plan;
use super::reconcile::reconcile;
use crate::app::App;
use crate::clock;
use crate::error::{Error, PartProblem, PartsMismatch, Result};
use crate::lease::Heartbeat;
use crate::storage::{ObjectHead, StorageError, content_disposition, content_type};
use crate::store::{JobRow, Work};

/// How often S3 is asked again, in one go, before the job is left to a later attempt.
const ROUNDS: u32 = 4;

/// Pause after the first round; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// When a completion whose outcome is unknown is due again.
const LATER: TimeDelta = TimeDelta::seconds(15);

/// How a round ended.
enum Round {
    /// The object is there.
    Done(ObjectHead),
    /// S3 holds other parts than it should.
    Mismatch(PartsMismatch),
    /// S3 knows the upload no more, and there is no object: everything has to be sent again.
    UploadLost,
    /// S3 refuses, and will go on to.
    Refused(StorageError),
    /// The parts changed between the look at them and the request.
    PartsChanged,
    /// S3 does not answer, or not what it should; `asked` says whether it may be at work all the same.
    Unknown { error: StorageError, asked: bool },
}

/// Completes a job that the caller has just claimed, and says what state it is in then.
///
/// # Errors
/// What a client can mend, and what keeps S3 from being asked at all.
pub(super) async fn run(app: Arc<App>, work: Work) -> Result<JobStatus> {
    drive(&app, work, false).await
}

/// Goes on with a completion that somebody else began.
pub async fn resume(app: &App, work: Work) {
    let job_id = work.job.id;
    match drive(app, work, true).await {
        Ok(status) => tracing::info!(%job_id, %status, "completion resumed"),
        Err(error) => tracing::warn!(%job_id, %error, "resumed completion ended"),
    }
}

async fn drive(app: &App, work: Work, mut asked: bool) -> Result<JobStatus> {
    let _heartbeat = Heartbeat::start(app, work.claim());
    let mut pause = FIRST_PAUSE;
    for round in 1..=ROUNDS {
        let ended = attempt(app, &work, asked).await;
        match ended {
            Round::Done(head) => return finish(app, &work, &head).await,
            Round::Mismatch(mismatch) => {
                app.store.return_to_upload(work.claim(), None).await?;
                return Err(Error::PartsMismatch(mismatch));
            }
            Round::UploadLost => return start_over(app, &work).await,
            Round::Refused(error) => {
                app.store.return_to_upload(work.claim(), None).await?;
                return Err(error.into());
            }
            Round::PartsChanged if round == ROUNDS => {
                app.store.return_to_upload(work.claim(), None).await?;
                return Err(Error::PartsMismatch(PartsMismatch::default()));
            }
            Round::PartsChanged => {}
            Round::Unknown { error, asked: now_asked } => {
                asked |= now_asked;
                tracing::warn!(job_id = %work.job.id, round, %error, "completion has no outcome yet");
                if !asked && round == ROUNDS {
                    app.store.return_to_upload(work.claim(), None).await?;
                    return Err(error.into());
                }
                sleep(pause).await;
                pause *= 2;
            }
        }
    }
    app.store.release(work.claim(), clock::now() + LATER).await?;
    Ok(JobStatus::Completing)
}

/// One round: what S3 holds is checked, S3 is asked, and the object is looked for. `asked` says that S3 may have
/// been asked before, so that the object is looked for first.
async fn attempt(app: &App, work: &Work, asked: bool) -> Round {
    let job = &work.job;
    if asked {
        match look(app, job).await {
            Ok(Some(head)) => return Round::Done(head),
            Ok(None) => {}
            Err(error) => return Round::Unknown { error, asked },
        }
    }
    let Some(upload_id) = &job.upload_id else { return Round::UploadLost };
    let chosen = match choose(app, job, upload_id, work.named_parts()).await {
        Ok(Ok(chosen)) => chosen,
        Ok(Err(mismatch)) => return Round::Mismatch(mismatch),
        Err(StorageError::NoSuchUpload) => return lost_or_done(app, job).await,
        Err(StorageError::Refused { code }) => return Round::Refused(StorageError::Refused { code }),
        Err(error) => return Round::Unknown { error, asked: false },
    };
    let answer = app.storage.complete_upload(&job.s3_key, upload_id, chosen).await;
    match look(app, job).await {
        Ok(Some(head)) => Round::Done(head),
        Ok(None) => match answer {
            Ok(()) => Round::Unknown { error: unseen(), asked: true },
            Err(StorageError::Refused { code }) if is_about_parts(&code) => Round::PartsChanged,
            // Without an earlier request S3's refusal is the outcome; with one it may only be of the repetition.
            Err(error @ StorageError::Refused { .. }) if !asked => Round::Refused(error),
            Err(StorageError::NoSuchUpload) => Round::UploadLost,
            Err(error) => Round::Unknown { error, asked: true },
        },
        Err(error) => Round::Unknown { error, asked: true },
    }
}

fn unseen() -> StorageError {
    StorageError::Unavailable("completed without an object".to_string())
}

fn is_about_parts(code: &str) -> bool {
    matches!(code, "InvalidPart" | "InvalidPartOrder" | "EntityTooSmall")
}

/// The parts to put together, or what is wrong with them.
async fn choose(
    app: &App,
    job: &JobRow,
    upload_id: &str,
    named: &[CompletedPart],
) -> Result<Result<Vec<(u32, String)>, PartsMismatch>, StorageError> {
    let listed = app.storage.list_all_parts(&job.s3_key, upload_id).await?;
    // A store that has forgotten the upload may also answer with an empty list.
    if listed.is_empty() && look(app, job).await?.is_some() {
        return Err(StorageError::NoSuchUpload);
    }
    Ok(reconcile(&job.plan(), &listed, named))
}

async fn lost_or_done(app: &App, job: &JobRow) -> Round {
    match look(app, job).await {
        Ok(Some(head)) => Round::Done(head),
        Ok(None) => Round::UploadLost,
        Err(error) => Round::Unknown { error, asked: true },
    }
}

/// The object at the job's key, if it is the job's and whole.
async fn look(app: &App, job: &JobRow) -> Result<Option<ObjectHead>, StorageError> {
    let head = app.storage.head(&job.s3_key).await?;
    Ok(head.filter(|head| head.job_id == Some(job.id) && head.size == job.plan().file_size()))
}

async fn finish(app: &App, work: &Work, head: &ObjectHead) -> Result<JobStatus> {
    let job_id = work.job.id;
    if app.store.finish_completion(work.claim(), &head.etag, clock::now()).await? {
        app.metrics.count_jobs(JobStatus::Inspecting, 1);
        tracing::info!(%job_id, "upload complete");
        app.work_due.notify_one();
        return Ok(JobStatus::Inspecting);
    }
    // Another attempt has taken over, and comes to the same end.
    Ok(JobStatus::Completing)
}

/// Gives the job a new upload in the place of one that S3 has lost, and tells the client to send all parts again.
async fn start_over(app: &App, work: &Work) -> Result<JobStatus> {
    let job = &work.job;
    let disposition = content_disposition(&job.filename.0);
    let mime = content_type(&job.content_type.0);
    let upload_id = app.storage.create_upload(&job.s3_key, job.id, mime, &disposition).await?;
    tracing::warn!(job_id = %job.id, "S3 has lost the upload; a new one takes its place");
    if !app.store.return_to_upload(work.claim(), Some(&upload_id)).await? {
        app.storage.abort_upload(&job.s3_key, &upload_id).await?;
    }
    Err(Error::PartsMismatch(all_missing(&job.plan())))
}

/// The mismatch of an upload of which S3 holds nothing.
pub(super) fn all_missing(plan: &Plan) -> PartsMismatch {
    let mut mismatch = PartsMismatch::default();
    (1..=plan.part_count()).for_each(|number| mismatch.add(number, PartProblem::Missing));
    mismatch
}
