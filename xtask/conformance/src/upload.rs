//! A whole upload: the plan, the parts, and the version that they become.

use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use crate::check::Check;
use crate::finding::Rule;
use crate::session::{Call, Session, url};

/// The operation that is published.
pub const REQUEST: &str = "request_presigned_reupload";

/// How long a job may take from its completion to the end of its inspection.
const JOB_TIMEOUT: Duration = Duration::from_mins(5);
const POLL_INTERVAL: Duration = Duration::from_millis(100);

const HEADER: &str = "number\n";

/// A row, eight bytes long.
const ROW: &str = "1234567\n";

/// An upload that has been planned.
#[derive(Debug)]
pub struct Upload<'a> {
    session: &'a Session,
    dataset_id: String,
    job_id: String,
    urls: Vec<String>,
    part_size: usize,
    content: Bytes,
}

/// A table with this many rows as CSV.
fn table(rows: usize) -> Bytes {
    Bytes::from(HEADER.to_string() + &ROW.repeat(rows))
}

/// Number of rows of a table of at least `size` bytes.
pub fn rows_of(size: u64) -> usize {
    usize::try_from(size.div_ceil(ROW.len() as u64)).unwrap_or(usize::MAX)
}

impl<'a> Upload<'a> {
    /// Requests the URLs of an upload of a table; `None` if the response cannot be used, which has been found.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn request(
        session: &'a Session,
        dataset_id: Uuid,
        rows: usize,
        check: &mut Check,
    ) -> Result<Option<Self>> {
        let (dataset_id, content) = (dataset_id.to_string(), table(rows));
        let body = json!({
            "filename": "numbers.csv", "file_size": content.len(), "content_type": "text/csv",
        });
        let parameters = [("dataset_id", dataset_id.as_str())];
        let call = Call::of(REQUEST, &parameters).with(&body);
        let Some(planned) = session.call(call, 201, check).await? else {
            return Ok(None);
        };
        judge_plan(session, &planned, content.len(), check)?;
        let urls: Vec<String> = serde_json::from_value(planned["urls"].clone()).unwrap_or_default();
        let part_size = planned["part_size"]
            .as_u64()
            .unwrap_or(content.len() as u64);
        let (job_id, part_size) = (planned["job_id"].as_str(), usize::try_from(part_size)?);
        // Otherwise there is nothing to go on with, as the check has found.
        if check.departs() {
            return Ok(None);
        }
        Ok(job_id.map(|job_id| Self {
            session,
            job_id: job_id.to_string(),
            urls,
            part_size,
            content,
            dataset_id: dataset_id.clone(),
        }))
    }

    /// Number of its parts.
    pub fn parts(&self) -> usize {
        self.urls.len()
    }

    /// Sends all parts, and returns their entity tags; `None` if S3 refuses one, which has been found.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn send(&self, check: &mut Check) -> Result<Option<Vec<Value>>> {
        let mut stored = Vec::new();
        for (index, text) in self.urls.iter().enumerate() {
            let place = self
                .session
                .place(REQUEST, 201, &format!("/urls/{index}"))?;
            let Some(url) = url(text, &place, check) else {
                return Ok(None);
            };
            let start = index * self.part_size;
            let end = self.content.len().min(start + self.part_size);
            let answer = self
                .session
                .client
                .put(url, self.content.slice(start..end))
                .await?;
            if answer.status != 200 {
                let body = String::from_utf8_lossy(&answer.body);
                let seen = format!("{} {body}", answer.status);
                check.find(Rule::PartUpload, &place, &"200 to a PUT of the part", &seen);
                return Ok(None);
            }
            let etag = answer
                .headers
                .get("etag")
                .and_then(|value| value.to_str().ok());
            if let Some(etag) = etag {
                stored.push(json!({ "etag": etag, "part_number": index + 1 }));
            }
        }
        Ok(Some(stored))
    }

    /// Completes the upload, commits it, and compares the download with what was sent.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn finish(&self, stored: Vec<Value>, check: &mut Check) -> Result<()> {
        let parameters = [
            ("dataset_id", self.dataset_id.as_str()),
            ("job_id", &self.job_id),
        ];
        // Without the ETags of all parts, those that S3 has are used.
        let parts = if stored.len() == self.parts() {
            stored
        } else {
            Vec::new()
        };
        let body = json!({ "parts": parts });
        let complete = Call::of("complete_presigned_reupload", &parameters).with(&body);
        if self.session.call(complete, 200, check).await?.is_none() || !self.is_ready(check).await?
        {
            return Ok(());
        }
        let job = &parameters[1..];
        let preview = self
            .session
            .call(Call::of("get_preview", job), 200, check)
            .await?;
        let rows = (self.content.len() - HEADER.len()) / ROW.len();
        if let Some(found) = preview.filter(|found| found["row_count"] != rows) {
            let place = self.session.place("get_preview", 200, "/row_count")?;
            check.find(Rule::Content, &place, &rows, &found["row_count"]);
        }
        let commit = json!({});
        let commit = Call::of("commit_job", job).with(&commit);
        if self.session.call(commit, 200, check).await?.is_none() {
            return Ok(());
        }
        self.compare_download(check).await
    }

    /// Waits for the inspection; whether the job can be committed.
    async fn is_ready(&self, check: &mut Check) -> Result<bool> {
        let parameters = [("job_id", self.job_id.as_str())];
        let deadline = Instant::now() + JOB_TIMEOUT;
        loop {
            let call = Call::of("get_job", &parameters);
            let Some(job) = self.session.call(call, 200, check).await? else {
                return Ok(false);
            };
            let is_under_way = ["completing", "inspecting"]
                .map(Value::from)
                .contains(&job["status"]);
            if job["status"] == "ready" {
                return Ok(true);
            }
            if !is_under_way || check.departs() || Instant::now() > deadline {
                let place = self.session.place("get_job", 200, "/status")?;
                let seen = format!("{} {}", job["status"], job["error"]);
                check.find(
                    Rule::JobOutcome,
                    &place,
                    &"ready after the completion",
                    &seen,
                );
                return Ok(false);
            }
            sleep(POLL_INTERVAL).await;
        }
    }

    async fn compare_download(&self, check: &mut Check) -> Result<()> {
        let parameters = [("dataset_id", self.dataset_id.as_str())];
        let call = Call::of("download_dataset", &parameters);
        let Some(download) = self.session.call(call, 200, check).await? else {
            return Ok(());
        };
        let place = self.session.place("download_dataset", 200, "/url")?;
        let text = download["url"].as_str().unwrap_or_default();
        let Some(url) = url(text, &place, check) else {
            return Ok(());
        };
        let answer = self.session.client.get(url).await?;
        if answer.status != 200 || answer.body != self.content {
            let expected = format!(
                "200 with the {} bytes that were uploaded",
                self.content.len()
            );
            let seen = format!(
                "{} with {} bytes, which differ",
                answer.status,
                answer.body.len()
            );
            check.find(Rule::Content, &place, &expected, &seen);
        }
        Ok(())
    }
}

