//! One attempt at a completion: the parts are checked, S3 is sent the request, and the object is looked for.

use chrono::{DateTime, Utc};
use restow_api::reupload::CompletedPart;

use super::reconcile::reconcile;
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::PartsMismatch;
use crate::inspection::{Fetched, Reservation};
use crate::storage::{COMPLETE_TIMEOUT, ObjectHead, StorageError};
use crate::store::{JobRow, Work};

/// How a round ended.
pub(super) enum Round {
    /// The object is there.
    Done(Seen),
    /// Another process has claimed the job.
    ClaimLost,
    /// The client has to fix the parts, or send them again.
    Refused(Refusal),
    /// S3 does not respond, or sends an invalid response.
    Unknown(StorageError),
}

/// The object of a completed upload.
pub(super) struct Seen {
    pub head: ObjectHead,
    /// Its content, where it was read to be inspected at once.
    pub fetched: Option<Fetched>,
}

impl Seen {
    fn unread(head: ObjectHead) -> Self {
        Self {
            head,
            fetched: None,
        }
    }
}

/// When S3 was sent requests to complete the upload.
#[derive(Clone, Copy, Debug)]
pub(super) struct Requested {
    /// The first request of this completion.
    first_at: Option<DateTime<Utc>>,
    /// The last request of which S3 may still be at work.
    pub last_at: Option<DateTime<Utc>>,
}

impl Requested {
    /// What the row says.
    pub(super) fn of(work: &Work) -> Self {
        Self {
            first_at: work.first_requested_at.or(work.requested_at),
            last_at: work.requested_at,
        }
    }

    fn note(&mut self, at: DateTime<Utc>) {
        self.first_at = self.first_at.or(Some(at));
        self.last_at = Some(at);
    }

    /// Whether S3 has been asked for long enough: each further request would put off the time at which the outcome is
    /// known.
    fn is_over(self, now: DateTime<Utc>) -> bool {
        self.first_at.is_some_and(|at| now >= at + COMPLETE_TIMEOUT)
    }
}

/// Why the upload is not completed.
pub(super) enum Refusal {
    /// The parts that S3 holds do not match the plan.
    Mismatch(PartsMismatch),
    /// The parts changed between the list of them and the request.
    PartsChanged,
    /// S3 has lost the upload, and there is no object: all parts have to be sent again.
    UploadLost,
    /// S3 has been sent requests for [`COMPLETE_TIMEOUT`], and there is no object.
    TimedOut,
    /// S3 rejects the request for another reason; a retry does not help.
    Storage(StorageError),
}

/// The first round of a completion whose client has named each part, with its entity tag, under a claim that records that the
/// request to S3 is sent. S3 itself compares the tags, and the lengths are signed: only after a refusal are the parts
/// listed, to name what is wrong with them.
pub(super) async fn attempt_named(app: &App, work: &Work, parts: Vec<(u32, String)>) -> Round {
    let job = &work.job;
    let Some(upload_id) = &job.upload_id else {
        return Round::Refused(Refusal::UploadLost);
    };
    let answer = app
        .storage
        .complete_upload(&job.s3_key, upload_id, parts)
        .await;
    crash::at(Point::CompleteAnswered);
    match look_and_read(app, work).await {
        Ok(Some(seen)) => return Round::Done(seen),
        Ok(None) => {}
        Err(error) => return Round::Unknown(error),
    }
    let round = without_object(answer);
    if !matches!(
        round,
        Round::Refused(Refusal::PartsChanged | Refusal::Storage(_))
    ) {
        return round;
    }
    match choose(app, job, upload_id, work.named_parts()).await {
        Ok(Err(mismatch)) => Round::Refused(Refusal::Mismatch(mismatch)),
        // The parts are as named: the next round repeats the request, or finds the same reason again.
        Ok(Ok(_)) => Round::Refused(Refusal::PartsChanged),
        Err(StorageError::NoSuchUpload) => lost_or_done(app, job).await,
        Err(error @ StorageError::Refused { .. }) => Round::Refused(Refusal::Storage(error)),
        Err(error) => Round::Unknown(error),
    }
}

/// One round: looks for the object if a request was sent before, checks the parts, sends the request, and looks for
/// the object. Once the time for requests is over, it only looks.
///
/// Only where a caller `is_waiting` is the content of the object read, too.
pub(super) async fn attempt(
    app: &App,
    work: &Work,
    requested: &mut Requested,
    is_waiting: bool,
) -> Round {
    let job = &work.job;
    if requested.last_at.is_some() {
        match look(app, job).await {
            Ok(Some(head)) => return Round::Done(Seen::unread(head)),
            Ok(None) => {}
            Err(error) => return Round::Unknown(error),
        }
    }
    if requested.is_over(app.now()) {
        return Round::Refused(Refusal::TimedOut);
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
    let now = app.now();
    // The last chance to find that another process has claimed the job: S3 knows no fences.
    match app
        .store
        .mark_requested(work.claim(), now, now + app.settings.lease)
        .await
    {
        Ok(true) => requested.note(now),
        Ok(false) => return Round::ClaimLost,
        Err(error) => {
            return Round::Unknown(StorageError::Unavailable(format!(
                "the request was not sent: {error}"
            )));
        }
    }
    crash::at(Point::CompleteAskedNoted);
    let answer = app
        .storage
        .complete_upload(&job.s3_key, upload_id, chosen)
        .await;
    crash::at(Point::CompleteAnswered);
    let looked = if is_waiting {
        look_and_read(app, work).await
    } else {
        look(app, job).await.map(|head| head.map(Seen::unread))
    };
    match looked {
        Ok(Some(seen)) => Round::Done(seen),
        Ok(None) => without_object(answer),
        Err(error) => Round::Unknown(error),
    }
}

/// What a response means when there is no object.
fn without_object(answer: Result<(), StorageError>) -> Round {
    match answer {
        Ok(()) => Round::Unknown(StorageError::Unavailable(
            "S3 reported success, but there is no object".to_string(),
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
    // A store that has dropped the upload may also return an empty list.
    if listed.is_empty() && look(app, job).await?.is_some() {
        return Err(StorageError::NoSuchUpload);
    }
    Ok(reconcile(&job.plan(), &listed, named))
}

async fn lost_or_done(app: &App, job: &JobRow) -> Round {
    match look(app, job).await {
        Ok(Some(head)) => Round::Done(Seen::unread(head)),
        Ok(None) => Round::Refused(Refusal::UploadLost),
        Err(error) => Round::Unknown(error),
    }
}

/// The object at the job's key, if it is the job's and whole.
async fn look(app: &App, job: &JobRow) -> Result<Option<ObjectHead>, StorageError> {
    let head = app.storage.head(&job.s3_key).await?;
    Ok(head.filter(|head| head.is_of(job.id, job.plan().file_size())))
}

/// The same, with its content where that may be inspected within the request: one request to S3 serves both.
async fn look_and_read(app: &App, work: &Work) -> Result<Option<Seen>, StorageError> {
    let job = &work.job;
    if let Some(reservation) = Reservation::new(app, work) {
        match reservation.fetch(app, work).await {
            Ok(Some((head, fetched))) if head.is_of(job.id, job.plan().file_size()) => {
                return Ok(Some(Seen {
                    head,
                    fetched: Some(fetched),
                }));
            }
            Ok(_) => return Ok(None),
            Err(error) => {
                tracing::debug!(job_id = %job.id, %error, "failed to read the object within the request");
            }
        }
    }
    let head = look(app, job).await?;
    Ok(head.map(Seen::unread))
}
