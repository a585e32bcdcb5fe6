//! The SDK against a fake API and S3 with faults on demand.

mod download;
mod errors;
mod etags;
mod events;
mod fake;
mod idempotency;
mod inspection;
mod job;
mod reupload;
mod server;
mod source;
mod wait;
