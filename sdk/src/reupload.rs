//! Replacing the data of a dataset.

mod begin;
mod commit;
mod completion;
mod concurrency;
mod content;
mod earlier;
mod held;
mod memory;
mod notice;
mod plan;
mod progress;
mod read_ahead;
mod request;
mod run;
mod tags;
mod upload;
mod urls;

pub use self::commit::CommitPolicy;
pub use self::notice::{Notice, ResumedFrom};
pub use self::progress::{Phase, Progress};
pub use self::request::{PendingReupload, Resume, Reupload, ReuploadRequest};
