//! Requests one after another over one connection, and their times.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result};
use bytes::Bytes;
use hyper::Method;
use serde_json::{Value, json};

use super::site::Site;
use crate::bench::connection::Connection;

/// Milliseconds of what was measured, by its name.
pub type Times = BTreeMap<String, Vec<f64>>;

/// A file that an inspection reads.
const CONTENT: &str = "id,name,price\n1,north,2.5\n2,south,3.5\n";

/// A client of the principal that owns everything.
pub struct Session {
    /// Rows of the database.
    pub rows: u64,
    service: Connection,
    /// For what the owner of all datasets may not do.
    administrator: Connection,
    s3: Connection,
    pub times: Times,
}

/// An upload that has been requested.
pub struct Upload {
    pub dataset: String,
    pub job: String,
    url: String,
}

impl Session {
    /// One that has not yet connected.
    pub fn new(site: &Site<'_>) -> Self {
        Self {
            rows: site.rows,
            service: site.connect(),
            administrator: site.connect_administrator(),
            s3: Connection::without_token(site.s3_address()),
            times: Times::new(),
        }
    }

    /// Opens the connections where they are not open, and has the server test one of its own to the database, which it does
    /// where that was idle: no request that counts takes the time of it.
    pub async fn open(&mut self) -> Result<()> {
        self.s3.open().await?;
        self.service.get("/api/datasets").await?;
        self.administrator.get("/api/tokens").await?;
        Ok(())
    }

    /// Requests an operation, whose time counts.
    pub async fn timed(
        &mut self,
        operation: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value> {
        let request = (operation, method, path, body);
        timed(&mut self.service, &mut self.times, request).await
    }

    /// Reads something that only an administrator may read, whose time counts.
    pub async fn get_as_administrator(&mut self, operation: &str, path: &str) -> Result<Value> {
        let request = (operation, Method::GET, path, None);
        timed(&mut self.administrator, &mut self.times, request).await
    }

    /// Reads something, whose time counts.
    pub async fn get(&mut self, operation: &str, path: &str) -> Result<Value> {
        self.timed(operation, Method::GET, path, None).await
    }

    /// Posts something, whose time counts.
    pub async fn post(&mut self, operation: &str, path: &str, body: &Value) -> Result<Value> {
        self.timed(operation, Method::POST, path, Some(body)).await
    }

    /// Requests the URLs of an upload to a dataset; the time counts if it is one of several parts.
    pub async fn request(&mut self, dataset: &str, has_parts: bool) -> Result<Upload> {
        let path = format!("/api/datasets/{dataset}/reupload/presigned");
        let size = if has_parts { 100 << 20 } else { CONTENT.len() };
        let body = json!({"filename": "rows.csv", "content_type": "text/csv", "file_size": size});
        let response = if has_parts {
            self.post("request_presigned_reupload", &path, &body)
                .await?
        } else {
            serde_json::from_slice(&self.service.post(&path, &body).await?)?
        };
        let text = |value: &Value| value.as_str().map(str::to_string);
        Ok(Upload {
            dataset: dataset.to_string(),
            job: text(&response["job_id"]).context("no job")?,
            url: text(&response["urls"][0]).context("no URL")?,
        })
    }

    /// Uploads the only part, and completes the upload, whose time counts.
    pub async fn complete(&mut self, upload: &Upload) -> Result<()> {
        let etag = self.s3.upload(&upload.url, Bytes::from(CONTENT)).await?;
        let Upload { dataset, job, .. } = upload;
        let path = format!("/api/datasets/{dataset}/reupload/presigned/{job}/complete");
        let body = json!({"parts": [{"part_number": 1, "etag": etag}]});
        self.post("complete_presigned_reupload", &path, &body)
            .await?;
        Ok(())
    }

    /// The state of a job, whose time does not count.
    pub async fn status(&mut self, job: &str) -> Result<String> {
        let job = self.service.get(&format!("/api/jobs/{job}")).await?;
        let job: Value = serde_json::from_slice(&job)?;
        Ok(job["status"].as_str().unwrap_or_default().to_string())
    }
}

/// Sends a request of an operation, and adds its time to those of the operation.
async fn timed(
    connection: &mut Connection,
    times: &mut Times,
    (operation, method, path, body): (&str, Method, &str, Option<&Value>),
) -> Result<Value> {
    let text = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
    let json = body.map(|_| "application/json");
    let begun = Instant::now();
    let answered = connection.send(method, path, json, text).await;
    let time = begun.elapsed().as_secs_f64() * 1000.0;
    let (_, body) = answered.with_context(|| operation.to_string())?;
    times.entry(operation.to_string()).or_default().push(time);
    if body.is_empty() {
        return Ok(Value::Null);
    }
    Ok(serde_json::from_slice(&body)?)
}
