//! A small upload to a temporary dataset, in the same way as any other upload.

use std::time::{Duration, SystemTime};

use anyhow::Result;
use md5::{Digest, Md5};
use reqwest::header::{HeaderMap, HeaderValue, ORIGIN};
use tokio::time::timeout;
use uuid::Uuid;

use super::cors::{self, Page};
use super::finding::{Finding, Findings, Status};
use super::put_part::{PutResponse, origin, put_part};
use super::{clock, copy, route};
use crate::network_hint::network_hint;
use crate::report;
use restow_sdk::generated::types::{Dataset, PresignedUploadResponse};
use restow_sdk::{Client, Error, Network};

/// The content that is uploaded first, and the one that is sent where S3 could store a copy of the first instead.
/// Both have the same length.
const CONTENTS: [&str; 2] = ["restow,doctor\n1,2\n", "restow,doctor\n3,4\n"];

const FILENAME: &str = "restow-doctor.csv";
const MEDIA_TYPE: &str = "text/csv";

/// Timeout of completing and inspecting the upload.
const JOB_TIMEOUT: Duration = Duration::from_mins(1);

/// A temporary dataset, and the clients to upload to it.
pub struct TestUpload {
    client: Client,
    http: reqwest::Client,
    network: Network,
    dataset: Dataset,
}

impl TestUpload {
    /// Creates the dataset. `None` if that fails, which is then a finding.
    pub async fn create(
        client: Client,
        http: reqwest::Client,
        network: Network,
        findings: &mut Findings,
    ) -> Result<Option<Self>> {
        let name = format!("restow-doctor-{}", Uuid::new_v4());
        match crate::dataset::create(&client, &name).await {
            Ok(dataset) => Ok(Some(Self {
                client,
                http,
                network,
                dataset,
            })),
            Err(error) => {
                findings.add(Finding::of_error("upload", &error.into()))?;
                Ok(None)
            }
        }
    }

    /// Runs every check that needs an upload.
    pub async fn check(&self, origin: Option<&HeaderValue>, findings: &mut Findings) -> Result<()> {
        let page = Page {
            origin: origin.unwrap_or(&cors::DEFAULT_ORIGIN),
            is_explicit: origin.is_some(),
        };
        let Some(first) = self.request_urls(findings).await? else {
            return Ok(());
        };
        let Some(url) = first.urls.first() else {
            return Ok(());
        };
        findings.add(route::finding("s3_proxy", &self.network, url))?;
        if !self.upload(url, page, findings).await? {
            return Ok(());
        }
        findings.add(cors::preflight(&self.http, url, page).await)?;
        if self.complete_and_inspect(first.job_id, findings).await? {
            self.check_copy(&first.s3_key, findings).await?;
        }
        Ok(())
    }

    /// Deletes the dataset with everything in it.
    pub async fn delete(&self, findings: &mut Findings) -> Result<()> {
        let api = self.client.api();
        let deleted = self
            .client
            .call(|| api.delete_dataset().dataset_id(self.dataset.id).send())
            .await;
        let Err(error) = deleted else { return Ok(()) };
        let name = &self.dataset.name;
        findings.add(Finding::warning(
            "cleanup",
            format!("failed to delete the dataset {name}: {error}"),
            format!("delete it with `restow dataset delete {name} --yes`"),
        ))
    }

    /// Requests a URL for one of the contents.
    async fn request_urls(
        &self,
        findings: &mut Findings,
    ) -> Result<Option<PresignedUploadResponse>> {
        let length = CONTENTS[0].len() as u64;
        let request = self
            .client
            .api()
            .request_presigned_reupload()
            .dataset_id(self.dataset.id);
        let request = request.body_map(|body| {
            body.filename(FILENAME)
                .content_type(MEDIA_TYPE)
                .file_size(length)
        });
        let finding = match request.send().await.map_err(Error::from) {
            Ok(response) => return Ok(Some(response.into_inner())),
            Err(error) if error.error_type() == Some("extension_not_allowed") => Finding::info(
                "upload",
                "uploads were not checked: the server does not accept .csv files",
                "to check them, add csv to --allowed-extensions of the server",
            ),
            Err(error) => Finding::of_error("upload", &error.into()),
        };
        findings.add(finding)?;
        Ok(None)
    }

