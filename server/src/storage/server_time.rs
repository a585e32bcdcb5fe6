//! The time of S3's clock.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use chrono::{DateTime, Utc};

use super::Storage;
use super::error::StorageError;
use crate::clock;

/// Keeps the `Date` header of a response.
#[derive(Clone, Debug, Default)]
struct DateHeader(Arc<Mutex<Option<String>>>);

impl Intercept for DateHeader {
    fn name(&self) -> &'static str {
        "DateHeader"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date").map(str::to_string);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date;
        Ok(())
    }
}

impl Storage {
    /// Whether the bucket responds, and S3's own time, to the second, if it reports it.
    ///
    /// # Errors
    /// The error with S3's own code, where it has one.
    pub async fn server_time(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        match self.head_bucket().await {
            // The response to HEAD has no body, and so no code.
            Err(StorageError::Refused { code }) => Err(self.code_of_refusal(code).await),
            head => head,
        }
    }

    /// The refusal of a request whose response has a body, in the place of one with a bare status.
    async fn code_of_refusal(&self, status: String) -> StorageError {
        let listed = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(&self.prefix)
            .max_keys(1);
        let listed = self.instruments.observe("ListObjectsV2", listed.send());
        match listed.await.map_err(StorageError::from) {
            Err(error @ StorageError::Refused { .. }) => error,
            _ => StorageError::Refused { code: status },
        }
    }

    async fn head_bucket(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let header = DateHeader::default();
        self.instruments
            .observe(
                "HeadBucket",
                self.client
                    .head_bucket()
                    .bucket(&self.bucket)
                    .customize()
                    .interceptor(header.clone())
                    .send(),
            )
            .await?;
        let date = header
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        Ok(date
            .and_then(|date| DateTime::parse_from_rfc2822(&date).ok())
            .map(|date| clock::of_dependency(date.to_utc())))
    }
}
