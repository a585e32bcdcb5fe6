//! Downloading the data of a version straight from S3.
//!
//! From the bottom up: `progress`, `outcome`, `checksum`, `claim` and `target` (file or stream); `compare` (a local file
//! with a version), `object` (URLs of a version), `transfer` (bytes to a writer), `partial` (a file to write to), and
//! `builder`. A module imports only from those before it.

mod builder;
mod checksum;
mod claim;
mod compare;
mod object;
mod outcome;
mod partial;
mod progress;
mod target;
mod transfer;

pub use self::builder::DownloadBuilder;
pub use self::outcome::{DownloadOutcome, Verification};
pub use self::progress::DownloadProgress;
