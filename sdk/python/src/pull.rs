//! The download of a version.

use bytes::Bytes;
use restow_sdk::{DownloadBuilder, Verification};
use serde_json::json;

use crate::context::{Context, document};
use crate::dataset::find_version;
use crate::failure::Failure;
use crate::operation::{Content, Pull};

/// Downloads to a file.
///
/// # Errors
/// Those of the SDK.
pub async fn into_file(
    context: Context<'_>,
    request: &Pull,
    data: Option<Content>,
) -> Result<Bytes, Failure> {
    let Some(Content::File(path)) = data else {
        return Err(Failure::validation("the path to download to is missing"));
    };
    let version = find_version(&context.clients.quick, &request.dataset, request.version).await?;
    let outcome = download(context, request, version.dataset_id, version.version)
        .replace(request.replace)
        .to_path(path)
        .await?;
    document(&json!({
        "version": version,
        "bytes_held": outcome.bytes_held,
        "is_verified": outcome.verification == Verification::Md5,
    }))
}

/// Downloads into memory.
///
/// # Errors
/// Those of the SDK.
pub async fn into_memory(context: Context<'_>, request: &Pull) -> Result<Bytes, Failure> {
    let version = find_version(&context.clients.quick, &request.dataset, request.version).await?;
    let mut bytes = Vec::new();
    download(context, request, version.dataset_id, version.version)
        .to_writer(&mut bytes)
        .await?;
    Ok(bytes.into())
}

/// The download of one version: a commit in between cannot mix two.
fn download<'a>(
    context: Context<'a>,
    request: &Pull,
    dataset_id: uuid::Uuid,
    version: i64,
) -> DownloadBuilder<'a> {
    context
        .clients
        .transfers
        .download(dataset_id)
        .version(version)
        .verify(request.verify)
        .on_progress(|progress| context.reporter.download(progress))
        .cancel_on(context.cancelled.clone())
}
