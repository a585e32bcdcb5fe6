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
    pub async fn server_time(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let header = DateHeader::default();
        self.client
            .head_bucket()
            .bucket(&self.bucket)
            .customize()
            .interceptor(header.clone())
            .send()
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
