//! What is requested.

use std::fmt;
use std::net::SocketAddr;

use anyhow::{Context, Result};
use bytes::Bytes;
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::bench::connection::Connection;
use crate::bench::load::Work;

/// Bytes of the file that is uploaded.
const SMALL: usize = 64 * 1024;

/// Bytes of a file of a thousand parts of 16 MiB.
const LARGE: u64 = 1000 * 16 * 1024 * 1024;

/// What one request, or the requests of a cycle, are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Operation {
    /// URLs of an upload of one part.
    Single,
    /// URLs of an upload of a thousand parts.
    Parts,
    /// A dataset.
    Read,
    /// URLs, a PUT of 64 KiB, and the completion.
    Cycle,
}

impl Operation {
    /// The chosen ones, or all.
    pub fn chosen(chosen: &[Self]) -> Vec<Self> {
        if chosen.is_empty() {
            Self::value_variants().to_vec()
        } else {
            chosen.to_vec()
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Single => "single-part request",
            Self::Parts => "1,000-part request",
            Self::Read => "GET /datasets/{id}",
            Self::Cycle => "request, PUT of 64 KiB, complete",
        })
    }
}

/// The body of a single-part request.
pub fn single_part() -> Value {
    upload_of(SMALL as u64)
}

/// The body of a request for the URLs of a file of so many bytes.
fn upload_of(file_size: u64) -> Value {
    json!({
        "filename": "measurements.bin",
        "content_type": "application/octet-stream",
        "file_size": file_size,
    })
}

/// A client with a connection to the service, and one to S3.
pub struct Client {
    pub operation: Operation,
    pub service: Connection,
    pub s3: Connection,
    /// Path of the dataset.
    pub dataset: String,
    pub content: Bytes,
}

impl Client {
    /// One that has connected.
    ///
    /// # Errors
    /// If a server accepts no connection.
    pub async fn connect(
        operation: Operation,
        (service, token): (SocketAddr, &str),
        s3: SocketAddr,
        dataset: &str,
    ) -> Result<Self> {
        let mut client = Self {
            operation,
            service: Connection::new(service, token),
            s3: Connection::without_token(s3),
            dataset: dataset.to_string(),
            content: Bytes::from(vec![0x5a; SMALL]),
        };
        client.service.open().await?;
        if operation == Operation::Cycle {
            client.s3.open().await?;
        }
        Ok(client)
    }

    async fn request(&mut self, body: &Value) -> Result<Bytes> {
        let path = format!("{}/reupload/presigned", self.dataset);
        self.service.post(&path, body).await
    }

    async fn cycle(&mut self) -> Result<()> {
        let response: Value = serde_json::from_slice(&self.request(&single_part()).await?)?;
        let url = response["urls"][0].as_str().context("no URL")?;
        let job = response["job_id"].as_str().context("no job")?;
        let etag = self.s3.upload(url, self.content.clone()).await?;
        let body = json!({"parts": [{"part_number": 1, "etag": etag}]});
        let path = format!("{}/reupload/presigned/{job}/complete", self.dataset);
        self.service.post(&path, &body).await?;
        Ok(())
    }
}

impl Work for Client {
    async fn once(&mut self) -> Result<()> {
        match self.operation {
            Operation::Single => self.request(&single_part()).await.map(drop),
            Operation::Parts => self.request(&upload_of(LARGE)).await.map(drop),
            Operation::Read => self.service.get(&self.dataset).await.map(drop),
            Operation::Cycle => self.cycle().await,
        }
    }
}
