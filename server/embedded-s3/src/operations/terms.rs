//! Conversions between the bucket's types and S3's: times, `ETag`s, sizes, headers,
//! preconditions.

use std::sync::Arc;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use s3s::dto::{ETag, ETagCondition, Metadata, StreamingBlob, Timestamp};
use s3s::{Body, S3Result, s3_error};

use crate::bucket::{Bucket, Digest, Headers, MAX_BODY_SIZE, PageSize, Precondition, ReceivedBody};
use crate::error::Error;

/// The time as s3s has it.
pub(super) fn timestamp(time: DateTime<Utc>) -> Timestamp {
    SystemTime::from(time).into()
}

/// A strong `ETag`, the only kind that S3 makes.
pub(super) fn etag(value: &(impl ToString + ?Sized)) -> ETag {
    ETag::Strong(value.to_string())
}

/// A number of bytes as s3s has it. No object comes near 2^63 bytes.
pub(super) fn bytes(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The requested number of entries of a listing.
pub(super) fn page_size(requested: Option<i32>) -> S3Result<PageSize> {
    PageSize::new(requested)
        .ok_or_else(|| s3_error!(InvalidArgument, "A page size cannot be negative"))
}

/// The headers that an object keeps.
pub(super) fn headers(
    content_type: Option<String>,
    content_disposition: Option<String>,
    metadata: Option<Metadata>,
) -> Headers {
    let metadata = metadata.unwrap_or_default().into_iter().collect();
    Headers {
        content_type,
        content_disposition,
        metadata,
    }
}

/// The precondition of a request that makes an object.
pub(super) fn precondition(
    if_match: Option<ETagCondition>,
    if_none_match: Option<ETagCondition>,
) -> S3Result<Precondition> {
    match (if_match, if_none_match) {
        (None, None) => Ok(Precondition::None),
        (None, Some(ETagCondition::Any)) => Ok(Precondition::Absent),
        (Some(ETagCondition::Any), None) => Ok(Precondition::Present(None)),
        (Some(ETagCondition::ETag(etag)), None) => {
            Ok(Precondition::Present(Some(etag.into_value())))
        }
        (_, Some(_)) => Err(s3_error!(
            NotImplemented,
            "If-None-Match takes a * only, and no If-Match beside it"
        )),
    }
}

/// Receives a request's body, of the length and the `Content-MD5` that it announced.
pub(super) async fn receive(
    bucket: &Arc<Bucket>,
    body: Option<StreamingBlob>,
    content_length: Option<i64>,
    content_md5: Option<String>,
) -> S3Result<ReceivedBody> {
    let length = content_length.and_then(|length| u64::try_from(length).ok());
    let length = length.ok_or_else(|| s3_error!(MissingContentLength))?;
    if length > MAX_BODY_SIZE {
        return Err(Error::EntityTooLarge.into());
    }
    let digest = content_md5
        .as_deref()
        .map(Digest::from_content_md5)
        .transpose()?;
    let body = body.unwrap_or_else(|| Body::empty().into());
    Ok(ReceivedBody::receive(bucket, body, length, digest).await?)
}
