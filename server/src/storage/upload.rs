//! Multipart uploads.

use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{Config, StalledStreamProtectionConfig};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use chrono::{DateTime, Utc};
use restow_api::part::Part;
use uuid::Uuid;

use super::Storage;
use super::error::StorageError;
use super::timeouts::{COMPLETE_TIMEOUT, CONNECT_TIMEOUT};

/// Metadata of an object that names the job it belongs to: `x-amz-meta-restow-job`.
pub(super) const JOB_METADATA: &str = "restow-job";

/// Most parts that `ListParts` returns in one page, by S3's definition.
const LIST_PARTS_PAGE: i32 = 1_000;

/// A part that S3 holds. Some stores list every copy of a part that was put again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPart {
    /// Number of the part, from 1.
    pub part_number: u32,
    /// Size in bytes.
    pub size: u64,
    /// Entity tag, without quotes.
    pub etag: String,
    /// Time at which S3 received it.
    pub last_modified: Option<DateTime<Utc>>,
}

impl From<ListedPart> for Part {
    fn from(part: ListedPart) -> Self {
        let ListedPart {
            part_number,
            size,
            etag,
            last_modified,
        } = part;
        Self {
            part_number,
            size,
            etag,
            last_modified,
        }
    }
}

impl Storage {
    /// Creates the multipart upload of a job's object.
    pub async fn create_upload(
        &self,
        key: &str,
        job_id: Uuid,
        content_type: &str,
        content_disposition: &str,
    ) -> Result<String, StorageError> {
        let created = self
            .instruments
            .observe(
                "CreateMultipartUpload",
                self.client
                    .create_multipart_upload()
                    .bucket(&self.bucket)
                    .key(key)
                    .content_type(content_type)
                    .content_disposition(content_disposition)
                    .metadata(JOB_METADATA, job_id.to_string())
                    .send(),
            )
            .await?;
        created
            .upload_id
            .filter(|id| !id.is_empty())
            .ok_or_else(|| {
                StorageError::Unavailable("S3 created an upload without an id".to_string())
            })
    }

    /// Stores a small part with the server's own credentials, and returns its entity tag, without quotes.
    pub async fn put_part(
        &self,
        key: &str,
        upload_id: &str,
        part_number: u32,
        content: &'static [u8],
    ) -> Result<String, StorageError> {
        let put = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload_id)
            .part_number(part_number.cast_signed())
            .body(ByteStream::from_static(content))
            .send()
            .await
            .map_err(|error| upload_is_gone(error.into()))?;
        Ok(put.e_tag.unwrap_or_default().trim_matches('"').to_string())
    }

    /// The parts behind the number `after` that S3 holds, at most `limit` of them and at most 1,000, by number;
    /// and whether there are more.
    pub async fn list_parts(
        &self,
        key: &str,
        upload_id: &str,
        after: u32,
        limit: i32,
    ) -> Result<(Vec<ListedPart>, bool), StorageError> {
        let listed = self
            .instruments
            .observe(
                "ListParts",
                self.client
                    .list_parts()
                    .bucket(&self.bucket)
                    .key(key)
                    .upload_id(upload_id)
                    .part_number_marker(after.to_string())
                    .max_parts(limit.min(LIST_PARTS_PAGE))
                    .send(),
            )
            .await
            .map_err(|error| upload_is_gone(error.into()))?;
        let more = listed.is_truncated.unwrap_or(false);
        let mut parts: Vec<_> = listed
            .parts
            .unwrap_or_default()
            .into_iter()
            .filter_map(listed_part)
            .collect();
        parts.sort_by_key(|part| part.part_number);
        Ok((parts, more))
    }

    /// All parts that S3 holds, by number.
    pub async fn list_all_parts(
        &self,
        key: &str,
        upload_id: &str,
    ) -> Result<Vec<ListedPart>, StorageError> {
        let mut all: Vec<ListedPart> = Vec::new();
        loop {
            let after = all.last().map_or(0, |part| part.part_number);
            let (page, more) = self
                .list_parts(key, upload_id, after, LIST_PARTS_PAGE)
                .await?;
            let progressed = page.last().is_some_and(|part| part.part_number > after);
            all.extend(page);
            if !more {
                return Ok(all);
            }
            if !progressed {
                return Err(StorageError::Unavailable(
                    "the list of parts does not end".to_string(),
                ));
            }
        }
    }

    /// Has S3 put the parts together, each given by its number and entity tag. Only a look at the object tells
    /// for certain what came of it.
    pub async fn complete_upload(
        &self,
        key: &str,
        upload_id: &str,
        parts: impl IntoIterator<Item = (u32, String)>,
    ) -> Result<(), StorageError> {
        let parts = parts.into_iter().map(|(number, etag)| {
            CompletedPart::builder()
                .part_number(number.cast_signed())
                .e_tag(format!("\"{etag}\""))
                .build()
        });
        let upload = CompletedMultipartUpload::builder()
            .set_parts(Some(parts.collect()))
            .build();
        self.instruments
            .observe(
                "CompleteMultipartUpload",
                self.client
                    .complete_multipart_upload()
                    .bucket(&self.bucket)
                    .key(key)
                    .upload_id(upload_id)
                    .multipart_upload(upload)
                    .customize()
                    .config_override(completion_config())
                    .send(),
            )
            .await
            .map_err(|error| upload_is_gone(error.into()))?;
        Ok(())
    }

    /// Removes an upload and its parts; one that does not exist is no error.
    pub async fn abort_upload(&self, key: &str, upload_id: &str) -> Result<(), StorageError> {
        let aborted = self
            .client
            .abort_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload_id)
            .send();
        let aborted = self.instruments.observe("AbortMultipartUpload", aborted);
        match aborted.await.map_err(|error| upload_is_gone(error.into())) {
            Ok(_) | Err(StorageError::NoSuchUpload) => Ok(()),
            Err(error) => {
                self.instruments.failed_aborts.inc();
                Err(error)
            }
        }
    }
}

/// A completion is slow by nature: S3 may send nothing but whitespace for minutes, and a second request while
/// the first one runs does harm.
fn completion_config() -> aws_sdk_s3::config::Builder {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(COMPLETE_TIMEOUT)
        .operation_timeout(COMPLETE_TIMEOUT)
        .read_timeout(COMPLETE_TIMEOUT)
        .build();
    Config::builder()
        .retry_config(RetryConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(timeouts)
}

/// An upload that is gone shows as `NoSuchUpload`, as `NoSuchKey` (Ceph), or as a bare 404.
fn upload_is_gone(error: StorageError) -> StorageError {
    match error {
        StorageError::Refused { code } if code == "NoSuchKey" || code == "404" => {
            StorageError::NoSuchUpload
        }
        other => other,
    }
}

fn listed_part(part: aws_sdk_s3::types::Part) -> Option<ListedPart> {
    Some(ListedPart {
        part_number: u32::try_from(part.part_number?).ok()?,
        size: u64::try_from(part.size?).ok()?,
        etag: part.e_tag?.trim_matches('"').to_string(),
        last_modified: part
            .last_modified
            .and_then(|time| DateTime::from_timestamp(time.secs(), time.subsec_nanos())),
    })
}