    /// Sends the first content to S3. Returns whether S3 accepted it.
    async fn upload(&self, url: &str, page: Page<'_>, findings: &mut Findings) -> Result<bool> {
        let started = SystemTime::now();
        let headers = HeaderMap::from_iter([(ORIGIN, page.origin.clone())]);
        let response = match self.put(url, CONTENTS[0], headers).await {
            Ok(response) => response,
            Err(error) => {
                findings.add(unreachable(url, &error.into()))?;
                return Ok(false);
            }
        };
        findings.add(uploaded(url, &response))?;
        findings.add(clock::compare("s3_clock", "S3", &response.headers, started))?;
        if response.status.is_success() {
            findings.add(page.check_etag(&response.headers))?;
        }
        Ok(response.status.is_success())
    }

    async fn put(
        &self,
        url: &str,
        content: &'static str,
        headers: HeaderMap,
    ) -> Result<PutResponse, Error> {
        put_part(&self.http, url, content, MEDIA_TYPE, headers).await
    }

    /// Completes the upload and waits for its inspection. Returns whether both succeeded.
    async fn complete_and_inspect(&self, job_id: Uuid, findings: &mut Findings) -> Result<bool> {
        let finding = match timeout(JOB_TIMEOUT, self.complete(job_id)).await {
            Ok(Ok(())) => Finding::ok("job", "the upload was completed and inspected"),
            Ok(Err(error)) => Finding::of_error("job", &error.into()),
            Err(_) => Finding::failed(
                "job",
                format!(
                    "the upload was not inspected within {} s",
                    JOB_TIMEOUT.as_secs()
                ),
                "check that a worker is running: a server with --no-worker needs `restow-server worker` beside it",
            ),
        };
        let succeeded = finding.status == Status::Ok;
        findings.add(finding)?;
        Ok(succeeded)
    }

    async fn complete(&self, job_id: Uuid) -> Result<(), Error> {
        let complete = || {
            let request = self
                .client
                .api()
                .complete_presigned_reupload()
                .dataset_id(self.dataset.id)
                .job_id(job_id);
            request.body_map(|body| body.parts(vec![])).send()
        };
        self.client.call(complete).await?;
        self.client.wait(job_id).await.map(drop)
    }

    /// Tries to copy the object with `key` through a URL of another upload.
    async fn check_copy(&self, key: &str, findings: &mut Findings) -> Result<()> {
        let Some(second) = self.request_urls(findings).await? else {
            return Ok(());
        };
        let url = second.urls.first().map(String::as_str).unwrap_or_default();
        let source = copy::source(url, &second.s3_key, key)
            .and_then(|source| HeaderValue::from_str(&source).ok());
        let Some(source) = source else {
            return findings.add(Finding::info(
                "copy",
                "not checked: the signed URL does not contain the bucket's name",
                "no action needed",
            ));
        };
        let headers = HeaderMap::from_iter([(copy::HEADER, source)]);
        let response = match self.put(url, CONTENTS[1], headers).await {
            Ok(response) => response,
            Err(error) => {
                let message = format!("not checked: {}", report::message(&error.into()));
                return findings.add(Finding::info("copy", message, "run `restow doctor` again"));
            }
        };
        let api = self.client.api();
        let parts = self
            .client
            .call(|| api.list_parts().job_id(second.job_id).send())
            .await?;
        let [source_md5, body_md5] = CONTENTS.map(|content| hex::encode(Md5::digest(content)));
        let result = copy::CopyAttempt {
            status: response.status,
            part_etag: parts.items.first().map(|part| part.etag.as_str()),
            body_md5: &body_md5,
            source_md5: &source_md5,
        };
        findings.add(result.finding())
    }
}

fn unreachable(url: &str, error: &anyhow::Error) -> Finding {
    let origin = origin(url);
    let message = format!(
        "S3 at {origin} cannot be reached: {}",
        report::message(error)
    );
    let is_of_network = error.downcast_ref().and_then(network_hint);
    let advice = is_of_network.unwrap_or_else(|| {
        "the signed URLs must lead to S3 from here: check --s3-public-endpoint of the server"
            .to_string()
    });
    Finding::failed("upload", message, advice)
}

fn uploaded(url: &str, response: &PutResponse) -> Finding {
    let origin = origin(url);
    if response.status.is_success() {
        return Finding::ok("upload", format!("S3 at {origin} accepts uploads"));
    }
    let message = format!(
        "S3 at {origin} refuses uploads with {} {}",
        response.status, response.code
    );
    Finding::failed(
        "upload",
        message.trim_end(),
        "check that the server's S3 credentials allow PutObject",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_differ_but_have_equal_length() {
        assert_eq!(CONTENTS[0].len(), CONTENTS[1].len());
        assert_ne!(CONTENTS[0], CONTENTS[1]);
    }
}
