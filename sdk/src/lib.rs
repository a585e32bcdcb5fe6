//! Client of [Restow](https://github.com/restow/restow): replace the data of a dataset by uploading straight
//! to S3.
//!
//! The bytes never pass through the server. It signs URLs, this crate sends the parts of a file to them, the server has
//! S3 assemble the object and inspects it, and a commit makes it the next version of the dataset.
//! [`Client::reupload`] runs all of these steps:
//!
//! ```no_run
//! use restow_sdk::{Client, CommitPolicy, Error};
//!
//! # async fn run(dataset_id: uuid::Uuid) -> Result<(), Error> {
//! let client = Client::new("https://restow.example", "the token")?;
//! let outcome = client
//!     .reupload(dataset_id)
//!     .file("measurements.parquet")
//!     .commit(CommitPolicy::IfCompatible)
//!     .on_progress(|progress| println!("{} of {} bytes", progress.bytes_done, progress.bytes_total))
//!     .send()
//!     .await?;
//! match outcome.version {
//!     Some(version) => println!("version {} has {:?} rows", version.version, version.row_count),
//!     None => println!("not committed: {:?}", outcome.preview.schema_diff),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Overview
//!
//! | task | see |
//! |---|---|
//! | replace the data of a dataset | [`Client::reupload`], [`ReuploadBuilder`], [`CommitPolicy`], [`ReuploadOutcome`] |
//! | upload something else than a file | [`ReuploadSourceBuilder::bytes`], [`ReuploadSourceBuilder::source`], [`Source`] |
//! | show the progress of an upload | [`ReuploadBuilder::on_progress`], [`ReuploadBuilder::progress_stream`], [`Progress`] |
//! | resume after an interruption | [`Resume`], [`UploadEvent`], [`CancellationToken`] |
//! | state how a file is to be read | [`ReuploadBuilder::read_options`] |
//! | accept changes that break readers | [`ReuploadBuilder::accept`], [`CommitPolicy`] |
//! | wait for a job | [`Client::wait`] |
//! | see what happens to a dataset or a job | [`Client::dataset_events`], [`Client::job_events`], [`EventStream`], [`EventType`] |
//! | download the data of a version | [`Client::download`], [`DownloadBuilder`], [`DownloadOutcome`] |
//! | find a dataset by its name | [`Client::find_dataset`] |
//! | call any operation of the API | [`Client::api`], [`Client::call`], [`generated`] |
//! | exchange the token of a CI job, which needs no other | [`Client::anonymous`] |
//! | set timeouts and retries | [`Client::builder`], [`RetryPolicy`] |
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
//! # Fault tolerance
//!
//! - **Memory** does not grow with the size of the file or its parts: they are read slightly ahead of the network.
//! - **Transient errors**: after a broken or stalled connection or a response such as 503, a part is sent again after a
//!   growing delay ([`RetryPolicy`]), and fewer parts are sent in parallel.
//! - **Lost responses**: an operation that creates something is sent with an `Idempotency-Key`, the same for each attempt
//!   of a call. A retry creates nothing again.
//! - **Expiring URLs** are renewed in small batches before they expire, and when S3 refuses them.
//! - **Corruption**: S3 checks the MD5 of every part, and the `ETag` is compared with it where it is an MD5. A part that
//!   the server reports as wrong at completion is sent again.
//! - **A file that changes** during the upload stops it, and its job is cancelled.
//! - **Interruption**: after a cancelled token, a `kill -9` or a reboot, the same call resumes the upload. The upload is
//!   recorded in [`state_dir`]; the parts that S3 holds are verified and not sent again. On another machine, an open job
//!   of the same filename and size is resumed if the MD5 of every part that S3 holds matches the file.
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
//!     .on_event(|event| eprintln!("{event}")); // "resuming job …: S3 holds 31 of 64 parts …"
//! match upload.send().await {
//!     Err(Error::Cancelled) => println!("the next call resumes the upload"),
//!     outcome => println!("{} bytes were sent", outcome?.bytes_sent),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Errors
//!
//! Every method fails with [`Error`]:
//!
//! | error | cause | what to do |
//! |---|---|---|
//! | [`Error::Api`] | the API refused the request; [`Error::error_type`] is its machine code | handle the code: `not_found`, `version_conflict`, `quota_exceeded` … |
//! | [`Error::UnexpectedResponse`] | an error response that is not the API's: a proxy, an unknown path | check the endpoint |
//! | [`Error::S3`] | S3 refused a part or a download | check its code; clocks and permissions are the usual causes |
//! | [`Error::Transport`], [`Error::Stalled`], [`Error::NoResponse`] | no connection, or a broken or silent one, also after the last retry | call again later to resume |
//! | [`Error::Certificate`] | the certificate of the API or of S3 is not accepted | trust its authority by [`ca_file`](ClientBuilder::ca_file) or `SSL_CERT_FILE` |
//! | [`Error::Proxy`] | a proxy of the environment is down, refuses, or demands a password | correct the variable that the error names, or exclude the host by `NO_PROXY` |
//! | [`Error::CaFile`], [`Error::InvalidProxy`], [`Error::Setup`] | a setting of the network is wrong | correct what the error names |
//! | [`Error::SourceChanged`] | the file changed during the upload | upload it again when it is no longer written to |
//! | [`Error::Source`], [`Error::File`], [`Error::Write`] | a local file cannot be read or written | fix it, and call again to resume |
//! | [`Error::Corrupted`], [`Error::WrongLength`] | the data was changed between the client and S3 | check for a proxy that changes data |
//! | [`Error::JobRejected`] | the content cannot be read as it stands | inspect it again with other [`read_options`](ReuploadBuilder::read_options), without uploading it, or fix it |
//! | [`Error::BreakingChange`] | the policy of the dataset refuses changes of the file | [`accept`](ReuploadBuilder::accept) their kinds, or fix the file |
//! | [`Error::JobFailed`] | the object is lost, or its inspection crashed | upload it again |
//! | [`Error::JobEnded`] | the job was cancelled or expired | call again to start a new job |
//! | [`Error::VersionConflict`] | the dataset has another version than the one to be replaced | compare with the current version |
//! | [`Error::ConcurrentUpload`] | another process uploaded a different file of the same name and size to the same job | upload again |
//! | [`Error::Cancelled`] | the caller cancelled the token | call again to resume |
//!
//! [`Error::is_transient`] returns whether the same call may succeed later. No error shows a signed URL or the token.
//!
//! The generated types contain signed URLs, and their `Debug` shows them: do not log
//! [`generated::types::PresignedUploadResponse`], [`generated::types::PartUrl`] and
//! [`generated::types::Download`].

