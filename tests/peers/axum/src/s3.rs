//! The bucket, by the AWS SDK.

use std::time::Duration;

use anyhow::{Context, Result};
use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Builder, Region, RequestChecksumCalculation};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

use crate::message::Part;

const EXPIRES: Duration = Duration::from_secs(3600);

/// A bucket at an endpoint.
pub struct Bucket {
    client: Client,
    name: String,
}

impl Bucket {
    /// With the credentials of the environment.
    pub fn new(endpoint: &str, name: &str) -> Result<Self> {
        let variable = |name: &str| std::env::var(name).with_context(|| format!("no {name}"));
        let credentials = Credentials::from_keys(
            variable("AWS_ACCESS_KEY_ID")?,
            variable("AWS_SECRET_ACCESS_KEY")?,
            None,
        );
        let config = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(variable("AWS_DEFAULT_REGION")?))
            .endpoint_url(endpoint)
            .credentials_provider(credentials)
            .force_path_style(true)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
        Ok(Self {
            client: Client::from_conf(config.build()),
            name: name.to_string(),
        })
    }

    /// Creates an upload, and returns its identifier.
    pub async fn create(&self, key: &str, content_type: &str) -> Result<String> {
        let created = self
            .client
            .create_multipart_upload()
            .bucket(&self.name)
            .key(key)
            .content_type(content_type)
            .send()
            .await?;
        created.upload_id.context("S3 named no upload")
    }

    /// The URLs of parts of these sizes.
    pub async fn sign(&self, key: &str, upload_id: &str, sizes: &[i64]) -> Result<Vec<String>> {
        let presigning = PresigningConfig::expires_in(EXPIRES)?;
        let mut urls = Vec::with_capacity(sizes.len());
        for (number, size) in (1..).zip(sizes) {
            let part = self
                .client
                .upload_part()
                .bucket(&self.name)
                .key(key)
                .upload_id(upload_id)
                .part_number(number)
                .content_length(*size);
            urls.push(part.presigned(presigning.clone()).await?.uri().to_string());
        }
        Ok(urls)
    }

    /// Completes an upload.
    pub async fn complete(&self, key: &str, upload_id: &str, parts: &[Part]) -> Result<()> {
        let parts = parts.iter().map(|part| {
            CompletedPart::builder()
                .part_number(part.part_number)
                .e_tag(&part.etag)
                .build()
        });
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(parts.collect()))
            .build();
        self.client
            .complete_multipart_upload()
            .bucket(&self.name)
            .key(key)
            .upload_id(upload_id)
            .multipart_upload(parts)
            .send()
            .await?;
        Ok(())
    }
}
