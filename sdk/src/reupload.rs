//! Replacing the data of a dataset.
//!
//! From the bottom up: the values (`plan`, `etag`, `event`, `outcome`, `policy`, `settings`, `concurrency`,
//! `read_ahead`), the parts (`held`, `content`, `urls`, `uploaded_parts`, `journal`, `progress`), the steps (`open`, `job`,
//! `resume`, `begin`, `upload`, `complete`, `inspect`, `commit`, `cleanup`), then `run`, which calls the steps, and `builder`. A module
//! imports only from those before it.

mod begin;
mod builder;
mod cleanup;
mod commit;
mod complete;
mod concurrency;
mod content;
mod etag;
mod event;
mod held;
mod inspect;
mod job;
mod journal;
mod open;
mod outcome;
mod plan;
mod policy;
mod progress;
mod read_ahead;
mod resume;
mod run;
mod settings;
mod upload;
mod uploaded_parts;
mod urls;

pub use self::builder::{ReuploadBuilder, ReuploadSourceBuilder};
pub use self::event::{ResumedFrom, UploadEvent};
pub use self::outcome::ReuploadOutcome;
pub use self::policy::CommitPolicy;
pub use self::progress::{Phase, Progress};
pub use self::settings::Resume;
