//! A reupload from its beginning to its end.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use mime_guess::from_path as guess;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::begin::{JobResolver, MAX_UNRECORDED_SIZE, UploadJob};
use super::builder::{Input, Resume, ReuploadOutcome, Settings};
use super::commit::commit;
use super::complete::Completion;
use super::concurrency::Concurrency;
use super::content::Content;
use super::etag::is_different_object;
use super::event::{EventEmitter, UploadEvent};
use super::journal::{Journal, RecordKey};
use super::plan::Part;
use super::progress::{Phase, ProgressTracker};
use super::upload::{PartEtags, Uploader};
use super::urls::UrlPool;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::{JobStatus, PresignedUploadRequest};
use crate::record::RecordError;
use crate::source::{FileState, LocalFile};

/// Runs a reupload.
pub(super) async fn run(mut settings: Settings<'_>, input: Input) -> Result<ReuploadOutcome> {
    let (content, file) = open(input).await?;
    let request = settings.request(&content)?;
    let events = &EventEmitter::new(settings.on_event.take());
    let journal = match settings.journal(file, &request) {
        Ok(journal) => journal,
        Err(error) => {
            events.emit(&UploadEvent::RecordUnavailable {
                reason: error.to_string(),
            });
            if matches!(error, RecordError::InUse) {
                // The job that would be found on the server is the one that another process is at work on.
                settings.resume = Resume::Never;
            }
            None
        }
    };
    let (client, journal) = (settings.client, journal.as_ref());
    let beginning = JobResolver {
        client,
        dataset_id: settings.dataset_id,
        request,
        content: &content,
        expected: settings.expected,
        may_search: settings.resume == Resume::Automatic,
        journal,
        events,
    };
    let begun = beginning.run().await?;
    let (job_id, plan, is_joined) = (begun.job_id, begun.plan, begun.is_joined);
    let outcome = match settings.finish(&content, begun, journal).await {
        Err(error) if may_be_of_end(&error) => Err(ended(client, job_id, error).await),
        outcome => outcome,
    };
    let is_useless = match &outcome {
        Ok(_) => false,
        // What S3 has of a job that was joined is of use to whoever began it.
        Err(Error::SourceChanged(_)) => !is_joined,
        Err(error) => JobResolver::is_lost(client, error, job_id, plan).await,
    };
    if is_useless {
        // The server's deadline does the same later, so there is nothing to make of a failure.
        let _ = client.api().cancel_job().job_id(job_id).send().await;
    }
    if is_useless || is_over(&outcome) {
        journal.inspect(|journal| journal.forget());
    }
    outcome
}

/// Whether another call has nothing to go on with, whatever has become of the job.
fn is_over(outcome: &Result<ReuploadOutcome>) -> bool {
    use Error::{ConcurrentUpload, JobEnded, JobFailed, SourceChanged};
    matches!(
        outcome,
        Ok(_) | Err(JobFailed(_) | JobEnded(_) | ConcurrentUpload { .. } | SourceChanged(_))
    )
}

/// Whether S3 or the server refuses as they do where somebody has ended the job.
fn may_be_of_end(error: &Error) -> bool {
    matches!(error, Error::S3 { code, .. } if code == "NoSuchUpload")
        || error.error_type() == Some("invalid_state")
}

/// The end of the job, if that is the reason of an error.
async fn ended(client: &Client, job_id: Uuid, error: Error) -> Error {
    match client
        .call(|| client.api().get_job().job_id(job_id).send())
        .await
    {
        Ok(job) if matches!(job.status, JobStatus::Cancelled | JobStatus::Expired) => {
            Error::JobEnded(job.status)
        }
        _ => error,
    }
}

/// Opens what is to be uploaded; of a file also what it is now.
async fn open(input: Input) -> Result<(Content, Option<(PathBuf, FileState)>)> {
    let path = match input {
        Input::Source(source) => return Ok((Content::new(source), None)),
        Input::File(path) => path,
    };
    let name = path.display().to_string();
    let opened = spawn_blocking({
        let path = path.clone();
        move || LocalFile::open(&path)
    });
    let file = opened
        .await
        .unwrap_or_else(|panic| Err(std::io::Error::other(panic)));
    let file = file.map_err(|source| Error::Source { name, source })?;
    let state = file.state();
    Ok((Content::new(Box::new(file)), Some((path, state))))
}

