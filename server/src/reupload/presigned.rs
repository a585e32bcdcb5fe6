//! The response to a request for URLs: one URL for each part of an upload.

use aws_credential_types::Credentials;
use restow_api::reupload::PresignedUploadResponse;
use uuid::Uuid;

use crate::app::App;
use crate::plan::Plan;
use crate::storage::UrlLife;

/// A reupload whose URLs are to be signed.
pub(super) struct Reupload {
    /// Its job.
    pub job_id: Uuid,
    /// Key of its object.
    pub s3_key: String,
    /// Its parts.
    pub plan: Plan,
    /// Its multipart upload.
    pub upload_id: String,
}

/// Signs the URLs of all parts.
pub(super) fn presigned(
    app: &App,
    reupload: Reupload,
    life: UrlLife,
    credentials: &Credentials,
) -> PresignedUploadResponse {
    let Reupload {
        job_id,
        s3_key,
        plan,
        upload_id,
    } = reupload;
    let signer = app
        .storage
        .signer()
        .upload(&s3_key, &upload_id, life, credentials);
    let parts =
        (1..=plan.part_count()).filter_map(|number| Some((number, plan.part_length(number)?)));
    let urls: Vec<_> = parts
        .map(|(number, length)| signer.part(number, length).url)
        .collect();
    app.metrics.urls.inc_by(urls.len() as u64);
    PresignedUploadResponse {
        job_id,
        urls,
        s3_key,
        upload_id: (!plan.is_single()).then_some(upload_id),
        part_size: (!plan.is_single()).then(|| plan.part_size()),
    }
}
