//! Restow's signer, and the response that the URLs go into.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use chrono::DateTime;
use restow_api::reupload::PresignedUploadResponse;
use restow_server::storage::{Addressing, Storage, StorageConfig, UrlLife};
use uuid::Uuid;

use super::request::Request;

/// The server's own storage, of which only the signer is used.
pub struct Restow {
    storage: Storage,
    credentials: Credentials,
}

impl Restow {
    /// Sends nothing.
    pub fn new(request: &Request) -> Result<Self> {
        let credentials = request.credentials();
        let storage = Storage::new(StorageConfig {
            endpoint: Some(request.endpoint.to_string()),
            public_endpoint: None,
            bucket: request.bucket.to_string(),
            region: request.region.to_string(),
            addressing: Addressing::Path,
            prefix: String::new(),
            credentials: SharedCredentialsProvider::new(credentials.clone()),
            upload_credentials: None,
        })
        .map_err(anyhow::Error::msg)?;
        Ok(Self {
            storage,
            credentials,
        })
    }

    /// The URLs of all parts.
    pub fn urls(&self, request: &Request) -> Result<Vec<String>> {
        let life = UrlLife {
            from: DateTime::from_timestamp(i64::try_from(request.time)?, 0).context("the time")?,
            seconds: i64::try_from(request.expires)?,
        };
        let signer =
            self.storage
                .signer()
                .upload(request.key, request.upload_id, life, &self.credentials);
        let numbers = 1..=request.urls;
        Ok(numbers
            .map(|number| signer.part(number, request.content_length).url)
            .collect())
    }

    /// How long all URLs take, with the preparation that they share.
    pub fn time(&self, request: &Request) -> Result<Duration> {
        let begun = Instant::now();
        black_box(self.urls(request)?);
        Ok(begun.elapsed())
    }

    /// How long they take as the JSON of the response to a request.
    pub fn response(&self, request: &Request) -> Result<Duration> {
        let begun = Instant::now();
        let response = PresignedUploadResponse {
            job_id: Uuid::nil(),
            urls: self.urls(request)?,
            s3_key: request.key.to_string(),
            upload_id: Some(request.upload_id.to_string()),
            part_size: Some(request.content_length),
        };
        black_box(serde_json::to_vec(&response)?);
        Ok(begun.elapsed())
    }
}
