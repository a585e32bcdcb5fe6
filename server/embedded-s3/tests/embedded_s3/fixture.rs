//! An endpoint in a directory of its own, and clients for it.

use std::fmt::Debug;
use std::path::PathBuf;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, RequestChecksumCalculation};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use restow_embedded_s3::{Config, EmbeddedS3};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::log;

pub const BUCKET: &str = "restow";
pub const ACCESS_KEY: &str = "restow-test";
pub const SECRET_KEY: &str = "correct-horse-battery-staple";
pub const REGION: &str = "eu-test-1";

/// Low, so that uploads of many parts stay small.
pub const MIN_PART_SIZE: u64 = 4;

/// Longer than any request takes.
pub const GRACE: Duration = Duration::from_mins(1);

pub struct Endpoint {
    pub directory: TempDir,
    pub s3: EmbeddedS3,
    pub client: Client,
}

impl Endpoint {
    pub async fn start() -> Self {
        Self::start_in(TempDir::new().expect("a directory")).await
    }

    pub async fn start_in(directory: TempDir) -> Self {
        log::keep();
        let s3 = EmbeddedS3::start(config(&directory).await)
            .await
            .expect("the endpoint starts");
        let client = client(&s3, SECRET_KEY);
        Self {
            directory,
            s3,
            client,
        }
    }

    pub async fn restart(self) -> Self {
        self.s3.shutdown(GRACE).await;
        Self::start_in(self.directory).await
    }

    pub fn bucket_directory(&self) -> PathBuf {
        self.directory.path().join(BUCKET)
    }

    /// How many bodies are being received, or were left over.
    pub fn incoming(&self) -> usize {
        std::fs::read_dir(self.bucket_directory().join("incoming"))
            .expect("incoming")
            .count()
    }

    pub async fn create(&self, key: &str) -> String {
        let created = self
            .client
            .create_multipart_upload()
            .bucket(BUCKET)
            .key(key)
            .send()
            .await;
        created.expect("an upload").upload_id.expect("an upload id")
    }

    /// Uploads a part and returns its `ETag`.
    pub async fn upload(
        &self,
        key: &str,
        id: &str,
        number: i32,
        bytes: &[u8],
    ) -> Result<String, String> {
        let request = self
            .client
            .upload_part()
            .bucket(BUCKET)
            .key(key)
            .upload_id(id)
            .part_number(number);
        let uploaded = request
            .body(ByteStream::from(bytes.to_vec()))
            .send()
            .await
            .map_err(code)?;
        Ok(uploaded.e_tag.expect("an ETag"))
    }

    /// Completes an upload and returns the object's `ETag`.
    pub async fn complete(
        &self,
        key: &str,
        id: &str,
        parts: &[(i32, &str)],
    ) -> Result<String, String> {
        let parts = parts.iter().map(|(number, etag)| {
            CompletedPart::builder()
                .part_number(*number)
                .e_tag(*etag)
                .build()
        });
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(parts.collect()))
            .build();
        let request = self
            .client
            .complete_multipart_upload()
            .bucket(BUCKET)
            .key(key)
            .upload_id(id);
        let completed = request.multipart_upload(parts).send().await.map_err(code)?;
        Ok(completed.e_tag.expect("an ETag"))
    }

    pub async fn abort(&self, key: &str, id: &str) -> Result<(), String> {
        let request = self
            .client
            .abort_multipart_upload()
            .bucket(BUCKET)
            .key(key)
            .upload_id(id);
        request.send().await.map(drop).map_err(code)
    }

    /// The numbers of the parts that an upload has, all on one page.
    pub async fn part_numbers(&self, key: &str, id: &str) -> Result<Vec<i32>, String> {
        let request = self
            .client
            .list_parts()
            .bucket(BUCKET)
            .key(key)
            .upload_id(id);
        let listed = request.send().await.map_err(code)?;
        Ok(listed
            .parts()
            .iter()
            .filter_map(|part| part.part_number)
            .collect())
    }

    pub async fn put(&self, key: &str, bytes: &[u8]) {
        let request = self.client.put_object().bucket(BUCKET).key(key);
        request
            .body(ByteStream::from(bytes.to_vec()))
            .send()
            .await
            .expect("an object");
    }

    pub async fn get(&self, key: &str) -> Result<Vec<u8>, String> {
        let got = self
            .client
            .get_object()
            .bucket(BUCKET)
            .key(key)
            .send()
            .await
            .map_err(code)?;
        Ok(got.body.collect().await.expect("the whole object").to_vec())
    }

    /// A URL to upload a part of exactly `length` bytes.
    pub async fn part_url(&self, key: &str, id: &str, number: i32, length: usize) -> String {
        let request = self
            .client
            .upload_part()
            .bucket(BUCKET)
            .key(key)
            .upload_id(id)
            .part_number(number);
        let length = i64::try_from(length).expect("a length");
        request
            .content_length(length)
            .presigned(an_hour())
            .await
            .expect("a URL")
            .uri()
            .to_owned()
    }
}

pub async fn config(directory: &TempDir) -> Config {
    Config {
        directory: directory.path().to_owned(),
        listener: TcpListener::bind("127.0.0.1:0").await.expect("a port"),
        bucket: BUCKET.to_owned(),
        region: REGION.to_owned(),
        credentials: restow_embedded_s3::Credentials {
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
        },
        min_part_size: MIN_PART_SIZE,
        max_connections: 1024,
    }
}

pub fn client(s3: &EmbeddedS3, secret_key: &str) -> Client {
    Client::from_conf(client_config(s3, secret_key).build())
}

pub fn client_config(s3: &EmbeddedS3, secret_key: &str) -> aws_sdk_s3::config::Builder {
    aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(format!("http://{}", s3.local_addr()))
        .force_path_style(true)
        .credentials_provider(Credentials::new(ACCESS_KEY, secret_key, None, None, "test"))
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
}

pub fn an_hour() -> PresigningConfig {
    PresigningConfig::expires_in(Duration::from_hours(1)).expect("a presigning config")
}

/// The S3 error code of a refusal, or what else went wrong.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
pub fn code<E: ProvideErrorMetadata + Debug, R: Debug>(error: SdkError<E, R>) -> String {
    error
        .code()
        .map_or_else(|| format!("{error:?}"), str::to_owned)
}

/// Bytes that differ from place to place.
pub fn bytes(length: usize, seed: u8) -> Vec<u8> {
    (0..length)
        .map(|index| u8::try_from(index % 251).expect("a byte") ^ seed)
        .collect()
}

/// Waits until `condition` holds.
pub async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let waited = tokio::time::timeout(GRACE, async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    });
    waited
        .await
        .unwrap_or_else(|_| panic!("timed out waiting for {what}"));
}
