//! A dataset for trials: a few bytes go to S3 as those of any upload do.

use std::time::{Duration, SystemTime};

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, ORIGIN};
use reqwest::{StatusCode, Url};
use tokio::time::timeout;
use uuid::Uuid;

use super::cors::{self, Asker};
use super::finding::{Finding, Findings};
use super::{clock, copy, http};
use restow_sdk::generated::types::{Dataset, PresignedUploadResponse};
use restow_sdk::{Client, Error};

/// What is uploaded first, and what is sent where it could be replaced by a copy of that; of the same length.
const CONTENTS: [&str; 2] = ["restow,doctor\n1,2\n", "restow,doctor\n3,4\n"];

const FILENAME: &str = "restow-doctor.csv";
const MEDIA_TYPE: &str = "text/csv";

/// How long the server's part of the job may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A dataset that is there for a while.
pub struct Trial {
    client: Client,
    http: reqwest::Client,
    dataset: Dataset,
}

/// What S3 answered to a part.
struct Stored {
    status: StatusCode,
    headers: HeaderMap,
    /// S3's code, where it refused.
    code: String,
}

impl Trial {
    /// Makes the dataset. `None` if that does not work.
    pub async fn begin(
        client: Client,
        http: reqwest::Client,
        findings: &mut Findings,
    ) -> Result<Option<Self>> {
        let name = format!("restow-doctor-{}", Uuid::new_v4());
        match crate::dataset::create(&client, &name).await {
            Ok(dataset) => Ok(Some(Self {
                client,
                http,
                dataset,
            })),
            Err(error) => {
                findings.add(Finding::of_error("upload", &error.into()))?;
                Ok(None)
            }
        }
    }

    /// Runs every check that needs an upload.
    pub async fn examine(
        &self,
        origin: Option<&HeaderValue>,
        findings: &mut Findings,
    ) -> Result<()> {
        let asker = Asker {
            origin: origin.unwrap_or(&cors::ANY),
            named: origin.is_some(),
        };
        let Some(first) = self.request(findings).await? else {
            return Ok(());
        };
        let Some(url) = first.urls.first() else {
            return Ok(());
        };
        if !self.upload(url, asker, findings).await? {
            return Ok(());
        }
        findings.add(cors::preflight(&self.http, url, asker).await)?;
        if self.ingest(first.job_id, findings).await? {
            self.try_to_copy(&first.s3_key, findings).await?;
        }
        Ok(())
    }

    /// Removes the dataset with everything in it.
    pub async fn end(&self, findings: &mut Findings) -> Result<()> {
        let api = self.client.api();
        let removed = self
            .client
            .call(|| api.delete_dataset().dataset_id(self.dataset.id).send())
            .await;
        let Err(error) = removed else { return Ok(()) };
        let advice = format!(
            "remove it by `restow dataset delete {} --yes`",
            self.dataset.name
        );
        let message = format!(
            "the dataset {} could not be removed: {error}",
            self.dataset.name
        );
        findings.add(Finding::warning("cleanup", message, advice))
    }

    /// Asks for a URL for one of the contents.
    async fn request(&self, findings: &mut Findings) -> Result<Option<PresignedUploadResponse>> {
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
        match request.send().await.map_err(Error::from) {
            Ok(begun) => Ok(Some(begun.into_inner())),
            Err(error) if error.error_type() == Some("extension_not_allowed") => {
                let message = "uploads were not tried, for the server takes no .csv files";
                findings.add(Finding::info(
                    "upload",
                    message,
                    "add csv to its --allowed-extensions to try them",
                ))?;
                Ok(None)
            }
            Err(error) => {
                findings.add(Finding::of_error("upload", &error.into()))?;
                Ok(None)
            }
        }
    }

