//! Presigned URLs: SigV4 with query parameters, pure. The clock is an argument, nothing is sent or awaited.
//!
//! What is the same in all URLs of an answer (endpoint, scope, signing key, most of the query) is made once;
//! each URL costs two hashes and one string.
//!
//! Each URL is what the AWS SDK's own presigner would make of the same request, to the letter.

use std::fmt::Write as _;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use http::Uri;
use http::uri::Authority;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// Everything but the unreserved characters of RFC 3986.
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same for a path, whose slashes stay.
const NOT_IN_PATH: &AsciiSet = &NOT_UNRESERVED.remove(b'/');

/// Longest life of a URL that SigV4 allows, in seconds: seven days.
const MAX_EXPIRES: i64 = 7 * 24 * 60 * 60;

type HmacSha256 = Hmac<Sha256>;

/// Where the name of the bucket stands in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Addressing {
    /// First in the path.
    Path,
    /// First in the host name.
    Virtual,
}

/// A URL that carries its own permission.
#[derive(Clone, PartialEq, Eq)]
pub struct PresignedUrl {
    /// The URL, with its signature.
    pub url: String,
    /// Time at which it expires.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PresignedUrl")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// From when to when the URLs of an answer are good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlLife {
    from: DateTime<Utc>,
    seconds: i64,
}

impl UrlLife {
    /// From `now` for as long as wanted, but not beyond `end`, nor beyond the end of the credentials. `None`
    /// where less than a second is left.
    pub fn new(
        now: DateTime<Utc>,
        wanted: TimeDelta,
        end: DateTime<Utc>,
        credentials: &Credentials,
    ) -> Option<Self> {
        let from = now.trunc_subsecs(0);
        let until = [
            Some(end),
            credentials
                .expiry()
                .map(<DateTime<Utc> as From<SystemTime>>::from),
        ];
        let bounds = until
            .into_iter()
            .flatten()
            .map(|end| (end - from).num_seconds());
        let seconds = bounds.fold(wanted.num_seconds().min(MAX_EXPIRES), i64::min);
        (seconds >= 1).then_some(Self { from, seconds })
    }

    /// Time at which the URLs expire.
    pub fn end(&self) -> DateTime<Utc> {
        self.from + TimeDelta::seconds(self.seconds)
    }
}

/// Signs URLs of one bucket.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Scheme and host.
    base: String,
    /// Host alone, as the header says it.
    host: String,
    /// What stands before the key in the path.
    path: String,
    region: String,
}

impl Signer {
    /// A signer for a bucket at an endpoint, or at AWS.
    ///
    /// # Errors
    /// If the endpoint is no URL of scheme and host alone.
    pub fn new(
        endpoint: Option<&str>,
        region: &str,
        bucket: &str,
        addressing: Addressing,
    ) -> Result<Self, String> {
        let aws = || {
            let domain = if region.starts_with("cn-") {
                "amazonaws.com.cn"
            } else {
                "amazonaws.com"
            };
            format!("https://s3.{region}.{domain}")
        };
        let endpoint = endpoint.map_or_else(aws, str::to_string);
        let uri: Uri = endpoint
            .parse()
            .map_err(|_| format!("{endpoint} is no URL"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(format!("{endpoint} should begin with http:// or https://"));
        };
        if !matches!(scheme, "http" | "https")
            || uri.path().len() > 1
            || authority.as_str().contains('@')
        {
            return Err(format!(
                "{endpoint} should be a scheme and a host, without a path"
            ));
        }
        let authority: Authority = authority
            .as_str()
            .to_ascii_lowercase()
            .parse()
            .map_err(|_| "no host".to_string())?;
        let (bucket_host, path) = match addressing {
            Addressing::Path => (String::new(), format!("/{bucket}/")),
            Addressing::Virtual => (format!("{bucket}."), "/".to_string()),
        };
        // Clients leave the scheme's own port out of the host that they send, and that is signed.
        let sent = match (scheme, authority.port_u16()) {
            ("http", Some(80)) | ("https", Some(443)) => authority.host(),
            _ => authority.as_str(),
        };
        let base = format!("{scheme}://{bucket_host}{authority}");
        Ok(Self {
            base,
            host: format!("{bucket_host}{sent}"),
            path,
            region: region.to_string(),
        })
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
            scope: Scope::new(self, key, life, credentials),
            upload_id,
        }
    }

    /// A URL from which an object can be read.
    pub fn download(&self, key: &str, life: UrlLife, credentials: &Credentials) -> PresignedUrl {
        let scope = Scope::new(self, key, life, credentials);
        let headers = format!("host:{}\n", self.host);
        scope.sign("GET", ["x-id=GetObject"; 2], &headers, "host")
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
            self.scope.signer.host
        );
        self.scope
            .sign("PUT", [&given, &sorted], &headers, "content-length;host")
    }
}

/// What all URLs of an answer share.
struct Scope<'a> {
    signer: &'a Signer,
    life: UrlLife,
    path: String,
    /// `X-Amz-Algorithm` to `X-Amz-Expires`, which sort and are sent in this order.
    parameters: String,
    session_token: Option<String>,
    /// First three lines of the string to sign.
    preamble: String,
    signing_key: HmacSha256,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("path", &self.path)
            .field("life", &self.life)
            .finish_non_exhaustive()
    }
}

