//! Objects.

use std::collections::HashMap;

use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Storage;
use super::error::StorageError;
use super::upload::JOB_METADATA;

/// An object as a list of them has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedObject {
    /// Key of the object.
    pub key: String,
    /// Size in bytes, if the store says.
    pub size: Option<u64>,
    /// Time at which it was completed or created, if the store says.
    pub last_modified: Option<DateTime<Utc>>,
}

/// The metadata of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectHead {
    /// Size in bytes.
    pub size: u64,
    /// Entity tag, without quotes.
    pub etag: String,
    /// Job that the object belongs to, by its metadata.
    pub job_id: Option<Uuid>,
}

impl ObjectHead {
    fn of(
        length: Option<i64>,
        etag: Option<String>,
        metadata: Option<&HashMap<String, String>>,
    ) -> Self {
        let job_id = metadata.and_then(|metadata| metadata.get(JOB_METADATA));
        Self {
            size: length
                .and_then(|length| u64::try_from(length).ok())
                .unwrap_or(0),
            etag: etag.unwrap_or_default().trim_matches('"').to_string(),
            job_id: job_id.and_then(|id| id.parse().ok()),
        }
    }

    /// Whether it is the object of this job, put together from parts of `size` bytes in all.
    pub fn is_of(&self, job_id: Uuid, size: u64) -> bool {
        self.job_id == Some(job_id) && self.size == size
    }
}

impl Storage {
    /// The object of a key, if there is one.
    pub async fn head(&self, key: &str) -> Result<Option<ObjectHead>, StorageError> {
        match self
            .instruments
            .observe(
                "HeadObject",
                self.client
                    .head_object()
                    .bucket(&self.bucket)
                    .key(key)
                    .send(),
            )
            .await
        {
            Ok(head) => {
                let metadata = head.metadata.as_ref();
                Ok(Some(ObjectHead::of(
                    head.content_length,
                    head.e_tag,
                    metadata,
                )))
            }
            Err(error) if is_not_found(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The object of a key and its content, if there is one and it has `size` bytes. The content of an object of another
    /// size is not read, and empty.
    pub async fn fetch(
        &self,
        key: &str,
        size: u64,
    ) -> Result<Option<(ObjectHead, Bytes)>, StorageError> {
        let got = match self
            .instruments
            .observe(
                "GetObject",
                self.client
                    .get_object()
                    .bucket(&self.bucket)
                    .key(key)
                    .send(),
            )
            .await
        {
            Ok(got) => got,
            Err(error) if is_not_found(&error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let head = ObjectHead::of(got.content_length, got.e_tag, got.metadata.as_ref());
        if head.size != size {
            return Ok(Some((head, Bytes::new())));
        }
        let content = got.body.collect().await.map_err(|_| connection_failed())?;
        let content = content.into_bytes();
        if content.len() as u64 == size {
            Ok(Some((head, content)))
        } else {
            Err(connection_failed())
        }
    }

    /// The bytes of an object from an offset on: `length` of them, or all to the end.
    pub async fn read(
        &self,
        key: &str,
        offset: u64,
        length: Option<u64>,
    ) -> Result<ByteStream, StorageError> {
        let range = match length {
            Some(length) => format!("bytes={offset}-{}", offset + length - 1),
            None => format!("bytes={offset}-"),
        };
        Ok(self
            .instruments
            .observe(
                "GetObject",
                self.client
                    .get_object()
                    .bucket(&self.bucket)
                    .key(key)
                    .range(range)
                    .send(),
            )
            .await?
            .body)
    }

    /// Removes an object; one that does not exist is no error.
    pub async fn delete(&self, key: &str) -> Result<(), StorageError> {
        match self
            .instruments
            .observe(
                "DeleteObject",
                self.client
                    .delete_object()
                    .bucket(&self.bucket)
                    .key(key)
                    .send(),
            )
            .await
            .map_err(StorageError::from)
        {
            Ok(_) => Ok(()),
            Err(StorageError::Refused { code }) if code == "NoSuchKey" || code == "404" => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Writes a small text, unless there is an object at the key already.
    ///
    /// Not every store knows the condition, so the object has to be read back.
    pub async fn write_once(&self, key: &str, text: &str) -> Result<(), StorageError> {
        let body = ByteStream::from(text.as_bytes().to_vec());
        let written = self
            .instruments
            .observe(
                "PutObject",
                self.client
                    .put_object()
                    .bucket(&self.bucket)
                    .key(key)
                    .if_none_match("*")
                    .body(body)
                    .send(),
            )
            .await;
        match written.map_err(StorageError::from) {
            Ok(_) => Ok(()),
            Err(StorageError::Refused { code })
                if code == "PreconditionFailed" || code == "412" =>
            {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Writes a small text, in the place of any object at the key.
    pub async fn write_text(&self, key: &str, text: &str) -> Result<(), StorageError> {
        let body = ByteStream::from(text.as_bytes().to_vec());
        self.instruments
            .observe(
                "PutObject",
                self.client
                    .put_object()
                    .bucket(&self.bucket)
                    .key(key)
                    .body(body)
                    .send(),
            )
            .await?;
        Ok(())
    }

    /// The text of a small object, if there is one.
    pub async fn read_text(&self, key: &str) -> Result<Option<String>, StorageError> {
        let body = match self.read(key, 0, None).await {
            Ok(body) => body.collect().await,
            // NoSuchBucket is 404, too, and says nothing of the key.
            Err(StorageError::Refused { code }) if code == "NoSuchKey" || code == "404" => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let bytes = body.map_err(|_| connection_failed())?.into_bytes();
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// A page of the objects whose keys begin with `prefix`, and the token of the next page, if there is one.
    pub async fn objects_page(
        &self,
        prefix: &str,
        token: Option<String>,
    ) -> Result<(Vec<ListedObject>, Option<String>), StorageError> {
        let listed = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(prefix)
            .set_continuation_token(token);
        let listed = self
            .instruments
            .observe("ListObjectsV2", listed.send())
            .await?;
        let objects = listed
            .contents
            .unwrap_or_default()
            .into_iter()
            .filter_map(listed_object)
            .collect();
        Ok((
            objects,
            listed
                .next_continuation_token
                .filter(|_| listed.is_truncated.unwrap_or(false)),
        ))
    }
}

fn is_not_found<E>(error: &SdkError<E, HttpResponse>) -> bool {
    error
        .raw_response()
        .is_some_and(|response| response.status().as_u16() == 404)
}

fn connection_failed() -> StorageError {
    StorageError::Unavailable("the connection failed while an object was read".to_string())
}

fn listed_object(object: aws_sdk_s3::types::Object) -> Option<ListedObject> {
    Some(ListedObject {
        key: object.key?,
        size: object.size.and_then(|size| u64::try_from(size).ok()),
        last_modified: object
            .last_modified
            .and_then(|time| DateTime::from_timestamp(time.secs(), time.subsec_nanos())),
    })
}
