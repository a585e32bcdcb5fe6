//! Client of [Restow](https://github.com/restow/restow): replace the data of a dataset by uploading straight
//! to S3.
//!
//! The server never carries the bytes. It signs URLs, this crate sends the parts of a file to them, the
//! server has S3 put the parts together and inspects the object, and a commit makes it the dataset's next
//! version. [`Client::reupload`] does all of that:
//!
//! ```no_run
//! use restow_sdk::{Client, CommitPolicy, Error};
//!
//! # async fn run(dataset_id: uuid::Uuid) -> Result<(), Error> {
//! let client = Client::new("https://restow.example", "the token")?;
//! let reupload = client
//!     .reupload(dataset_id)
//!     .file("measurements.parquet")
//!     .commit(CommitPolicy::IfCompatible)
//!     .on_progress(|progress| println!("{} of {} bytes", progress.bytes_done, progress.bytes_total))
//!     .send()
//!     .await?;
//! match reupload.version {
//!     Some(version) => println!("version {} has {:?} rows", version.version, version.row_count),
//!     None => println!("not committed: {:?}", reupload.preview.schema_diff),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is here
//!
//! | for | see |
//! |---|---|
//! | replacing the data of a dataset | [`Client::reupload`], [`FileReupload`], [`CommitPolicy`] |
//! | following an upload | [`Progress`], [`FileReupload::on_progress`] |
//! | waiting for a job | [`Client::wait`] |
//! | reading a version's data | [`Client::download`] |
//! | any operation of the API | [`Client::api`], [`generated`] |
//! | timeouts and retries | [`Client::builder`], [`RetryPolicy`] |
//!
//! An operation of the API is one method of [`Client::api`]:
//!
//! ```no_run
//! # async fn run(client: restow_sdk::Client) -> Result<(), restow_sdk::Error> {
//! let datasets = client.api().list_datasets().name("measurements").send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What an upload withstands
//!
//! Memory does not grow with the file or its parts. A part is sent again after a broken connection, a
//! stalled one, or an answer of S3 or the API that asks for patience; a URL is renewed before it expires and
//! when S3 refuses it; a part that the server finds wrong at the end is mended. Every part carries its
//! MD5, which S3 checks. A file that changes while it is uploaded stops the upload.
//!
//! # Errors
//!
//! Everything fails with [`Error`], which keeps apart what callers treat differently: a refusal of the API
//! with its machine codes ([`Error::Api`], [`Error::error_type`]), an answer that is none of the API's
//! ([`Error::Foreign`]), a refusal of S3 ([`Error::S3`]), a connection that broke ([`Error::Transport`]), and
//! content that the server cannot make a version of ([`Error::JobFailed`]). [`Error::is_transient`] tells
//! whether trying again later makes sense. No error shows a signed URL or the token.
//!
//! The generated types do hold signed URLs, and their `Debug` shows them: do not log
//! [`generated::types::PresignedUploadResponse`], [`generated::types::PartUrl`] and
//! [`generated::types::Download`].

mod answer;
#[cfg(feature = "cli")]
pub mod cli;
mod client;
mod digest;
mod download;
mod error;
#[rustfmt::skip]
#[allow(missing_docs, clippy::all, clippy::pedantic, rustdoc::all, reason = "what progenitor writes")]
pub mod generated;
mod rate;
mod record;
mod retry;
mod reupload;
mod s3;
mod source;
mod wait;

pub use tokio_util::sync::CancellationToken;

pub use crate::client::{Client, ClientBuilder};
pub use crate::download::{DownloadProgress, DownloadRequest, Downloaded, Verification};
pub use crate::error::{ApiError, Error, Peer, Result};
pub use crate::record::state_dir;
pub use crate::retry::RetryPolicy;
pub use crate::reupload::{
    CommitPolicy, Notice, PendingReupload, Phase, Progress, Resume, ResumedFrom, Reupload, ReuploadRequest,
};
pub use crate::source::Source;
