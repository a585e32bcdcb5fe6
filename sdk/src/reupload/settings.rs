//! Settings of one reupload, as the caller gave them.

use std::path::PathBuf;

use uuid::Uuid;

use super::policy::{CommitPolicy, ExpectedVersion};
use crate::client::Client;
use crate::generated::types::{Acceptance, ReadOptions};
use crate::source::Source;

/// Default of the maximum number of parallel part uploads.
pub(super) const DEFAULT_CONCURRENCY: usize = 8;

/// Largest file, in bytes, that is neither recorded nor searched for on the server: S3 accepts no smaller parts
/// before the last, so there is nothing to resume.
pub(super) const MAX_UNRECORDED_SIZE: u64 = 5 * 1024 * 1024;

/// The content to upload.
pub(super) enum Input {
    File(PathBuf),
    Source(Box<dyn Source>),
}

/// Whether a reupload resumes an earlier, interrupted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Resume {
    /// The upload of a file is recorded, and the next upload of the same, unchanged file to the same dataset resumes
    /// it. Without a record, as on another machine, an open job of the dataset with the same filename, size and
    /// content type is resumed if the MD5 of every part that S3 holds matches the file. Files of at most 5 MiB, S3's
    /// minimum part size, are always uploaded from the start.
    #[default]
    Automatic,
    /// Every upload starts from the beginning, and nothing is recorded.
    Never,
}

/// Where and how to upload.
pub(super) struct Settings<'a> {
    pub client: &'a Client,
    pub dataset_id: Uuid,
    pub filename: String,
    /// `None` to guess it from the filename.
    pub content_type: Option<String>,
    /// Maximum number of parallel part uploads.
    pub concurrency: usize,
    pub commit: CommitPolicy,
    /// How to read the content; `None` as the dataset's current version was read.
    pub read_options: Option<ReadOptions>,
    /// What the commit accepts.
    pub accept: Vec<Acceptance>,
    /// Whether the same bytes become a new version.
    pub force: bool,
    pub expected: ExpectedVersion,
    pub resume: Resume,
    /// Directory of the records; `None` if the user has no home directory.
    pub state_dir: Option<PathBuf>,
}
