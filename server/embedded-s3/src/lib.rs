//! An S3 endpoint inside the process, so that Restow can be tried without an S3 server.
//!
//! [`EmbeddedS3`] serves one bucket over plain HTTP on a port of its own. The AWS SDKs, other S3
//! clients and presigned URLs reach it as they reach any S3: every request must carry a valid
//! Signature Version 4, in its headers or in its URL. Requests are path-style
//! (`http://host:port/bucket/key`).
//!
//! It implements the operations that multipart uploads, signed downloads and cleaning up need,
//! and returns `NotImplemented` for everything else. ACLs, tags, encryption, storage classes and
//! `x-amz-checksum-*` headers are accepted and ignored; `Content-MD5` is checked.
//!
//! From the outside in:
//!
//! - [`EmbeddedS3`] accepts connections and shuts down (`server`),
//! - `endpoint` handles one request: CORS and request ids around the S3 protocol, which the `s3s`
//!   crate implements,
//! - `access` authorises requests,
//! - `operations` translates between S3's requests and the bucket,
//! - `bucket` keeps uploads and objects on the local disk, and is the only module that accesses it.

mod access;
mod bucket;
mod config;
mod cors;
mod endpoint;
mod error;
mod operations;
mod request_body;
mod server;

pub use config::{Config, Credentials};
pub use server::EmbeddedS3;
