//! Whole objects: putting, reading, deleting.

use std::ops::Range;
use std::sync::Arc;

use s3s::dto::{
    self, DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput,
    DeletedObject, ETagCondition, GetObjectInput, GetObjectOutput, HeadObjectInput,
    HeadObjectOutput, Metadata, PutObjectInput, PutObjectOutput, StreamingBlob,
};
use s3s::{S3Result, s3_error};

use super::terms::{bytes, etag, headers, precondition, receive, timestamp};
use crate::bucket::{Bucket, Headers, Object};
use crate::error::Error;

/// What S3 calls the content of an object that was made without a `Content-Type`.
const DEFAULT_CONTENT_TYPE: &str = "binary/octet-stream";

pub(super) async fn put_object(
    bucket: &Arc<Bucket>,
    input: PutObjectInput,
) -> S3Result<PutObjectOutput> {
    let headers = headers(
        input.content_type,
        input.content_disposition,
        input.metadata,
    );
    let precondition = precondition(input.if_match, input.if_none_match)?;
    bucket.check(&input.key, &precondition)?;
    let body = receive(bucket, input.body, input.content_length, input.content_md5).await?;
    let object = bucket
        .run(move |bucket| bucket.put_object(input.key, headers, body, &precondition))
        .await?;
    Ok(PutObjectOutput {
        e_tag: Some(etag(object.etag())),
        ..Default::default()
    })
}

pub(super) fn get_object(
    bucket: &Arc<Bucket>,
    input: &GetObjectInput,
) -> S3Result<GetObjectOutput> {
    whole_and_current(input.part_number, input.version_id.as_deref())?;
    let object = bucket.object(&input.key)?;
    check_conditions(
        &object,
        input.if_match.as_ref(),
        input.if_none_match.as_ref(),
    )?;
    let Slice {
        range,
        content_range,
    } = Slice::of(&object, input.range)?;
    let (content_type, content_disposition, metadata) = response_headers(object.headers());
    Ok(GetObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        content_disposition,
        content_length: Some(bytes(range.end - range.start)),
        content_range,
        content_type,
        e_tag: Some(etag(object.etag())),
        last_modified: Some(timestamp(object.last_modified())),
        metadata,
        body: Some(StreamingBlob::wrap(object.read(range))),
        ..Default::default()
    })
}

pub(super) fn head_object(
    bucket: &Arc<Bucket>,
    input: &HeadObjectInput,
) -> S3Result<HeadObjectOutput> {
    whole_and_current(input.part_number, input.version_id.as_deref())?;
    let object = bucket.object(&input.key)?;
    check_conditions(
        &object,
        input.if_match.as_ref(),
        input.if_none_match.as_ref(),
    )?;
    let Slice {
        range,
        content_range,
    } = Slice::of(&object, input.range)?;
    let (content_type, content_disposition, metadata) = response_headers(object.headers());
    Ok(HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        content_disposition,
        content_length: Some(bytes(range.end - range.start)),
        content_range,
        content_type,
        e_tag: Some(etag(object.etag())),
        last_modified: Some(timestamp(object.last_modified())),
        metadata,
        ..Default::default()
    })
}

pub(super) async fn delete_object(
    bucket: &Arc<Bucket>,
    input: DeleteObjectInput,
) -> S3Result<DeleteObjectOutput> {
    whole_and_current(None, input.version_id.as_deref())?;
    bucket
        .run(move |bucket| bucket.delete_object(&input.key))
        .await?;
    Ok(DeleteObjectOutput::default())
}

pub(super) async fn delete_objects(
    bucket: &Arc<Bucket>,
    input: DeleteObjectsInput,
) -> S3Result<DeleteObjectsOutput> {
    let quiet = input.delete.quiet.unwrap_or(false);
    let mut deleted = Vec::new();
    for object in input.delete.objects {
        whole_and_current(None, object.version_id.as_deref())?;
        let key = object.key.clone();
        bucket.run(move |bucket| bucket.delete_object(&key)).await?;
        deleted.push(DeletedObject {
            key: Some(object.key),
            ..Default::default()
        });
    }
    Ok(DeleteObjectsOutput {
        deleted: (!quiet).then_some(deleted),
        ..Default::default()
    })
}

/// Refuses to answer for a part or an old version with the whole and current object.
fn whole_and_current(part_number: Option<i32>, version_id: Option<&str>) -> S3Result<()> {
    match (part_number, version_id) {
        (None, None | Some("null")) => Ok(()),
        _ => Err(s3_error!(
            NotImplemented,
            "Reading by part number or version is not supported"
        )),
    }
}

/// `If-Match` and `If-None-Match`, as RFC 9110 has them for reading.
fn check_conditions(
    object: &Object,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> Result<(), Error> {
    let is = |condition: &ETagCondition| {
        condition
            .as_etag()
            .is_none_or(|etag| etag.value() == object.etag())
    };
    if if_match.is_some_and(|condition| !is(condition)) {
        return Err(Error::PreconditionFailed);
    }
    if if_none_match.is_some_and(is) {
        return Err(Error::NotModified);
    }
    Ok(())
}

/// The bytes that a request reads.
struct Slice {
    range: Range<u64>,
    /// The `Content-Range` to say so, where a range was asked for.
    content_range: Option<String>,
}

impl Slice {
    fn of(object: &Object, asked: Option<dto::Range>) -> S3Result<Self> {
        let whole = object.size();
        let Some(asked) = asked else {
            return Ok(Self {
                range: 0..whole,
                content_range: None,
            });
        };
        let range = asked.check(whole)?;
        let last = range
            .end
            .checked_sub(1)
            .ok_or_else(|| s3_error!(InvalidRange))?;
        let content_range = Some(format!("bytes {}-{last}/{whole}", range.start));
        Ok(Self {
            range,
            content_range,
        })
    }
}

fn response_headers(headers: &Headers) -> (Option<String>, Option<String>, Option<Metadata>) {
    let content_type = headers
        .content_type
        .clone()
        .unwrap_or_else(|| DEFAULT_CONTENT_TYPE.to_owned());
    let metadata = headers.metadata.clone().into_iter().collect();
    (
        Some(content_type),
        headers.content_disposition.clone(),
        Some(metadata),
    )
}
