//! What requests and responses hold.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const PART_SIZE: i64 = 16 * 1024 * 1024;
const SINGLE_PART_LIMIT: i64 = 64 * 1024 * 1024;

/// A request for URLs.
#[derive(Deserialize)]
pub struct Request {
    pub filename: String,
    pub file_size: i64,
    #[serde(default = "octets")]
    pub content_type: String,
}

fn octets() -> String {
    "application/octet-stream".to_string()
}

impl Request {
    /// Whether it is within bounds.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.file_size < 1 {
            return Err("file_size must be at least 1");
        }
        if self.filename.is_empty() || self.filename.chars().count() > 512 {
            return Err("filename must have 1 to 512 characters");
        }
        Ok(())
    }

    /// The extension of the filename, with its point.
    pub fn extension(&self) -> String {
        let extension = self.filename.rsplit_once('.').map(|(_, last)| last);
        extension.map_or_else(String::new, |last| format!(".{}", last.to_lowercase()))
    }

    /// The sizes of the parts, and what all but the last have, where there are several.
    pub fn parts(&self) -> (Vec<i64>, Option<i64>) {
        if self.file_size <= SINGLE_PART_LIMIT {
            return (vec![self.file_size], None);
        }
        let starts = (0..self.file_size).step_by(PART_SIZE.unsigned_abs().try_into().unwrap_or(1));
        let sizes = starts.map(|start| PART_SIZE.min(self.file_size - start));
        (sizes.collect(), Some(PART_SIZE))
    }
}

/// The URLs of an upload.
#[derive(Serialize)]
pub struct Presigned {
    pub job_id: Uuid,
    pub urls: Vec<String>,
    pub s3_key: String,
    pub upload_id: Option<String>,
    pub part_size: Option<i64>,
}

/// The parts of an upload, as a client names them.
#[derive(Deserialize)]
pub struct Complete {
    pub parts: Vec<Part>,
}

/// One of them.
#[derive(Deserialize)]
pub struct Part {
    pub etag: String,
    pub part_number: i32,
}

/// An upload that is complete.
#[derive(Serialize)]
pub struct Uploaded {
    pub job_id: Uuid,
    pub status: &'static str,
    pub message: &'static str,
}

/// A dataset.
#[derive(Serialize, sqlx::FromRow)]
pub struct Dataset {
    id: Uuid,
    name: String,
    current_version: Option<i64>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}
