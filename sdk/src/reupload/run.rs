//! A reupload from its beginning to its end.

use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use mime_guess::from_path as guess;
use tokio::task::spawn_blocking;

use super::begin::{Beginning, Begun, NOT_WORTH_RESUMING};
use super::commit::commit;
use super::completion::Completion;
use super::concurrency::Concurrency;
use super::content::Content;
use super::memory::{Memory, Subject};
use super::notice::{Notice, Notices};
use super::plan::Part;
use super::progress::{Phase, Tracker};
use super::request::{Input, PendingReupload, Resume, Reupload};
use super::upload::{Sent, Uploader};
use super::urls::UrlPool;
use crate::error::{Error, Result};
use crate::generated::types::{JobStatus, PresignedUploadRequest};
use crate::source::{FileState, LocalFile};

/// Runs a reupload.
pub(super) async fn run(mut pending: PendingReupload<'_>) -> Result<Reupload> {
    let (content, file) = open(std::mem::replace(&mut pending.input, Input::File(Path::new("").into()))).await?;
    let request = pending.request(&content)?;
    pending.expected.check(pending.client, pending.dataset_id).await?;

    let notices = &Notices::new(pending.on_notice.take());
    let memory = match pending.memory(file, &request) {
        Some(Err(notice)) => {
            notices.tell(&notice);
            None
        }
        memory => memory.transpose().ok().flatten(),
    };
    let (memory, resume) = (memory.as_ref(), pending.resume == Resume::Automatic);
    let beginning = Beginning {
        client: pending.client,
        dataset_id: pending.dataset_id,
        request,
        content: &content,
        resume,
        memory,
        notices,
    };
    let begun = beginning.run().await?;
    let (client, job_id) = (pending.client, begun.job_id);
    let outcome = pending.finish(&content, begun, memory).await;
    if let Err(Error::SourceChanged(_)) = &outcome {
        // The server's deadline does the same later, so there is nothing to make of a failure.
        let _ = client.api().cancel_job().job_id(job_id).send().await;
    }
    if let Ok(_) | Err(Error::SourceChanged(_) | Error::JobFailed(_) | Error::JobEnded(_)) = &outcome {
        memory.inspect(|memory| memory.forget());
    }
    outcome
}

/// Opens what is to be uploaded; of a file also what it is now.
async fn open(input: Input) -> Result<(Content, Option<(std::path::PathBuf, FileState)>)> {
    let path = match input {
        Input::Source(source) => return Ok((Content::new(source), None)),
        Input::File(path) => path,
    };
    let name = path.display().to_string();
    let opened = spawn_blocking({
        let path = path.clone();
        move || LocalFile::open(&path)
    });
    let file = opened.await.unwrap_or_else(|panic| Err(std::io::Error::other(panic)));
    let file = file.map_err(|source| Error::Source { name, source })?;
    let state = file.state();
    Ok((Content::new(Box::new(file)), Some((path, state))))
}

impl PendingReupload<'_> {
    fn request(&self, content: &Content) -> Result<PresignedUploadRequest> {
        let guessed = || guess(&self.filename).first_or_octet_stream().to_string();
        let content_type = self.content_type.clone().unwrap_or_else(guessed);
        let invalid = |member| move |error| Error::InvalidRequest(format!("{member}: {error}"));
        Ok(PresignedUploadRequest {
            filename: self.filename.clone().try_into().map_err(invalid("filename"))?,
            content_type: content_type.try_into().map_err(invalid("content_type"))?,
            file_size: content.size().try_into().map_err(|_| content.empty())?,
        })
    }

    /// The place where the upload is remembered, if it is to be; or why there is none.
    fn memory(
        &self,
        file: Option<(std::path::PathBuf, FileState)>,
        request: &PresignedUploadRequest,
    ) -> Option<Result<Memory, Notice>> {
        let (path, state) = file.filter(|(_, state)| state.size > NOT_WORTH_RESUMING)?;
        if self.resume == Resume::Never {
            return None;
        }
        let subject = Subject::new(&path, self.dataset_id, state, request.clone());
        let no_home = || Notice::RecordUnavailable { reason: "the user has no home directory".to_string() };
        let directory = self.state_dir.as_deref().ok_or_else(no_home);
        Some(directory.and_then(|directory| Memory::open(directory, self.client.endpoint(), subject)))
    }

    async fn finish(self, content: &Content, begun: Begun, memory: Option<&Memory>) -> Result<Reupload> {
        let Self { client, dataset_id, concurrency, commit: policy, expected, on_progress, .. } = self;
        let Begun { job_id, status, plan, held, are_proven, urls, tags } = begun;
        let tracker = &Tracker::new(job_id, plan, on_progress);
        if status == JobStatus::AwaitingUpload {
            let missing = plan.parts().map(|part| part.number).filter(|number| !held.has(*number));
            let urls = UrlPool::new(client, job_id, missing, urls);
            let concurrency = Mutex::new(Concurrency::new(concurrency, Instant::now()));
            let uploader = &Uploader { client, content, urls, tags, memory, tracker, concurrency };
            let sent = if are_proven {
                held.parts(plan).for_each(|part| tracker.found(part));
                let missing: Vec<Part> = plan.parts().filter(|part| !held.has(part.number)).collect();
                let sent = uploader.send(&missing, &held).await?;
                held.into_sent().into_iter().chain(sent).collect::<Sent>()
            } else {
                uploader.send(&plan.parts().collect::<Vec<_>>(), &held).await?
            };
            tracker.enter(Phase::Complete);
            Completion { dataset_id, job_id, plan, uploader }.run(sent).await?;
        } else {
            plan.parts().for_each(|part| tracker.found(part));
        }
        tracker.enter(Phase::Inspect);
        let job = client.wait_with(job_id, |job| tracker.inspected(&job.progress)).await?;
        let preview = client.call(|| client.api().get_preview().job_id(job_id).send()).await?;
        let version = if policy.admits(&preview) || job.status == JobStatus::Committed {
            tracker.enter(Phase::Commit);
            Some(commit(client, job_id, expected).await?)
        } else {
            None
        };
        let progress = tracker.progress();
        let bytes_sent = progress.bytes_done - progress.bytes_held;
        Ok(Reupload { job, preview, version, bytes_sent, bytes_held: progress.bytes_held, retries: progress.retries })
    }
}