mod change;
mod client;
mod delay;
mod digest;
mod download;
mod error;
mod error_response;
mod events;
#[rustfmt::skip]
#[allow(missing_docs, clippy::all, clippy::pedantic, rustdoc::all, reason = "generated by progenitor")]
pub mod generated;
mod idempotency;
mod network;
mod rate;
mod record;
mod request_log;
mod retry;
mod reupload;
mod s3;
mod source;
mod transport;
mod unused_dataset;
mod wait;
mod wake;

pub use tokio_util::sync::CancellationToken;

pub use crate::client::{Client, ClientBuilder, OperationResult};
pub use crate::delay::CallDelay;
pub use crate::download::{DownloadBuilder, DownloadOutcome, DownloadProgress, Verification};
pub use crate::error::{ApiError, CertificateProblem, Error, Peer, Proxy, ProxyProblem, Result};
pub use crate::events::{EventStream, EventType};
pub use crate::network::Network;
pub use crate::record::state_dir;
pub use crate::request_log::REQUEST_TARGET;
pub use crate::retry::RetryPolicy;
pub use crate::reupload::{
    CommitPolicy, Phase, Progress, Resume, ResumedFrom, ReuploadBuilder, ReuploadOutcome,
    ReuploadSourceBuilder, UploadEvent,
};
pub use crate::source::Source;
