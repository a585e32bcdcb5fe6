//! The life of a multipart upload.

use std::sync::Arc;

use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CompletedMultipartUpload, CreateMultipartUploadInput,
    CreateMultipartUploadOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3Result, s3_error};

use super::terms::{etag, headers, precondition, receive};
use crate::bucket::{Bucket, ListedPart, PartNumber, UploadId};

pub(super) async fn create_multipart_upload(
    bucket: &Arc<Bucket>,
    input: CreateMultipartUploadInput,
) -> S3Result<CreateMultipartUploadOutput> {
    let headers = headers(
        input.content_type,
        input.content_disposition,
        input.metadata,
    );
    let key = input.key.clone();
    let id = bucket
        .run(move |bucket| bucket.create_upload(key, headers))
        .await?;
    Ok(CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(id.to_string()),
        ..Default::default()
    })
}

pub(super) async fn upload_part(
    bucket: &Arc<Bucket>,
    input: UploadPartInput,
) -> S3Result<UploadPartOutput> {
    let number = PartNumber::try_from(input.part_number)?;
    let id: UploadId = input.upload_id.parse()?;
    // Looked up before the body is read, and again once it is there: it may be over by then.
    bucket.check_upload(&input.key, id)?;
    let body = receive(bucket, input.body, input.content_length, input.content_md5).await?;
    let digest = bucket
        .run(move |bucket| bucket.upload_part(&input.key, id, number, body))
        .await?;
    Ok(UploadPartOutput {
        e_tag: Some(etag(&digest)),
        ..Default::default()
    })
}

pub(super) async fn complete_multipart_upload(
    bucket: &Arc<Bucket>,
    input: CompleteMultipartUploadInput,
) -> S3Result<CompleteMultipartUploadOutput> {
    let id: UploadId = input.upload_id.parse()?;
    let listed = listed_parts(input.multipart_upload)?;
    let precondition = precondition(input.if_match, input.if_none_match)?;
    let key = input.key.clone();
    let object = bucket
        .run(move |bucket| bucket.complete_upload(&key, id, &listed, &precondition))
        .await?;
    Ok(CompleteMultipartUploadOutput {
        location: Some(format!("/{}/{}", input.bucket, input.key)),
        bucket: Some(input.bucket),
        key: Some(input.key),
        e_tag: Some(etag(object.etag())),
        ..Default::default()
    })
}

pub(super) async fn abort_multipart_upload(
    bucket: &Arc<Bucket>,
    input: AbortMultipartUploadInput,
) -> S3Result<AbortMultipartUploadOutput> {
    let id: UploadId = input.upload_id.parse()?;
    bucket
        .run(move |bucket| bucket.abort_upload(&input.key, id))
        .await?;
    Ok(AbortMultipartUploadOutput::default())
}

fn listed_parts(upload: Option<CompletedMultipartUpload>) -> S3Result<Vec<ListedPart>> {
    let parts = upload
        .and_then(|upload| upload.parts)
        .filter(|parts| !parts.is_empty());
    let parts = parts.ok_or_else(|| s3_error!(MalformedXML, "At least one part must be listed"))?;
    let listed = parts.into_iter().map(|part| {
        let (Some(number), Some(etag)) = (part.part_number, part.e_tag) else {
            return Err(s3_error!(
                MalformedXML,
                "Every part must have a PartNumber and an ETag"
            ));
        };
        Ok(ListedPart {
            number: PartNumber::try_from(number)?,
            etag: etag.into_value(),
        })
    });
    listed.collect()
}