impl<'a> Scope<'a> {
    fn new(signer: &'a Signer, key: &str, life: UrlLife, credentials: &Credentials) -> Self {
        let time = life.from.format("%Y%m%dT%H%M%SZ").to_string();
        let date = &time[..8];
        let scope = format!("{date}/{}/s3/aws4_request", signer.region);
        let credential = format!("{}/{scope}", credentials.access_key_id());
        let credential = utf8_percent_encode(&credential, NOT_UNRESERVED);
        let secret = format!("AWS4{}", credentials.secret_access_key());
        let signing_key = [date, &signer.region, "s3", "aws4_request"]
            .into_iter()
            .fold(secret.into_bytes(), |key, part| {
                keyed(&key)
                    .chain_update(part)
                    .finalize()
                    .into_bytes()
                    .to_vec()
            });
        Self {
            signer,
            life,
            path: format!("{}{}", signer.path, utf8_percent_encode(key, NOT_IN_PATH)),
            parameters: format!(
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={time}&X-Amz-Expires={}",
                life.seconds
            ),
            session_token: credentials
                .session_token()
                .map(|token| utf8_percent_encode(token, NOT_UNRESERVED).to_string()),
            preamble: format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n"),
            signing_key: keyed(&signing_key),
        }
    }

    /// `query` holds the request's own parameters, as they are sent and as SigV4 sorts them. Sorted they stand
    /// behind those of the signature, which begin with a capital.
    fn sign(
        &self,
        method: &str,
        query: [&str; 2],
        headers: &str,
        signed_headers: &str,
    ) -> PresignedUrl {
        let [sent, sorted] = query;
        let Self {
            signer,
            path,
            parameters,
            ..
        } = self;
        let signed = signed_headers.replace(';', "%3B");
        let token = self
            .session_token
            .as_ref()
            .map(|token| format!("&X-Amz-Security-Token={token}"))
            .unwrap_or_default();
        let canonical = format!(
            "{method}\n{path}\n{parameters}{token}&X-Amz-SignedHeaders={signed}&{sorted}\n{headers}\n{signed_headers}\n\
             UNSIGNED-PAYLOAD"
        );
        let to_sign = format!(
            "{}{}",
            self.preamble,
            hex::encode(Sha256::digest(canonical))
        );
        let signature = self
            .signing_key
            .clone()
            .chain_update(to_sign)
            .finalize()
            .into_bytes();
        let mut url = format!(
            "{}{path}?{sent}&{parameters}&X-Amz-SignedHeaders={signed}",
            signer.base
        );
        write!(url, "&X-Amz-Signature={}{token}", hex::encode(signature))
            .expect("writing to a string cannot fail");
        PresignedUrl {
            url,
            expires_at: self.life.end(),
        }
    }
}

fn keyed(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key).expect("HMAC takes keys of any length")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use aws_sdk_s3::Client;
    use aws_sdk_s3::config::{BehaviorVersion, Builder, Region, RequestChecksumCalculation};
    use aws_sdk_s3::presigning::PresigningConfig;

    use super::*;

    const KEY: &str = "some prefix/datasets/0197/0198.csv";
    const UPLOAD_ID: &str = "2~a+b/c=_.-d";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 123_456_000).unwrap()
    }

    fn credentials(session_token: Option<&str>, expires: Option<i64>) -> Credentials {
        let expiry = expires.map(|seconds| SystemTime::from(now() + TimeDelta::seconds(seconds)));
        Credentials::new(
            "AKIAEXAMPLE",
            "secret+/example",
            session_token.map(Into::into),
            expiry,
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
    async fn urls_are_those_of_the_sdk_to_the_letter() {
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
                    let credentials = credentials(session_token, None);
                    let client = reference(endpoint, addressing, &credentials);
                    let signer =
                        Signer::new(endpoint, "eu-central-1", "data-bucket", addressing).unwrap();

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
                }
            }
        }
    }

    #[test]
    fn a_url_lives_no_longer_than_its_job_its_credentials_and_sigv4_allow() {
        let lasting = credentials(None, None);
        let seconds = |wanted, end: i64, credentials: &Credentials| {
            let life = UrlLife::new(
                now(),
                TimeDelta::seconds(wanted),
                now() + TimeDelta::seconds(end),
                credentials,
            );
            life.map(|life| life.seconds)
        };
        assert_eq!(seconds(3600, 86_400, &lasting), Some(3600));
        assert_eq!(seconds(3600, 100, &lasting), Some(100));
        assert_eq!(
            seconds(3600, 86_400, &credentials(None, Some(600))),
            Some(600)
        );
        assert_eq!(
            seconds(30 * 86_400, 60 * 86_400, &lasting),
            Some(MAX_EXPIRES)
        );
        assert_eq!(seconds(3600, 0, &lasting), None);
        assert_eq!(seconds(3600, -5, &lasting), None);
    }

    #[test]
    fn all_urls_of_an_answer_expire_together() {
        let credentials = credentials(None, None);
        let signer = Signer::new(None, "us-east-1", "b", Addressing::Path).unwrap();
        let life = life(3600, &credentials);
        let upload = signer.upload(KEY, UPLOAD_ID, life, &credentials);
        assert!((1..=10).all(|part| upload.part(part, 5).expires_at == life.end()));
        assert_eq!(
            life.end(),
            DateTime::from_timestamp(1_790_003_600, 0).unwrap()
        );
    }

    #[test]
    fn an_endpoint_is_a_scheme_and_a_host() {
        for odd in [
            "localhost:9000",
            "ftp://host",
            "http://host/path",
            "http://user:secret@host",
            "http://",
        ] {
            assert!(
                Signer::new(Some(odd), "r", "b", Addressing::Path).is_err(),
                "{odd}"
            );
        }
    }

    #[test]
    fn no_signature_shows_in_debug() {
        let credentials = credentials(None, None);
        let signer = Signer::new(None, "us-east-1", "b", Addressing::Path).unwrap();
        let url = signer.download(KEY, life(60, &credentials), &credentials);
        assert!(!format!("{url:?}").contains("Signature"));
    }
}
