//! The bucket of a server, as its owner sees it.

use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow};
use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Builder, Region, RequestChecksumCalculation};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};

use super::daemons::Daemons;
use super::site::Site;
use crate::bucket::{BucketPlace, REGION};

/// Name of the bucket.
pub const BUCKET: &str = "restow";

/// Key of the object that shows that the bucket works.
const PROBE: &str = "probe";

/// A client without retries, so that the caller sees every error.
pub fn client(endpoint: &str, site: &Site) -> Client {
    let config = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(endpoint)
        .force_path_style(true)
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .operation_timeout(Duration::from_mins(1))
                .build(),
        )
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .credentials_provider(Credentials::from_keys(
            &site.access_key,
            &site.secret_key,
            None,
        ));
    Client::from_conf(config.build())
}

/// Waits until the bucket is there and takes objects and uploads.
pub fn wait_until_ready(client: &Client, daemons: &mut Daemons) -> Result<()> {
    let mut last = None;
    let ready = daemons.wait_for("the bucket takes uploads", || {
        match apart(prepare(client)) {
            Ok(()) => Ok(Some(())),
            Err(error) => {
                last = Some(error);
                Ok(None)
            }
        }
    });
    match last {
        Some(error) if ready.is_err() => {
            ready.map_err(|failure| failure.context(format!("the last error of S3: {error:#}")))
        }
        _ => ready,
    }
}

/// Creates a bucket to which browsers may upload.
pub fn create(place: &BucketPlace) -> Result<()> {
    apart(async {
        let client = place.open().client;
        client.create_bucket().bucket(&place.name).send().await?;
        allow_browsers(&client, &place.name).await
    })
}

/// Creates the bucket where there is none, and does once what servers do more slowly the first time.
async fn prepare(client: &Client) -> Result<()> {
    if client.head_bucket().bucket(BUCKET).send().await.is_err() {
        client.create_bucket().bucket(BUCKET).send().await?;
    }
    allow_browsers(client, BUCKET).await?;
    client
        .put_object()
        .bucket(BUCKET)
        .key(PROBE)
        .body(ByteStream::from_static(b"probe"))
        .send()
        .await?;
    client
        .delete_object()
        .bucket(BUCKET)
        .key(PROBE)
        .send()
        .await?;
    let upload = client
        .create_multipart_upload()
        .bucket(BUCKET)
        .key(PROBE)
        .send()
        .await?;
    client
        .abort_multipart_upload()
        .bucket(BUCKET)
        .key(PROBE)
        .set_upload_id(upload.upload_id)
        .send()
        .await?;
    Ok(())
}

async fn allow_browsers(client: &Client, bucket: &str) -> Result<()> {
    let rule = CorsRule::builder()
        .allowed_origins("*")
        .set_allowed_methods(Some(vec!["PUT".into(), "GET".into()]))
        .set_allowed_headers(Some(vec!["content-type".into(), "content-md5".into()]))
        .expose_headers("ETag")
        .build()?;
    let cors = CorsConfiguration::builder().cors_rules(rule).build()?;
    client
        .put_bucket_cors()
        .bucket(bucket)
        .cors_configuration(cors)
        .send()
        .await?;
    Ok(())
}

/// Runs requests on a thread of their own, since the caller may be inside of a runtime, which must not be blocked by
/// another.
fn apart(requests: impl Future<Output = Result<()>> + Send) -> Result<()> {
    let run = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(requests)
    };
    thread::scope(|scope| {
        scope
            .spawn(run)
            .join()
            .map_err(|_| anyhow!("the requests panicked"))?
    })
}