    /// Sends the first content to S3.
    async fn upload(&self, url: &str, asker: Asker<'_>, findings: &mut Findings) -> Result<bool> {
        let began = SystemTime::now();
        let headers = HeaderMap::from_iter([(ORIGIN, asker.origin.clone())]);
        let store = host(url);
        let stored = match self.put(url, CONTENTS[0], headers).await {
            Ok(stored) => stored,
            Err(error) => {
                let advice = "the URLs that the server signs have to lead to S3 from here: see its --s3-public-endpoint";
                let message = format!("S3 at {store} cannot be reached: {}", http::message(error));
                findings.add(Finding::failed("upload", message, advice))?;
                return Ok(false);
            }
        };
        if stored.status.is_success() {
            findings.add(Finding::ok(
                "upload",
                format!("S3 at {store} takes uploads"),
            ))?;
        } else {
            let message = format!(
                "S3 at {store} refuses uploads with {} {}",
                stored.status, stored.code
            );
            findings.add(Finding::failed(
                "upload",
                message.trim_end(),
                "may the server's credentials put objects there?",
            ))?;
        }
        findings.add(clock::compare("s3_clock", "S3", &stored.headers, began))?;
        if stored.status.is_success() {
            findings.add(asker.exposure(&stored.headers))?;
        }
        Ok(stored.status.is_success())
    }

    async fn put(
        &self,
        url: &str,
        content: &'static str,
        headers: HeaderMap,
    ) -> reqwest::Result<Stored> {
        let request = self
            .http
            .put(url)
            .headers(headers)
            .header(CONTENT_TYPE, MEDIA_TYPE);
        let digest = STANDARD.encode(Md5::digest(content.as_bytes()));
        let answer = request
            .header("content-md5", digest)
            .body(content)
            .send()
            .await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.text().await?;
        Ok(Stored {
            status,
            headers,
            code: code(&body).to_string(),
        })
    }

    /// Has S3 put the object together, and the server inspect it.
    async fn ingest(&self, job_id: Uuid, findings: &mut Findings) -> Result<bool> {
        let finding = match timeout(PATIENCE, self.complete(job_id)).await {
            Ok(Ok(())) => Finding::ok(
                "job",
                "S3 puts the upload together, and the server inspects it",
            ),
            Ok(Err(error)) => Finding::of_error("job", &error.into()),
            Err(_) => Finding::failed(
                "job",
                format!("the upload is not inspected after {} s", PATIENCE.as_secs()),
                "does a worker run? A server with --no-worker needs `restow-server worker` beside it",
            ),
        };
        let went_well = finding.status == super::finding::Status::Ok;
        findings.add(finding)?;
        Ok(went_well)
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

    /// Tries to get the object with `key` by a URL that is for another upload.
    async fn try_to_copy(&self, key: &str, findings: &mut Findings) -> Result<()> {
        let Some(second) = self.request(findings).await? else {
            return Ok(());
        };
        let url = second.urls.first().map(String::as_str).unwrap_or_default();
        let source = copy::source(url, &second.s3_key, key)
            .and_then(|source| HeaderValue::from_str(&source).ok());
        let Some(source) = source else {
            let finding = Finding::info(
                "copy",
                "not tried: the signed URL does not show the bucket",
                "none needed",
            );
            return findings.add(finding);
        };
        let mut headers = HeaderMap::new();
        headers.insert(copy::HEADER, source);
        let stored = match self.put(url, CONTENTS[1], headers).await {
            Ok(stored) => stored,
            Err(error) => {
                return findings.add(Finding::info("copy", http::message(error), "try again"));
            }
        };
        let api = self.client.api();
        let parts = self
            .client
            .call(|| api.list_parts().job_id(second.job_id).send())
            .await?;
        let [named, sent] = CONTENTS.map(|content| hex::encode(Md5::digest(content.as_bytes())));
        let part = parts.items.first().map(|part| part.etag.as_str());
        findings.add(
            copy::Evidence {
                status: stored.status,
                part,
                sent: &sent,
                named: &named,
            }
            .judge(),
        )
    }
}

/// Scheme, host and port of a URL: the rest of a signed URL is nobody's business.
fn host(url: &str) -> String {
    Url::parse(url)
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default()
}

/// The code in an error of S3's; empty if there is none.
fn code(body: &str) -> &str {
    let code = body
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    code.map(|(code, _)| code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_signed_url_is_shown_but_where_it_leads() {
        assert_eq!(
            host("https://data.s3.example:9000/key?X-Amz-Signature=secret"),
            "https://data.s3.example:9000"
        );
    }

    #[test]
    fn a_refusal_is_known_by_its_code() {
        assert_eq!(
            code("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"),
            "AccessDenied"
        );
        assert_eq!(code(""), "");
    }

    #[test]
    fn both_contents_have_one_length_and_two_digests() {
        assert_eq!(CONTENTS[0].len(), CONTENTS[1].len());
        assert_ne!(CONTENTS[0], CONTENTS[1]);
    }
}
