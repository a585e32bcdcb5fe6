//! Listings: parts, uploads, objects, a page at a time.

use std::sync::Arc;

use s3s::dto::{
    ListMultipartUploadsInput, ListMultipartUploadsOutput, ListObjectsV2Input, ListObjectsV2Output,
    ListPartsInput, ListPartsOutput, MultipartUpload, Object, Part,
};
use s3s::{S3Result, s3_error};

use super::terms::{bytes, etag, page_size, timestamp};
use crate::bucket::{self, Bucket, ListedUpload, UploadId, UploadMarker};

pub(super) async fn list_parts(
    bucket: &Arc<Bucket>,
    input: ListPartsInput,
) -> S3Result<ListPartsOutput> {
    let id: UploadId = input.upload_id.parse()?;
    let size = page_size(input.max_parts)?;
    let after = u16::try_from(input.part_number_marker.unwrap_or(0))
        .map_err(|_| s3_error!(InvalidArgument, "part-number-marker is no part number"))?;
    let key = input.key.clone();
    let page = bucket
        .run(move |bucket| bucket.list_parts(&key, id, after, size))
        .await?;
    let next = page.next_marker();
    Ok(ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        max_parts: Some(size.into()),
        part_number_marker: Some(after.into()),
        next_part_number_marker: next.map(|part| part.number.get().into()),
        is_truncated: Some(page.truncated),
        parts: Some(page.items.iter().map(part).collect()),
        ..Default::default()
    })
}

fn part(part: &bucket::Part) -> Part {
    Part {
        part_number: Some(part.number.get().into()),
        size: Some(bytes(part.size)),
        e_tag: Some(etag(&part.digest)),
        last_modified: Some(timestamp(part.last_modified)),
        ..Default::default()
    }
}

pub(super) fn list_multipart_uploads(
    bucket: &Arc<Bucket>,
    input: ListMultipartUploadsInput,
) -> S3Result<ListMultipartUploadsOutput> {
    no_delimiter(input.delimiter.as_deref())?;
    let id = input
        .upload_id_marker
        .as_deref()
        .map(str::parse)
        .transpose()?;
    let after = input.key_marker.clone().map(|key| UploadMarker { key, id });
    let size = page_size(input.max_uploads)?;
    let page = bucket.list_uploads(input.prefix.as_deref().unwrap_or_default(), after, size);
    let next = page.next_marker();
    Ok(ListMultipartUploadsOutput {
        bucket: Some(input.bucket),
        prefix: input.prefix,
        key_marker: input.key_marker,
        upload_id_marker: input.upload_id_marker,
        max_uploads: Some(size.into()),
        next_key_marker: next.map(|upload| upload.key.clone()),
        next_upload_id_marker: next.map(|upload| upload.id.to_string()),
        is_truncated: Some(page.truncated),
        uploads: Some(page.items.into_iter().map(upload).collect()),
        ..Default::default()
    })
}

fn upload(upload: ListedUpload) -> MultipartUpload {
    MultipartUpload {
        key: Some(upload.key),
        upload_id: Some(upload.id.to_string()),
        initiated: Some(timestamp(upload.initiated)),
        ..Default::default()
    }
}

pub(super) fn list_objects_v2(
    bucket: &Arc<Bucket>,
    input: ListObjectsV2Input,
) -> S3Result<ListObjectsV2Output> {
    no_delimiter(input.delimiter.as_deref())?;
    let continued = input
        .continuation_token
        .as_deref()
        .map(key_of)
        .transpose()?;
    let after = continued.as_deref().or(input.start_after.as_deref());
    let size = page_size(input.max_keys)?;
    let page = bucket.list_objects(input.prefix.as_deref().unwrap_or_default(), after, size);
    let next = page.next_marker();
    Ok(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: input.prefix,
        start_after: input.start_after,
        continuation_token: input.continuation_token,
        max_keys: Some(size.into()),
        key_count: i32::try_from(page.items.len()).ok(),
        next_continuation_token: next.map(|object| hex::encode(object.key())),
        is_truncated: Some(page.truncated),
        contents: Some(page.items.iter().map(|listed| object(listed)).collect()),
        ..Default::default()
    })
}

fn object(object: &bucket::Object) -> Object {
    Object {
        key: Some(object.key().to_owned()),
        size: Some(bytes(object.size())),
        e_tag: Some(etag(object.etag())),
        last_modified: Some(timestamp(object.last_modified())),
        ..Default::default()
    }
}

/// A continuation token is the last key of the page before, in hexadecimal, so that clients do not
/// take it for one.
fn key_of(continuation_token: &str) -> S3Result<String> {
    let key = hex::decode(continuation_token)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    key.ok_or_else(|| s3_error!(InvalidArgument, "The continuation token is not one of ours"))
}

/// Without folders, a listing with a delimiter would be wrong.
fn no_delimiter(delimiter: Option<&str>) -> S3Result<()> {
    match delimiter {
        None | Some("") => Ok(()),
        Some(_) => Err(s3_error!(
            NotImplemented,
            "Listing by delimiter is not supported"
        )),
    }
}
