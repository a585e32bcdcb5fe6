//! Restow's signer, and the response that the URLs go into.

use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use chrono::DateTime;
use restow_server::storage::{Addressing, Storage, StorageConfig, UploadSigner, UrlLife};

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
            is_embedded: false,
        })
        .map_err(anyhow::Error::msg)?;
        Ok(Self {
            storage,
            credentials,
        })
    }

    /// The URLs of all parts.
    pub fn urls(&self, request: &Request) -> Result<Vec<String>> {
        let signer = self.signer(request)?;
        let numbers = 1..=request.urls;
        Ok(numbers
            .map(|number| signer.part(number, request.content_length).url)
            .collect())
    }

    fn signer(&self, request: &Request) -> Result<UploadSigner<'_>> {
        let life = UrlLife {
            from: DateTime::from_timestamp(i64::try_from(request.time)?, 0).context("the time")?,
            seconds: i64::try_from(request.expires)?,
        };
        let signer = self.storage.signer();
        Ok(signer.upload(request.key, request.upload_id, life, &self.credentials))
    }

    /// How long all URLs take, with the preparation that they share.
    pub fn time(&self, request: &Request) -> Result<Duration> {
        let begun = Instant::now();
        black_box(self.urls(request)?);
        Ok(begun.elapsed())
    }

    /// How long they take as the JSON of the response to a request, written as the server writes it.
    pub fn response(&self, request: &Request) -> Result<Duration> {
        let begun = Instant::now();
        let signer = self.signer(request)?;
        let urls = (signer.url_length(request.urls) + 3) * request.urls as usize;
        let mut body = Vec::with_capacity(urls + 1024);
        body.extend_from_slice(b"{\"urls\":[");
        for number in 1..=request.urls {
            body.extend_from_slice(if number == 1 { b"\"" } else { b",\"" });
            signer.part_into(&mut body, number, request.content_length);
            body.push(b'"');
        }
        write!(body, "],\"s3_key\":\"{}\"}}", request.key)?;
        black_box(body);
        Ok(begun.elapsed())
    }
}
