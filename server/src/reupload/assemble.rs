//! The completion itself: under a lease, fenced, and believed only when the object is seen.
//!
//! An abort never meets it: it runs in the state `completing`, which nothing but its own end leaves, and while S3 may
//! still be at work the job stays there.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use restow_api::job::{JobError, JobStatus};
use restow_api::reupload::CompletedPart;
use serde_json::{Map, json};
use tokio::time::sleep;

use super::reconcile::{all_missing, reconcile};
use crate::app::App;
use crate::clock;
use crate::crash::{self, Point};
use crate::error::{Error, PartsMismatch, Result};
use crate::lease::Heartbeat;
use crate::storage::{
    COMPLETE_TIMEOUT, ObjectHead, StorageError, content_disposition, content_type,
};
use crate::store::{JobRow, Work};

/// How often S3 is asked while a caller waits, before the job is left to a worker.
const ROUNDS: u32 = 4;

/// Pause after the first round; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// When a completion whose outcome is unknown is due again.
const LATER: TimeDelta = TimeDelta::seconds(15);

/// How a round ended.
enum Round {
    /// The object is there.
    Done(ObjectHead),
    /// Somebody else has the job.
    ClaimLost,
    /// What a client can mend, or has to do again.
    Refused(Refusal),
    /// S3 does not answer, or not what it should.
    Unknown(StorageError),
}

/// Why the object is not put together.
enum Refusal {
    /// S3 holds other parts than it should.
    Mismatch(PartsMismatch),
    /// The parts changed between the look at them and the request.
    PartsChanged,
    /// S3 knows the upload no more, and there is no object: everything has to be sent again.
    UploadLost,
    /// S3 refuses for another reason, and will go on to.
    Storage(StorageError),
}

/// Completes a job that the caller has just claimed, and says what state it is in then.
///
/// # Errors
/// What a client can mend, and what keeps S3 from being asked at all.
pub(super) async fn run(app: Arc<App>, work: Work) -> Result<JobStatus> {
    drive(&app, work, ROUNDS).await
}

/// Goes on with a completion that somebody else began. Two rounds, since one look is not enough to call an upload lost.
pub async fn resume(app: &App, work: Work) {
    let job_id = work.job.id;
    match drive(app, work, 2).await {
        Ok(status) => tracing::info!(%job_id, %status, "completion resumed"),
        Err(error) => tracing::warn!(%job_id, %error, "resumed completion ended"),
    }
}

async fn drive(app: &App, work: Work, rounds: u32) -> Result<JobStatus> {
    let heartbeat = Heartbeat::start(app, work.claim());
    let mut asked_at = work.asked_at;
    let mut pause = FIRST_PAUSE;
    let mut seems_lost = false;
    for round in 1..=rounds {
        let asked_before = asked_at;
        let ended = attempt(app, &work, &mut asked_at).await;
        match ended {
            Round::Done(head) => return finish(app, &work, &head).await,
            Round::ClaimLost => return Ok(JobStatus::Completing),
            // A refusal of a repetition says nothing of the first request, while S3 may still be at work on that.
            // Of the two only the first is in doubt then, and the row is to say since when, or the doubt never ends.
            Round::Refused(_) if may_be_at_work(asked_before) => {
                asked_at = asked_before;
                keep_doubt(app, &work, asked_before).await?;
            }
            Round::Refused(Refusal::PartsChanged) if round < rounds => asked_at = None,
            // One odd answer should not cost the client a whole upload.
            Round::Refused(Refusal::UploadLost) if !seems_lost && round < rounds => {
                seems_lost = true;
                asked_at = None;
            }
            Round::Refused(refusal) => return refuse(app, &work, refusal).await,
            Round::Unknown(error) => {
                tracing::warn!(job_id = %work.job.id, round, %error, "completion has no outcome yet");
                if asked_at.is_none() && round == rounds {
                    return refuse(app, &work, Refusal::Storage(error)).await;
                }
            }
        }
        if app.stopping.is_cancelled() || heartbeat.is_lost() {
            break;
        }
        if round < rounds {
            sleep(pause).await;
            pause *= 2;
        }
    }
    let due = if app.stopping.is_cancelled() {
        clock::now()
    } else {
        clock::now() + LATER
    };
    app.store.release(work.claim(), due).await?;
    Ok(JobStatus::Completing)
}

/// Notes since when it is in doubt what came of a request, after a repetition of it has been refused.
async fn keep_doubt(app: &App, work: &Work, asked_before: Option<DateTime<Utc>>) -> Result<()> {
    if let Some(asked_at) = asked_before {
        app.store
            .mark_asked(work.claim(), asked_at, clock::now() + app.settings.lease)
            .await?;
    }
    Ok(())
}

/// Whether S3 may still be working on a request that was sent at that time.
fn may_be_at_work(asked_at: Option<DateTime<Utc>>) -> bool {
    asked_at.is_some_and(|at| clock::now() < at + COMPLETE_TIMEOUT)
}