impl Settings<'_> {
    fn request(&self, content: &Content) -> Result<PresignedUploadRequest> {
        let guessed = || guess(&self.filename).first_or_octet_stream().to_string();
        let content_type = self.content_type.clone().unwrap_or_else(guessed);
        let invalid = |member| move |error| Error::InvalidRequest(format!("{member}: {error}"));
        Ok(PresignedUploadRequest {
            filename: self
                .filename
                .clone()
                .try_into()
                .map_err(invalid("filename"))?,
            content_type: content_type.try_into().map_err(invalid("content_type"))?,
            file_size: content.size().try_into().map_err(|_| content.empty())?,
        })
    }

    /// The place where the upload is remembered, if it is to be.
    ///
    /// # Errors
    ///
    /// Why there is none.
    fn journal(
        &self,
        file: Option<(PathBuf, FileState)>,
        request: &PresignedUploadRequest,
    ) -> Result<Option<Journal>, RecordError> {
        let Some((path, state)) = file.filter(|(_, state)| state.size > MAX_UNRECORDED_SIZE) else {
            return Ok(None);
        };
        if self.resume == Resume::Never {
            return Ok(None);
        }
        let key = RecordKey::new(&path, self.dataset_id, state, request.clone());
        let directory = self.state_dir.as_deref().ok_or(RecordError::NoHome)?;
        Journal::open(directory, self.client.endpoint(), key).map(Some)
    }

    async fn finish(
        self,
        content: &Content,
        begun: UploadJob,
        journal: Option<&Journal>,
    ) -> Result<ReuploadOutcome> {
        let Self {
            client,
            dataset_id,
            concurrency,
            commit: policy,
            on_progress,
            ..
        } = self;
        let UploadJob {
            job_id,
            status,
            plan,
            held,
            are_verified,
            urls,
            tags,
            expected,
            ..
        } = begun;
        let tracker = &ProgressTracker::new(job_id, plan, on_progress);
        let mut tag = None;
        if status == JobStatus::AwaitingUpload {
            let missing = plan
                .parts()
                .map(|part| part.number)
                .filter(|number| !held.has(*number));
            let urls = UrlPool::new(client, job_id, missing, urls);
            let concurrency = Mutex::new(Concurrency::new(concurrency, Instant::now()));
            let uploader = &Uploader {
                client,
                content,
                urls,
                tags,
                journal,
                tracker,
                concurrency,
            };
            let sent = if are_verified {
                held.parts(plan).for_each(|part| tracker.found(part));
                let missing: Vec<Part> =
                    plan.parts().filter(|part| !held.has(part.number)).collect();
                let sent = uploader.send(&missing, &held).await?;
                held.into_etags()
                    .into_iter()
                    .chain(sent)
                    .collect::<PartEtags>()
            } else {
                uploader
                    .send(&plan.parts().collect::<Vec<_>>(), &held)
                    .await?
            };
            tracker.enter(Phase::Complete);
            let sent = Completion {
                dataset_id,
                job_id,
                plan,
                uploader,
            }
            .run(sent)
            .await?;
            tag = uploader.tags.of_object(&sent);
        } else {
            plan.parts().for_each(|part| tracker.found(part));
        }
        tracker.enter(Phase::Inspect);
        let job = client
            .wait_with(job_id, |job| tracker.inspected(&job.progress))
            .await?;
        let preview = client
            .call(|| client.api().get_preview().job_id(job_id).send())
            .await?;
        let version = if policy.admits(&preview) || job.status == JobStatus::Committed {
            tracker.enter(Phase::Commit);
            let version = commit(client, &job, expected).await?;
            if tag.is_some_and(|tag| is_different_object(&version.etag, &tag)) {
                return Err(Error::ConcurrentUpload {
                    version: version.version,
                });
            }
            Some(version)
        } else {
            None
        };
        let progress = tracker.progress();
        let bytes_sent = progress.bytes_done - progress.bytes_held;
        Ok(ReuploadOutcome {
            job,
            preview,
            version,
            bytes_sent,
            bytes_held: progress.bytes_held,
            retries: progress.retries,
        })
    }
}
