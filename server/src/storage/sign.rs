//! Presigned URLs of a bucket. The clock is an argument, nothing is sent or awaited.
//!
//! Each URL is what the AWS SDK's own presigner makes of the same request, to the letter.

use aws_credential_types::Credentials;
use percent_encoding::utf8_percent_encode;

use super::endpoint::Endpoint;
use super::signature::{NOT_UNRESERVED, PresignedUrl, Scope, Signed};
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

    /// Scheme and host of the URLs.
    pub fn base(&self) -> &str {
        &self.endpoint.base
    }

    /// Prepares URLs for the parts of one upload.
    pub fn upload(
        &self,
        key: &str,
        upload_id: &str,
        life: UrlLife,
        credentials: &Credentials,
    ) -> UploadSigner<'_> {
        let signed = Signed {
            method: "PUT",
            headers: "content-length;host",
        };
        let scope = Scope::new(&self.endpoint, &self.region, key, life, credentials, signed);
        let upload_id = utf8_percent_encode(upload_id, NOT_UNRESERVED);
        let upload_id = format!("&uploadId={upload_id}");
        UploadSigner {
            sent_upload_id: format!("{upload_id}&"),
            sorted_upload_id: format!("{upload_id}&x-id=UploadPart\ncontent-length:"),
            end: scope.end_of_canonical_request(),
            scope,
        }
    }

    /// A URL from which an object can be read.
    pub fn download(&self, key: &str, life: UrlLife, credentials: &Credentials) -> PresignedUrl {
        let scope = self.object("GET", key, life, credentials);
        let end = scope.end_of_canonical_request();
        scope.sign(&["x-id=GetObject&"], &["&x-id=GetObject", &end])
    }

    /// A URL for the HEAD request of an object: a signature is valid for one method.
    pub fn head(&self, key: &str, life: UrlLife, credentials: &Credentials) -> PresignedUrl {
        let scope = self.object("HEAD", key, life, credentials);
        let end = scope.end_of_canonical_request();
        scope.sign(&[], &[&end])
    }

    /// Prepares a URL that is sent with the host as its only header.
    fn object(
        &self,
        method: &'static str,
        key: &str,
        life: UrlLife,
        credentials: &Credentials,
    ) -> Scope<'_> {
        let headers = "host";
        let signed = Signed { method, headers };
        Scope::new(&self.endpoint, &self.region, key, life, credentials, signed)
    }
}

/// Signs the URLs of the parts of one upload.
#[derive(Debug)]
pub struct UploadSigner<'a> {
    scope: Scope<'a>,
    /// What follows the number of the part in the query.
    sent_upload_id: String,
    /// What stands between the number of the part and its length in the canonical request.
    sorted_upload_id: String,
    /// What follows the length in the canonical request.
    end: String,
}

impl UploadSigner<'_> {
    /// The URL that takes one PUT of a part, by its number from 1, of exactly `content_length` bytes.
    pub fn part(&self, part_number: u32, content_length: u64) -> PresignedUrl {
        self.with_pieces(part_number, content_length, |query, canonical| {
            self.scope.sign(query, canonical)
        })
    }

    /// Appends the URL that [`Self::part`] makes.
    pub fn part_into(&self, urls: &mut Vec<u8>, part_number: u32, content_length: u64) {
        self.with_pieces(part_number, content_length, |query, canonical| {
            self.scope.sign_into(urls, query, canonical);
        });
    }

    /// Length in bytes of the URL of a part.
    pub fn url_length(&self, part_number: u32) -> usize {
        self.with_pieces(part_number, 0, |query, _| self.scope.url_length(query))
    }

    /// Passes on what the URL of a part has of its own: parameters, and the end of the canonical request.
    fn with_pieces<T>(
        &self,
        part_number: u32,
        content_length: u64,
        sign: impl FnOnce(&[&str], &[&str]) -> T,
    ) -> T {
        let (mut number, mut length) = (itoa::Buffer::new(), itoa::Buffer::new());
        let (number, length) = (number.format(part_number), length.format(content_length));
        let query = ["x-id=UploadPart&partNumber=", number, &self.sent_upload_id];
        let sorted_upload_id = self.sorted_upload_id.as_str();
        let canonical = ["&partNumber=", number, sorted_upload_id, length, &self.end];
        sign(&query, &canonical)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use aws_sdk_s3::Client;
    use aws_sdk_s3::config::{BehaviorVersion, Builder, Region, RequestChecksumCalculation};
    use aws_sdk_s3::presigning::PresigningConfig;
    use chrono::{DateTime, TimeDelta, Utc};
    use rand::{Rng, RngExt, SeedableRng};

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

    /// A text of up to `longest` characters of every kind.
    fn text(random: &mut impl Rng, longest: usize) -> String {
        let length = random.random_range(1..=longest);
        let characters = random.sample_iter(rand::distr::StandardUniform);
        let is_sent = |character: &char| !character.is_control();
        characters.filter(is_sent).take(length).collect()
    }

    fn lower_case(random: &mut impl Rng, length: usize) -> String {
        let letter = || char::from(random.random_range(b'a'..=b'z'));
        std::iter::repeat_with(letter).take(length).collect()
    }

    #[tokio::test]
    async fn random_urls_equal_those_of_the_sdk() {
        let mut random = rand::rngs::StdRng::seed_from_u64(1);
        for _ in 0..100 {
            let (region, bucket) = (lower_case(&mut random, 9), lower_case(&mut random, 12));
            let key = format!("{}.csv", text(&mut random, 40).replace(['/', '.'], "-"));
            let upload_id = text(&mut random, 120);
            let token = random.random_bool(0.5).then(|| text(&mut random, 200));
            let secret = text(&mut random, 40);
            let credentials =
                Credentials::new(lower_case(&mut random, 20), secret, token, None, "test");
            let addressing = if random.random_bool(0.5) {
                Addressing::Path
            } else {
                Addressing::Virtual
            };
            let start =
                DateTime::from_timestamp(random.random_range(1_500_000_000..4_000_000_000), 0)
                    .unwrap();
            let seconds = random.random_range(1..=604_800);
            let number = random.random_range(1..=10_000);
            let length = random.random_range(0..=5_u64 << 30);
            let endpoint = "https://s3.example.org";
            let mut config = Builder::new()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new(region.clone()))
                .credentials_provider(credentials.clone())
                .force_path_style(addressing == Addressing::Path)
                .request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
            config.set_endpoint_url(Some(endpoint.to_owned()));
            let theirs = Client::from_conf(config.build())
                .upload_part()
                .bucket(&bucket)
                .key(&key);
            let theirs = theirs
                .upload_id(&upload_id)
                .part_number(number)
                .content_length(i64::try_from(length).unwrap());
            let presigning = PresigningConfig::builder()
                .start_time(start.into())
                .expires_in(Duration::from_secs(seconds))
                .build()
                .unwrap();
            let theirs = theirs.presigned(presigning).await.unwrap();
            let life = UrlLife {
                from: start,
                seconds: i64::try_from(seconds).unwrap(),
            };
            let endpoint = Endpoint::new(Some(endpoint), &region, &bucket, addressing).unwrap();
            let signer = Signer::new(endpoint, &region);
            let ours = signer.upload(&key, &upload_id, life, &credentials);
            let number = u32::try_from(number).unwrap();
            assert_eq!(ours.part(number, length).url, theirs.uri());
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
