//! Presigned URLs of a bucket. The clock is an argument, nothing is sent or awaited.
//!
//! Each URL is what the AWS SDK's own presigner makes of the same request, to the letter.

use aws_credential_types::Credentials;
use percent_encoding::utf8_percent_encode;

use super::endpoint::Endpoint;
use super::signature::{NOT_UNRESERVED, PresignedUrl, Scope};
use super::url_life::UrlLife;

/// Signs URLs of one bucket.
#[derive(Clone, Debug)]
pub struct Signer {
    endpoint: Endpoint,
    region: String,
}

impl Signer {
    /// A signer for the bucket of an endpoint in a region.
    pub fn new(endpoint: Endpoint, region: &str) -> Self {
        Self {
            endpoint,
            region: region.to_string(),
        }
    }

    /// Prepares URLs for the parts of one upload.
    pub fn upload(
        &self,
        key: &str,
        upload_id: &str,
        life: UrlLife,
        credentials: &Credentials,
    ) -> UploadSigner<'_> {
        let upload_id = utf8_percent_encode(upload_id, NOT_UNRESERVED).to_string();
        UploadSigner {
            scope: Scope::new(&self.endpoint, &self.region, key, life, credentials),
            upload_id,
        }
    }

    /// A URL from which an object can be read.
    pub fn download(&self, key: &str, life: UrlLife, credentials: &Credentials) -> PresignedUrl {
        let scope = Scope::new(&self.endpoint, &self.region, key, life, credentials);
        let headers = format!("host:{}\n", self.endpoint.host);
        scope.sign("GET", ["x-id=GetObject"; 2], &headers, "host")
    }

    /// A URL for the HEAD request of an object: a signature is valid for one method.
    pub fn head(&self, key: &str, life: UrlLife, credentials: &Credentials) -> PresignedUrl {
        let scope = Scope::new(&self.endpoint, &self.region, key, life, credentials);
        let headers = format!("host:{}\n", self.endpoint.host);
        scope.sign("HEAD", [""; 2], &headers, "host")
    }
}

/// Signs the URLs of the parts of one upload.
#[derive(Debug)]
pub struct UploadSigner<'a> {
    scope: Scope<'a>,
    upload_id: String,
}

impl UploadSigner<'_> {
    /// The URL that takes one PUT of a part, by its number from 1, of exactly `content_length` bytes.
    pub fn part(&self, part_number: u32, content_length: u64) -> PresignedUrl {
        let upload_id = &self.upload_id;
        let given = format!("x-id=UploadPart&partNumber={part_number}&uploadId={upload_id}");
        let sorted = format!("partNumber={part_number}&uploadId={upload_id}&x-id=UploadPart");
        let headers = format!(
            "content-length:{content_length}\nhost:{}\n",
            self.scope.host()
        );
        self.scope
            .sign("PUT", [&given, &sorted], &headers, "content-length;host")
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use aws_sdk_s3::Client;
    use aws_sdk_s3::config::{BehaviorVersion, Builder, Region, RequestChecksumCalculation};
    use aws_sdk_s3::presigning::PresigningConfig;
    use chrono::{DateTime, TimeDelta, Utc};

    use super::super::endpoint::Addressing;
    use super::*;

    const KEY: &str = "some prefix/datasets/0197/0198.csv";
    const UPLOAD_ID: &str = "2~a+b/c=_.-d";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 123_456_000).unwrap()
    }

    fn credentials(session_token: Option<&str>) -> Credentials {
        Credentials::new(
            "AKIAEXAMPLE",
            "secret+/example",
            session_token.map(Into::into),
            None,
            "test",
        )
    }

    fn life(seconds: i64, credentials: &Credentials) -> UrlLife {
        UrlLife::new(
            now(),
            TimeDelta::seconds(seconds),
            now() + TimeDelta::days(30),
            credentials,
        )
        .unwrap()
    }

    fn signer(
        endpoint: Option<&str>,
        region: &str,
        bucket: &str,
        addressing: Addressing,
    ) -> Signer {
        Signer::new(
            Endpoint::new(endpoint, region, bucket, addressing).unwrap(),
            region,
        )
    }

    fn reference(
        endpoint: Option<&str>,
        addressing: Addressing,
        credentials: &Credentials,
    ) -> Client {
        let mut config = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(credentials.clone())
            .force_path_style(addressing == Addressing::Path)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
        config.set_endpoint_url(endpoint.map(str::to_string));
        Client::from_conf(config.build())
    }

    fn presigning(seconds: u64) -> PresigningConfig {
        let start = UNIX_EPOCH + Duration::from_secs(now().timestamp().unsigned_abs());
        PresigningConfig::builder()
            .start_time(start)
            .expires_in(Duration::from_secs(seconds))
            .build()
            .unwrap()
    }

    #[tokio::test]
    async fn urls_equal_those_of_the_sdk() {
        for endpoint in [
            None,
            Some("http://127.0.0.1:8081"),
            Some("https://s3.example.org:443"),
        ] {
            for addressing in [Addressing::Path, Addressing::Virtual] {
                // The SDK does not put a bucket before an IP address.
                if endpoint.is_some_and(|endpoint| endpoint.contains("127"))
                    && addressing == Addressing::Virtual
                {
                    continue;
                }
                for session_token in [None, Some("token/with+odd=characters")] {
                    let credentials = credentials(session_token);
                    let client = reference(endpoint, addressing, &credentials);
                    let signer = signer(endpoint, "eu-central-1", "data-bucket", addressing);

                    let theirs = client
                        .upload_part()
                        .bucket("data-bucket")
                        .key(KEY)
                        .upload_id(UPLOAD_ID);
                    let theirs = theirs
                        .part_number(7)
                        .content_length(16_777_216)
                        .presigned(presigning(3600))
                        .await;
                    let ours =
                        signer.upload(KEY, UPLOAD_ID, life(3600, &credentials), &credentials);
                    assert_eq!(ours.part(7, 16_777_216).url, theirs.unwrap().uri());

                    let theirs = client
                        .get_object()
                        .bucket("data-bucket")
                        .key(KEY)
                        .presigned(presigning(60))
                        .await;
                    let ours = signer.download(KEY, life(60, &credentials), &credentials);
                    assert_eq!(ours.url, theirs.unwrap().uri());

                    let theirs = client
                        .head_object()
                        .bucket("data-bucket")
                        .key(KEY)
                        .presigned(presigning(60))
                        .await;
                    let ours = signer.head(KEY, life(60, &credentials), &credentials);
                    assert_eq!(ours.url, theirs.unwrap().uri());
                }
            }
        }
    }

    #[test]
    fn urls_of_a_response_expire_together() {
        let credentials = credentials(None);
        let signer = signer(None, "us-east-1", "b", Addressing::Path);
        let life = life(3600, &credentials);
        let upload = signer.upload(KEY, UPLOAD_ID, life, &credentials);
        assert!((1..=10).all(|part| upload.part(part, 5).expires_at == life.end()));
        assert_eq!(
            life.end(),
            DateTime::from_timestamp(1_790_003_600, 0).unwrap()
        );
    }

    #[test]
    fn debug_output_hides_signatures() {
        let credentials = credentials(None);
        let signer = signer(None, "us-east-1", "b", Addressing::Path);
        let url = signer.download(KEY, life(60, &credentials), &credentials);
        assert!(!format!("{url:?}").contains("Signature"));
    }
}
