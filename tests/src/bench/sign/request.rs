//! What is signed: the parts of one upload.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use serde::Serialize;

/// Everything that goes into the signatures, as the signers that are programs get it, too.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    pub endpoint: &'static str,
    pub region: &'static str,
    pub bucket: &'static str,
    pub key: &'static str,
    pub upload_id: &'static str,
    pub access_key: &'static str,
    pub secret_key: &'static str,
    /// When the URLs begin to be valid, in seconds since 1970.
    pub time: u64,
    /// For how many seconds they are.
    pub expires: u64,
    /// Bytes of each part.
    pub content_length: u64,
    /// Number of parts.
    pub urls: u32,
}

impl Request {
    /// Of so many parts, the same in every run.
    pub fn new(urls: u32) -> Self {
        Self {
            endpoint: "https://s3.eu-central-1.example.org",
            region: "eu-central-1",
            bucket: "data-bucket",
            key: "datasets/0193f0c2-6f1e-7c3a-9f39-2c1b5a7d4e10/0193f0c3-1a2b-7c3d-8e4f-5a6b7c8d9e0f.parquet",
            upload_id: "VXBsb2FkIElEIGZvciBlbHZpbmcncyBtdWx0aXBhcnQgdXBsb2Fk",
            access_key: "AKIAIOSFODNN7EXAMPLE",
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            time: 1_790_000_000,
            expires: 3_600,
            content_length: 16 * 1024 * 1024,
            urls,
        }
    }

    /// When the URLs begin to be valid.
    pub fn start(&self) -> SystemTime {
        UNIX_EPOCH + self.begins()
    }

    /// The same since 1970.
    pub fn begins(&self) -> Duration {
        Duration::from_secs(self.time)
    }

    /// For how long they are valid.
    pub fn life(&self) -> Duration {
        Duration::from_secs(self.expires)
    }

    /// What they are signed with.
    pub fn credentials(&self) -> Credentials {
        Credentials::from_keys(self.access_key, self.secret_key, None)
    }
}
