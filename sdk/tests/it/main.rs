//! The SDK against an API and an S3 that do what a test tells them.

mod download;
mod errors;
mod etags;
mod fake;
mod job;
mod reupload;
mod server;
mod source;
mod wait;