/// One URL and neither part size nor upload id, or several with both, which make up the file.
pub fn judge_plan(
    session: &Session,
    planned: &Value,
    file_size: usize,
    check: &mut Check,
) -> Result<()> {
    let Some(urls) = planned["urls"].as_array().map(Vec::len) else {
        // That it is missing has been found.
        return Ok(());
    };
    let (part_size, upload_id) = (&planned["part_size"], &planned["upload_id"]);
    let is_multipart = part_size.is_u64() && upload_id.is_string();
    let is_consistent = match urls {
        0 => false,
        1 => part_size.is_null() && upload_id.is_null(),
        urls => {
            let parts = part_size
                .as_u64()
                .map(|size| (file_size as u64).div_ceil(size.max(1)));
            is_multipart && parts == Some(urls as u64)
        }
    };
    // A wrong type has been found before.
    let has_types = [
        part_size.is_null() || part_size.is_u64(),
        upload_id.is_null() || upload_id.is_string(),
    ];
    if !is_consistent && has_types == [true; 2] {
        let expected = format!(
            "for {file_size} bytes, one URL with neither part_size nor upload_id, or a URL for each part_size bytes with both"
        );
        let seen = format!("{urls} URLs, part_size {part_size}, upload_id {upload_id}");
        let place = session.place(REQUEST, 201, "/urls")?;
        check.find(Rule::UploadPlan, &place, &expected, &seen);
    }
    Ok(())
}
