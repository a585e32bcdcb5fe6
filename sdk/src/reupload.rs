//! Replacing the data of a dataset.

mod begin;
mod builder;
mod commit;
mod complete;
mod concurrency;
mod content;
mod etag;
mod event;
mod journal;
mod plan;
mod progress;
mod read_ahead;
mod resume;
mod run;
mod upload;
mod uploaded_parts;
mod urls;

pub use self::builder::{Resume, ReuploadBuilder, ReuploadOutcome, ReuploadSourceBuilder};
pub use self::commit::CommitPolicy;
pub use self::event::{ResumedFrom, UploadEvent};
pub use self::progress::{Phase, Progress};
