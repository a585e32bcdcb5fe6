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
//! | replacing the data of a dataset | [`Client::reupload`], [`ReuploadBuilder`], [`CommitPolicy`] |
//! | uploading what is not a file | [`ReuploadSourceBuilder::bytes`], [`ReuploadSourceBuilder::source`], [`Source`] |
//! | following an upload | [`ReuploadBuilder::on_progress`], [`ReuploadBuilder::progress_stream`], [`Progress`] |
//! | going on after an interruption | [`Resume`], [`UploadEvent`], [`CancellationToken`] |
//! | waiting for a job | [`Client::wait`] |
//! | reading a version's data | [`Client::download`] |
//! | finding a dataset by its name | [`Client::find_dataset`] |
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
//! - **Memory** does not grow with the file or its parts: they are read a little ahead of the network.
//! - **Passing faults**: a broken or silent connection, an answer of S3 or the API that asks for patience. The part is
//!   sent again after a delay that grows ([`RetryPolicy`]), and fewer parts go side by side meanwhile.
//! - **URLs that end**: they are renewed in small batches before they expire, and when S3 refuses them.
//! - **Changed bytes**: every part carries its MD5, which S3 checks, and which S3's entity tag is held against where it
//!   is an MD5. A part that the server finds wrong at the end is mended.
//! - **A file that changes** while it is uploaded stops the upload, and the job that was begun for it is cancelled.
//! - **An interruption**, be it a cancelled token, a `kill -9` or a reboot: the same call goes on where it was. The
//!   upload is recorded in [`state_dir`]; what S3 holds is verified and not sent again. On another machine an open
//!   job of the same filename and size is gone on with, if every part that S3 holds of it is proven to be right.
//!
//! ```no_run
//! use restow_sdk::{CancellationToken, Error};
//!
//! # async fn run(client: restow_sdk::Client, dataset_id: uuid::Uuid) -> Result<(), Error> {
//! let token = CancellationToken::new();
//! let upload = client
//!     .reupload(dataset_id)
//!     .file("measurements.parquet")
//!     .cancel_on(token.clone())
//!     .on_event(|notice| eprintln!("{notice}")); // "resuming job …: S3 holds 31 of 64 parts …"
//! match upload.send().await {
//!     Err(Error::Cancelled) => println!("the next call goes on from here"),
//!     outcome => println!("{} bytes were sent", outcome?.bytes_sent),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Errors
//!
//! Everything fails with [`Error`], which keeps apart what callers treat differently:
//!
//! | error | what it means | what to do |
//! |---|---|---|
//! | [`Error::Api`] | the API refused; [`Error::error_type`] is its machine code | act on the code: `not_found`, `version_conflict`, `quota_exceeded` … |
//! | [`Error::UnexpectedResponse`] | somebody else answered: a proxy, an unknown path | look at the endpoint |
//! | [`Error::S3`] | S3 refused a part or a download | look at its code; clocks and permissions are the usual reasons |
//! | [`Error::Transport`], [`Error::Stalled`] | no connection, or a broken one, again and again | call again later: it goes on |
//! | [`Error::SourceChanged`] | the file changed meanwhile | upload it again when nobody writes to it |
//! | [`Error::Source`], [`Error::File`], [`Error::Write`] | something local cannot be read or written | mend it, and call again: it goes on |
//! | [`Error::Corrupted`], [`Error::WrongLength`] | bytes changed on the way | find out what is on the way |
//! | [`Error::JobFailed`] | the server cannot make a version of the content | mend the content |
//! | [`Error::JobEnded`] | somebody cancelled the job, or its deadline passed | call again: it begins anew |
//! | [`Error::VersionConflict`] | the dataset is not at the version that was to be replaced | look at what has come between |
//! | [`Error::ConcurrentUpload`] | somebody uploaded another file of the same name and size at once | upload again |
//! | [`Error::Cancelled`] | the caller's token | call again: it goes on |
//!
//! [`Error::is_transient`] tells whether trying again later makes sense. No error shows a signed URL or the token.
//!
//! The generated types do hold signed URLs, and their `Debug` shows them: do not log
//! [`generated::types::PresignedUploadResponse`], [`generated::types::PartUrl`] and
//! [`generated::types::Download`].

mod client;
mod digest;
mod download;
mod error;
mod error_response;
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

pub use crate::client::{Client, ClientBuilder, OperationResult};
pub use crate::download::{DownloadBuilder, DownloadOutcome, DownloadProgress, Verification};
pub use crate::error::{ApiError, Error, Peer, Result};
pub use crate::record::state_dir;
pub use crate::retry::RetryPolicy;
pub use crate::reupload::{
    CommitPolicy, Phase, Progress, Resume, ResumedFrom, ReuploadBuilder, ReuploadOutcome,
    ReuploadSourceBuilder, UploadEvent,
};
pub use crate::source::Source;
