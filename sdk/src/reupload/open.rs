//! Opening what a reupload needs: the content, the request that describes it, and the journal.

use std::io;
use std::path::PathBuf;

use mime_guess::from_path as guess;
use tokio::task::spawn_blocking;

use super::content::Content;
use super::event::{EventEmitter, UploadEvent};
use super::held::Held;
use super::journal::{Journal, RecordKey};
use super::settings::{Input, MAX_UNRECORDED_SIZE, Resume, Settings};
use crate::error::{Error, Result};
use crate::generated::types::PresignedUploadRequest;
use crate::record::RecordError;
use crate::source::{FileState, LocalFile};

/// The content of a reupload, ready to be uploaded.
pub(super) struct Opened {
    pub content: Content,
    pub request: PresignedUploadRequest,
    /// `None` where the upload is not recorded.
    pub journal: Option<Journal>,
    /// Whether to search the server for an earlier upload of the same content.
    pub may_search: bool,
}

/// Opens the content and the journal. A journal that cannot be used is reported as an event.
pub(super) async fn open(
    settings: &Settings<'_>,
    input: Input,
    events: &EventEmitter<'_>,
) -> Result<Opened> {
    let (content, file) = open_content(input).await?;
    let request = presigned_upload_request(settings, &content)?;
    let mut may_search = settings.resume == Resume::Automatic;
    let journal = open_journal(settings, file, &request).unwrap_or_else(|error| {
        events.emit(&UploadEvent::RecordUnavailable {
            reason: error.to_string(),
        });
        // A search would find the job that the other process is uploading to.
        may_search &= !matches!(error, RecordError::InUse);
        None
    });
    Ok(Opened {
        content,
        request,
        journal,
        may_search,
    })
}

/// Opens the content; for a file also its path and current state.
async fn open_content(input: Input) -> Result<(Content, Option<(PathBuf, FileState)>)> {
    let path = match input {
        Input::Source(source) => return Ok((Content::new(source), None)),
        Input::File(path) => path,
    };
    let name = path.display().to_string();
    let opened = spawn_blocking({
        let path = path.clone();
        move || -> io::Result<_> {
            let file = LocalFile::open(&path)?;
            let held = Held::read(&file)?;
            Ok((file, held))
        }
    });
    let opened = opened
        .await
        .unwrap_or_else(|panic| Err(io::Error::other(panic)));
    let (file, held) = opened.map_err(|source| Error::Source { name, source })?;
    let state = file.state();
    Ok((Content::of_file(file, held), Some((path, state))))
}

fn presigned_upload_request(
    settings: &Settings<'_>,
    content: &Content,
) -> Result<PresignedUploadRequest> {
    let filename = settings.filename.clone();
    let guessed = || guess(&filename).first_or_octet_stream().to_string();
    let content_type = settings.content_type.clone().unwrap_or_else(guessed);
    let invalid = |member| move |error| Error::InvalidRequest(format!("{member}: {error}"));
    Ok(PresignedUploadRequest {
        filename: filename.try_into().map_err(invalid("filename"))?,
        content_type: content_type.try_into().map_err(invalid("content_type"))?,
        file_size: content.size().try_into().map_err(|_| content.empty())?,
    })
}

/// The journal of the upload; `None` where it is not to be recorded.
fn open_journal(
    settings: &Settings<'_>,
    file: Option<(PathBuf, FileState)>,
    request: &PresignedUploadRequest,
) -> Result<Option<Journal>, RecordError> {
    let Some((path, state)) = file.filter(|(_, state)| state.size > MAX_UNRECORDED_SIZE) else {
        return Ok(None);
    };
    if settings.resume == Resume::Never {
        return Ok(None);
    }
    let key = RecordKey::new(&path, settings.dataset_id, state, request.clone());
    let directory = settings
        .state_dir
        .as_deref()
        .ok_or(RecordError::NoHomeDirectory)?;
    Journal::open(directory, settings.client.endpoint(), key).map(Some)
}