/// One round: the object is looked for if S3 was asked before, what S3 holds is checked, S3 is asked, and the object
/// is looked for.
async fn attempt(app: &App, work: &Work, asked_at: &mut Option<DateTime<Utc>>) -> Round {
    let job = &work.job;
    if asked_at.is_some() {
        match look(app, job).await {
            Ok(Some(head)) => return Round::Done(head),
            Ok(None) => {}
            Err(error) => return Round::Unknown(error),
        }
    }
    let Some(upload_id) = &job.upload_id else {
        return Round::Refused(Refusal::UploadLost);
    };
    let chosen = match choose(app, job, upload_id, work.named_parts()).await {
        Ok(Ok(chosen)) => chosen,
        Ok(Err(mismatch)) => return Round::Refused(Refusal::Mismatch(mismatch)),
        Err(StorageError::NoSuchUpload) => return lost_or_done(app, job).await,
        Err(error @ StorageError::Refused { .. }) => {
            return Round::Refused(Refusal::Storage(error));
        }
        Err(error) => return Round::Unknown(error),
    };
    crash::at(Point::CompletePartsListed);
    let now = clock::now();
    // The last moment to learn that somebody else has the job: S3 knows no fences.
    match app
        .store
        .mark_asked(work.claim(), now, now + app.settings.lease)
        .await
    {
        Ok(true) => *asked_at = Some(now),
        Ok(false) => return Round::ClaimLost,
        Err(error) => {
            return Round::Unknown(StorageError::Unavailable(format!(
                "not asked, since {error}"
            )));
        }
    }
    crash::at(Point::CompleteAskedNoted);
    let answer = app
        .storage
        .complete_upload(&job.s3_key, upload_id, chosen)
        .await;
    crash::at(Point::CompleteAnswered);
    match look(app, job).await {
        Ok(Some(head)) => Round::Done(head),
        Ok(None) => without_object(answer),
        Err(error) => Round::Unknown(error),
    }
}

/// What an answer means when there is no object behind it.
fn without_object(answer: Result<(), StorageError>) -> Round {
    match answer {
        Ok(()) => Round::Unknown(StorageError::Unavailable(
            "completed without an object".to_string(),
        )),
        Err(StorageError::Refused { code })
            if code == "InvalidPart" || code == "InvalidPartOrder" =>
        {
            Round::Refused(Refusal::PartsChanged)
        }
        Err(StorageError::NoSuchUpload) => Round::Refused(Refusal::UploadLost),
        Err(error @ StorageError::Refused { .. }) => Round::Refused(Refusal::Storage(error)),
        Err(error) => Round::Unknown(error),
    }
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
        Ok(None) => Round::Refused(Refusal::UploadLost),
        Err(error) => Round::Unknown(error),
    }
}

/// The object at the job's key, if it is the job's and whole.
async fn look(app: &App, job: &JobRow) -> Result<Option<ObjectHead>, StorageError> {
    let head = app.storage.head(&job.s3_key).await?;
    Ok(head.filter(|head| head.job_id == Some(job.id) && head.size == job.plan().file_size()))
}

async fn finish(app: &App, work: &Work, head: &ObjectHead) -> Result<JobStatus> {
    let job_id = work.job.id;
    crash::at(Point::CompleteObjectSeen);
    if !app
        .store
        .finish_completion(work.claim(), &head.etag, clock::now())
        .await?
    {
        // Another attempt has taken over, and comes to the same end.
        return Ok(JobStatus::Completing);
    }
    crash::at(Point::CompleteFinished);
    app.metrics.count_jobs(JobStatus::Inspecting, 1);
    tracing::info!(%job_id, "upload complete");
    app.work_due.notify_one();
    if let Err(error) = app.store.announce_work().await {
        tracing::debug!(%error, "workers elsewhere find the job when they next look");
    }
    Ok(JobStatus::Inspecting)
}

/// Gives the job back to its client, who may be gone by now: the reason is kept with the job.
async fn refuse(app: &App, work: &Work, refusal: Refusal) -> Result<JobStatus> {
    crash::at(Point::RefuseDecided);
    let job = &work.job;
    let mut fresh_upload = None;
    let error = match refusal {
        Refusal::Mismatch(mismatch) => Error::PartsMismatch(mismatch),
        Refusal::PartsChanged => Error::PartsMismatch(PartsMismatch::default()),
        Refusal::Storage(error) => error.into(),
        Refusal::UploadLost => {
            fresh_upload = Some(replacement(app, job).await?);
            crash::at(Point::RefuseUploadCreated);
            Error::PartsMismatch(all_missing(&job.plan()))
        }
    };
    tracing::info!(job_id = %job.id, %error, "completion refused");
    if app
        .store
        .return_to_upload(work.claim(), fresh_upload.as_deref(), &reason(&error))
        .await?
    {
        crash::at(Point::RefuseReturned);
        return Err(error);
    }
    if let Some(upload_id) = fresh_upload {
        app.storage.abort_upload(&job.s3_key, &upload_id).await?;
    }
    Ok(JobStatus::Completing)
}

/// A new upload in the place of one that S3 has lost.
async fn replacement(app: &App, job: &JobRow) -> Result<String> {
    tracing::warn!(job_id = %job.id, "S3 has lost the upload; a new one takes its place");
    let disposition = content_disposition(&job.filename.0);
    Ok(app
        .storage
        .create_upload(
            &job.s3_key,
            job.id,
            content_type(&job.content_type.0),
            &disposition,
        )
        .await?)
}

fn reason(error: &Error) -> JobError {
    let (error_type, msg, ctx) = match error {
        Error::PartsMismatch(mismatch) => {
            let ctx = [
                ("parts", json!(mismatch.listed())),
                ("total", json!(mismatch.total())),
            ];
            let ctx = ctx
                .into_iter()
                .map(|(name, value)| (name.to_string(), value))
                .collect();
            ("parts_mismatch", mismatch.message(), ctx)
        }
        _ => (
            "unavailable",
            "The storage did not take the completion; complete again".to_string(),
            Map::new(),
        ),
    };
    JobError {
        error_type: error_type.to_string(),
        msg,
        ctx,
    }
}
