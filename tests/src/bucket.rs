//! A bucket as its owner sees it: what is really there.

use std::path::Path;

use anyhow::Result;
use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Builder, Region, RequestChecksumCalculation};
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The region that requests are signed for.
pub(crate) const REGION: &str = "us-east-1";

/// Name of the object that identifies the bucket's deployment.
const MARKER: &str = ".restow-instance";

/// Where a bucket is, and with which key.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct BucketPlace {
    /// URL of the endpoint.
    pub endpoint: String,
    /// Name of the bucket.
    pub name: String,
    /// Access key of its owner.
    pub access_key: String,
    /// Secret key of its owner.
    pub secret_key: String,
}

impl BucketPlace {
    /// The bucket of the embedded S3 of a server on this data directory.
    ///
    /// # Errors
    /// If the directory does not contain its address.
    pub fn embedded(data_dir: &Path, endpoint: &str) -> Result<Self> {
        let key: Value =
            serde_json::from_slice(&std::fs::read(data_dir.join("embedded-s3.json"))?)?;
        let text = |name: &str| key[name].as_str().unwrap_or_default().to_string();
        Ok(Self {
            endpoint: endpoint.to_string(),
            name: "restow".to_string(),
            access_key: text("access_key"),
            secret_key: text("secret_key"),
        })
    }

    /// The bucket that an environment leads to, as clients reach it; `None` where it leads to none.
    pub fn of_environment(environment: &[(String, String)]) -> Option<Self> {
        let value = |name: &str| {
            environment
                .iter()
                .find(|(found, _)| found == name)
                .map(|(_, value)| value.clone())
        };
        Some(Self {
            endpoint: value("RESTOW_S3_PUBLIC_ENDPOINT").or_else(|| value("RESTOW_S3_ENDPOINT"))?,
            name: value("RESTOW_S3_BUCKET")?,
            access_key: value("AWS_ACCESS_KEY_ID")?,
            secret_key: value("AWS_SECRET_ACCESS_KEY")?,
        })
    }

    /// What leads a server to it through `endpoint`, while its clients reach it directly.
    pub fn environment(&self, endpoint: &str) -> Vec<(String, String)> {
        let variables = [
            ("RESTOW_S3_BUCKET", self.name.as_str()),
            ("RESTOW_S3_ENDPOINT", endpoint),
            ("RESTOW_S3_PUBLIC_ENDPOINT", &self.endpoint),
            ("AWS_ACCESS_KEY_ID", &self.access_key),
            ("AWS_SECRET_ACCESS_KEY", &self.secret_key),
        ];
        variables
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .to_vec()
    }

    /// The bucket, for the runtime that it is used in.
    pub fn open(&self) -> Bucket {
        let config = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(&self.endpoint)
            .force_path_style(true)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .credentials_provider(Credentials::from_keys(
                &self.access_key,
                &self.secret_key,
                None,
            ));
        Bucket {
            client: Client::from_conf(config.build()),
            name: self.name.clone(),
        }
    }
}

/// A bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// A client of its owner.
    pub client: Client,
    /// Its name.
    pub name: String,
}

impl Bucket {
    /// The keys of all objects but the one that identifies the bucket's deployment.
    ///
    /// # Errors
    /// If S3 refuses.
    pub async fn objects(&self) -> Result<Vec<String>> {
        let mut keys = Vec::new();
        let mut pages = self
            .client
            .list_objects_v2()
            .bucket(&self.name)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            keys.extend(
                page?
                    .contents
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|object| object.key),
            );
        }
        keys.retain(|key| !key.ends_with(MARKER));
        Ok(keys)
    }

    /// The keys of all uploads that are neither completed nor aborted.
    ///
    /// # Errors
    /// If S3 refuses.
    pub async fn uploads(&self) -> Result<Vec<String>> {
        let mut keys = Vec::new();
        let (mut key, mut upload_id) = (None, None);
        loop {
            let request = self.client.list_multipart_uploads().bucket(&self.name);
            let page = request
                .set_key_marker(key)
                .set_upload_id_marker(upload_id)
                .send()
                .await?;
            keys.extend(
                page.uploads
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|upload| upload.key),
            );
            if page.is_truncated != Some(true) {
                return Ok(keys);
            }
            (key, upload_id) = (page.next_key_marker, page.next_upload_id_marker);
        }
    }

    /// The response of S3 to `HeadObject`.
    ///
    /// # Errors
    /// If S3 refuses, or there is none.
    pub async fn head(&self, key: &str) -> Result<HeadObjectOutput> {
        Ok(self
            .client
            .head_object()
            .bucket(&self.name)
            .key(key)
            .send()
            .await?)
    }

    /// Creates an upload that no server knows of.
    ///
    /// # Errors
    /// If S3 refuses.
    pub async fn create_upload(&self, key: &str) -> Result<()> {
        self.client
            .create_multipart_upload()
            .bucket(&self.name)
            .key(key)
            .send()
            .await?;
        Ok(())
    }

    /// Aborts a multipart upload, as a lifecycle rule would.
    ///
    /// # Errors
    /// If S3 refuses.
    pub async fn abort(&self, key: &str, upload_id: &str) -> Result<()> {
        self.client
            .abort_multipart_upload()
            .bucket(&self.name)
            .key(key)
            .upload_id(upload_id)
            .send()
            .await?;
        Ok(())
    }

    /// Writes a small object that no server knows of.
    ///
    /// # Errors
    /// If S3 refuses.
    pub async fn write(&self, key: &str, text: &str) -> Result<()> {
        self.client
            .put_object()
            .bucket(&self.name)
            .key(key)
            .body(text.as_bytes().to_vec().into())
            .send()
            .await?;
        Ok(())
    }

    /// The text of a small object.
    ///
    /// # Errors
    /// If S3 refuses, or there is none.
    pub async fn read(&self, key: &str) -> Result<String> {
        Ok(String::from_utf8(self.bytes(key).await?.to_vec())?)
    }

    /// The bytes of an object.
    ///
    /// # Errors
    /// If S3 refuses, or there is none.
    pub async fn bytes(&self, key: &str) -> Result<Bytes> {
        let object = self
            .client
            .get_object()
            .bucket(&self.name)
            .key(key)
            .send()
            .await?;
        Ok(object.body.collect().await?.into_bytes())
    }
}
