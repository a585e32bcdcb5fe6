//! The upload of a file or of bytes.

use bytes::Bytes;
use restow_sdk::generated::types::Dataset;
use restow_sdk::{Client, Error, Resume, ReuploadBuilder, ReuploadOutcome};
use serde_json::json;

use crate::context::{Context, document};
use crate::dataset;
use crate::failure::Failure;
use crate::operation::{CommitWhen, Content, Push};

/// Uploads, waits for the inspection, and commits as the request says.
///
/// # Errors
/// Those of the SDK, and a `BreakingChange` if the upload was to be committed and was refused.
pub async fn run(
    context: Context<'_>,
    request: &Push,
    data: Option<Content>,
) -> Result<Bytes, Failure> {
    let data = check(request, data)?;
    let client = &context.clients.quick;
    let (dataset, is_created) = find_or_create(client, request).await?;
    let builder = reupload(context, request, &dataset, data);
    let outcome = match builder.send().await {
        Ok(outcome) => outcome,
        Err(error) => {
            if is_created {
                client.delete_unused_dataset(dataset.id).await;
            }
            return Err(error.into());
        }
    };
    let ReuploadOutcome {
        job,
        preview,
        version,
        is_unchanged,
        refused,
        bytes_sent,
        bytes_held,
        retries,
        ..
    } = outcome;
    if version.is_none() && request.commit != CommitWhen::Never {
        return Err(Failure::refused(job.id, refused, &preview));
    }
    document(&json!({
        "dataset": dataset,
        "job": job,
        "preview": preview,
        "version": version,
        "is_unchanged": is_unchanged,
        "bytes_sent": bytes_sent,
        "bytes_held": bytes_held,
        "retries": retries,
    }))
}

/// Refuses content that cannot be uploaded before a dataset is created for it.
fn check(request: &Push, data: Option<Content>) -> Result<Content, Failure> {
    match data {
        Some(Content::Bytes(_)) if request.filename.is_none() => Err(Failure::validation(
            "bytes have no name; pass `filename`, whose extension says what they are",
        )),
        Some(Content::File(path)) => match std::fs::File::open(&path) {
            Ok(_) => Ok(Content::File(path)),
            Err(source) => {
                let name = path.display().to_string();
                Err(Error::Source { name, source }.into())
            }
        },
        Some(data) => Ok(data),
        None => Err(Failure::validation("the content to upload is missing")),
    }
}

async fn find_or_create(client: &Client, request: &Push) -> Result<(Dataset, bool), Error> {
    let name = request.dataset.as_str();
    match client.find_dataset(name).await {
        Err(Error::DatasetNotFound(_)) if request.create => {
            match dataset::create(client, name).await {
                // Another process created it in between.
                Err(error) if error.error_type() == Some("name_taken") => {
                    Ok((client.find_dataset(name).await?, false))
                }
                created => Ok((created?, true)),
            }
        }
        found => Ok((found?, false)),
    }
}

/// The upload as the request says, before it is sent.
fn reupload<'a>(
    context: Context<'a>,
    request: &Push,
    dataset: &Dataset,
    data: Content,
) -> ReuploadBuilder<'a> {
    let reupload = context.clients.transfers.reupload(dataset.id);
    let mut reupload = match data {
        Content::File(path) => reupload.file(path),
        Content::Bytes(bytes) => {
            reupload.bytes(request.filename.clone().unwrap_or_default(), bytes)
        }
    };
    if let Some(filename) = &request.filename {
        reupload = reupload.filename(filename);
    }
    if let Some(content_type) = &request.content_type {
        reupload = reupload.content_type(content_type);
    }
    if let Some(parts) = request.concurrency {
        reupload = reupload.concurrency(parts);
    }
    if let Some(version) = request.replaces {
        reupload = reupload.replaces(Some(version).filter(|version| *version != 0));
    }
    if let Some(options) = &request.read_options {
        reupload = reupload.read_options(options.clone());
    }
    let resume = if request.resume {
        Resume::Automatic
    } else {
        Resume::Never
    };
    reupload
        .commit(request.commit.into())
        .accept(request.accept.iter().copied())
        .force(request.force)
        .resume(resume)
        .cancel_on(context.cancelled.clone())
        .on_progress(|progress| context.reporter.upload(progress))
        .on_event(|event| context.reporter.event(event))
}
