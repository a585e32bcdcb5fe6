//! Checks whether what signs upload URLs can read objects: on some stores, one unsigned header turns an upload into a copy of
//! another object.

use http::Method;
use http::header::{HeaderName, HeaderValue};

use super::Finding;
use super::site::{BODY, Site, no_response, request};
use crate::clock;
use crate::storage::StorageError;

const NAME: &str = "upload_key";

/// Number of the part that is sent with the header.
const COPIED_PART: u32 = 3;

const COPY_SOURCE: HeaderName = HeaderName::from_static("x-amz-copy-source");

/// Has the key of upload URLs read the object of the trial.
pub(super) async fn check(site: &Site<'_>) -> Finding {
    if !site.has_object {
        return Finding {
            status: super::Status::Skipped,
            ..Finding::ok(NAME, "there is no object that could be read")
        };
    }
    let checked = if site.trial.storage.has_upload_key() {
        check_own_key(site).await
    } else {
        check_copy(site).await
    };
    checked.unwrap_or_else(|error| super::bucket::of_storage(NAME, &error))
}

/// A key of their own must not be able to read.
async fn check_own_key(site: &Site<'_>) -> Result<Finding, StorageError> {
    let storage = site.trial.storage;
    let now = clock::now();
    let credentials = storage.upload_credentials(now).await?;
    let url = storage
        .signer()
        .download(&site.trial.key, site.life(now), &credentials);
    let sent = match request(Method::GET, &url.url, &[]) {
        Ok(request) => site.client.send(request).await,
        Err(reason) => Err(reason),
    };
    Ok(match sent {
        Ok(response) if response.status.is_success() => Finding::failed(
            NAME,
            "the key of --s3-upload-access-key can read objects",
            "leave it no permission but s3:PutObject: any holder of an upload URL may otherwise read other objects on some stores",
        ),
        Ok(response) => Finding::ok(
            NAME,
            format!(
                "the upload key cannot read objects: S3 responds with {}",
                response.text()
            ),
        ),
        Err(reason) => no_response(NAME, reason),
    })
}

/// The server's own key can read, which must not extend to upload URLs.
async fn check_copy(site: &Site<'_>) -> Result<Finding, StorageError> {
    let (trial, advice) = (
        site.trial,
        "create a key with no permission but s3:PutObject, and set --s3-upload-access-key and --s3-upload-secret-key",
    );
    let url = site.part_url(COPIED_PART, site.life(clock::now())).await?;
    let source = HeaderValue::from_str(&trial.storage.copy_source(&trial.key));
    let headers = source.map(|source| [(COPY_SOURCE, source)]);
    let headers = headers.as_ref().map_or(&[][..], |headers| headers);
    let response = match site.put(&url, BODY, headers).await {
        Ok(response) => response,
        Err(reason) => return Ok(no_response(NAME, reason)),
    };
    if !response.status.is_success() {
        let message = format!(
            "upload URLs do not allow reading other objects: S3 refuses the copy with {}",
            response.text()
        );
        return Ok(Finding::ok(NAME, message));
    }
    let id = trial.upload_id.as_deref().unwrap_or_default();
    let parts = trial.storage.list_all_parts(&trial.upload_key, id).await?;
    let etag = |number| {
        let part = parts.iter().find(|part| part.part_number == number);
        part.map(|part| part.etag.as_str())
    };
    let (plain, copied) = (etag(1), etag(COPIED_PART));
    Ok(if copied.is_some() && copied == plain {
        Finding::ok(NAME, "upload URLs do not allow reading other objects")
    } else if copied.is_some() && copied == trial.part_etag.as_deref() {
        let message =
            "any holder of an upload URL can copy every object of the bucket into the upload";
        Finding::failed(NAME, message, advice)
    } else {
        let message = "unknown whether upload URLs allow reading other objects: S3's entity tags differ for the same bytes";
        Finding::warning(NAME, message, advice)
    })
}
