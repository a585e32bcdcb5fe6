//! The response to a request for URLs: one URL for each part of an upload.

use std::io::Write;

use aws_credential_types::Credentials;
use restow_api::Rendered;
use restow_api::reupload::PresignedUploadResponse;
use uuid::Uuid;

use crate::app::App;
use crate::plan::Plan;
use crate::storage::{UploadSigner, UrlLife};

/// Bytes of a response beside its URLs, its key and the id of its upload, at most.
const FRAME_LENGTH: usize = 160;

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
    reupload: &Reupload,
    life: UrlLife,
    credentials: &Credentials,
) -> Rendered<PresignedUploadResponse> {
    let (key, upload_id) = (&reupload.s3_key, &reupload.upload_id);
    let signer = app
        .storage
        .signer()
        .upload(key, upload_id, life, credentials);
    app.metrics.urls.inc_by(reupload.plan.part_count().into());
    Rendered::new(render(reupload, &signer))
}

/// The response as JSON: each URL is signed straight into it.
fn render(reupload: &Reupload, signer: &UploadSigner<'_>) -> Vec<u8> {
    let plan = &reupload.plan;
    let parts = plan.part_count();
    let key = json(&reupload.s3_key);
    let (upload_id, part_size) = if plan.is_single() {
        ("null".to_string(), "null".to_string())
    } else {
        (json(&reupload.upload_id), plan.part_size().to_string())
    };
    // The last URL is the longest, and each has two quotes and a comma.
    let urls = (signer.url_length(parts) + 3) * parts as usize;
    let mut body = Vec::with_capacity(FRAME_LENGTH + key.len() + upload_id.len() + urls);
    append(
        &mut body,
        format_args!("{{\"job_id\":\"{}\",\"urls\":[", reupload.job_id),
    );
    for number in 1..=parts {
        let Some(length) = plan.part_length(number) else {
            break;
        };
        // URLs need no escapes: they are percent-encoded, and the endpoint has no character that would.
        body.extend_from_slice(if number == 1 { b"\"" } else { b",\"" });
        signer.part_into(&mut body, number, length);
        body.push(b'"');
    }
    append(
        &mut body,
        format_args!("],\"s3_key\":{key},\"upload_id\":{upload_id},\"part_size\":{part_size}}}"),
    );
    body
}

fn append(body: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    body.write_fmt(text).expect("memory can be written");
}

/// A text as JSON.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use anyhow::Result;
    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::plan::PlanLimits;
    use crate::storage::{Addressing, Endpoint, Signer};

    const MIB: u64 = 1 << 20;

    #[test]
    fn response_is_what_serde_writes() -> Result<()> {
        let credentials =
            Credentials::new("AKIAEXAMPLE", "secret", Some("to/ken".into()), None, "test");
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default();
        let life = UrlLife::new(
            now,
            TimeDelta::hours(1),
            now + TimeDelta::days(1),
            &credentials,
        )?;
        let endpoint = Endpoint::new(
            Some("http://127.0.0.1:9000"),
            "eu-central-1",
            "data",
            Addressing::Path,
        )
        .map_err(anyhow::Error::msg)?;
        let signer = Signer::new(endpoint, "eu-central-1");
        for (file_size, parts) in [(1, 1), (64 * MIB, 1), (64 * MIB + 1, 5), (1_600 * MIB, 100)] {
            let reupload = Reupload {
                job_id: Uuid::now_v7(),
                s3_key: "a \"key\"/rows.csv".to_string(),
                plan: Plan::new(file_size, &PlanLimits::default())?,
                upload_id: "2~a\\b".to_string(),
            };
            let upload = signer.upload(&reupload.s3_key, &reupload.upload_id, life, &credentials);
            let body = render(&reupload, &upload);
            let response: PresignedUploadResponse = serde_json::from_slice(&body)?;
            let urls: Vec<_> = (1..=parts)
                .filter_map(|number| {
                    Some(upload.part(number, reupload.plan.part_length(number)?).url)
                })
                .collect();
            assert_eq!(urls.len(), parts as usize);
            assert_eq!(response.urls, urls);
            assert_eq!(response.s3_key, reupload.s3_key);
            assert_eq!(response.upload_id.is_some(), parts > 1);
            assert_eq!(
                String::from_utf8(body.clone())?,
                serde_json::to_string(&response)?
            );
            assert!(
                body.capacity() < body.len() + FRAME_LENGTH + 3 * urls.len(),
                "memory is wasted"
            );
        }
        Ok(())
    }
}
