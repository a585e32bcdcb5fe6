//! Whole objects: putting, reading, deleting.

use std::ops::Range;
use std::sync::Arc;

use s3s::dto::{
    self, DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput,
    DeletedObject, ETagCondition, GetObjectInput, GetObjectOutput, HeadObjectInput,
    HeadObjectOutput, PutObjectInput, PutObjectOutput, StreamingBlob,
};
use s3s::{S3Result, s3_error};

use super::terms::{bytes, etag, headers, precondition, receive, timestamp};
use crate::bucket::{Bucket, Object};
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
    let Selection {
        object,
        range,
        head,
    } = Selection::new(
        bucket,
        &ReadRequest {
            key: &input.key,
            part_number: input.part_number,
            version_id: input.version_id.as_deref(),
            if_match: input.if_match.as_ref(),
            if_none_match: input.if_none_match.as_ref(),
            range: input.range,
        },
    )?;
    Ok(GetObjectOutput {
        accept_ranges: head.accept_ranges,
        content_disposition: head.content_disposition,
        content_length: head.content_length,
        content_range: head.content_range,
        content_type: head.content_type,
        e_tag: head.e_tag,
        last_modified: head.last_modified,
        metadata: head.metadata,
        body: Some(StreamingBlob::wrap(object.read(range))),
        ..Default::default()
    })
}

pub(super) fn head_object(
    bucket: &Arc<Bucket>,
    input: &HeadObjectInput,
) -> S3Result<HeadObjectOutput> {
    let selection = Selection::new(
        bucket,
        &ReadRequest {
            key: &input.key,
            part_number: input.part_number,
            version_id: input.version_id.as_deref(),
            if_match: input.if_match.as_ref(),
            if_none_match: input.if_none_match.as_ref(),
            range: input.range,
        },
    )?;
    Ok(selection.head)
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

/// Rejects reading a part or an old version, for which the whole current object would be wrong.
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

/// What the requests of `GetObject` and `HeadObject` have in common.
struct ReadRequest<'a> {
    key: &'a str,
    part_number: Option<i32>,
    version_id: Option<&'a str>,
    if_match: Option<&'a ETagCondition>,
    if_none_match: Option<&'a ETagCondition>,
    range: Option<dto::Range>,
}

/// An object and the bytes of it that a request selects.
struct Selection {
    object: Arc<Object>,
    range: Range<u64>,
    /// The response to `HeadObject`, whose fields are also those of the response to `GetObject`.
    head: HeadObjectOutput,
}

impl Selection {
    fn new(bucket: &Bucket, request: &ReadRequest<'_>) -> S3Result<Self> {
        whole_and_current(request.part_number, request.version_id)?;
        let object = bucket.object(request.key)?;
        check_conditions(&object, request.if_match, request.if_none_match)?;
        let (range, content_range) = select(object.size(), request.range)?;
        let headers = object.headers();
        let content_type = headers.content_type.clone();
        let head = HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            content_disposition: headers.content_disposition.clone(),
            content_length: Some(bytes(range.end - range.start)),
            content_range,
            content_type: content_type.or_else(|| Some(DEFAULT_CONTENT_TYPE.to_owned())),
            e_tag: Some(etag(object.etag())),
            last_modified: Some(timestamp(object.last_modified())),
            metadata: Some(headers.metadata.clone().into_iter().collect()),
            ..Default::default()
        };
        Ok(Self {
            object,
            range,
            head,
        })
    }
}

/// The range of bytes that a request selects from an object of `size` bytes, and its `Content-Range`: none for a
/// request without a range.
fn select(size: u64, requested: Option<dto::Range>) -> S3Result<(Range<u64>, Option<String>)> {
    let Some(requested) = requested else {
        return Ok((0..size, None));
    };
    let range = requested.check(size)?;
    let last = range
        .end
        .checked_sub(1)
        .ok_or_else(|| s3_error!(InvalidRange))?;
    let content_range = format!("bytes {}-{last}/{size}", range.start);
    Ok((range, Some(content_range)))
}
