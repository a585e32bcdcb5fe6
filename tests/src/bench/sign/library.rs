//! Signers that are libraries in this program, and the hashing that no signer can do without.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Result;
use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Builder, Region, RequestChecksumCalculation};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use sha2::block_api::compress256;

use super::request::Request;

/// Compressions of SHA-256 for one URL without a prepared prefix or key: nine blocks of the canonical request, and four of the
/// string to sign with its key.
const COMPRESSIONS: u32 = 13;

/// The AWS SDK's presigner.
pub struct AwsSdk(Client);

impl AwsSdk {
    /// A client that never sends anything.
    pub fn new(request: &Request) -> Self {
        let config = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(request.region))
            .endpoint_url(request.endpoint)
            .credentials_provider(request.credentials())
            .force_path_style(true)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
        Self(Client::from_conf(config.build()))
    }

    /// The URL of one part.
    pub async fn url(&self, request: &Request, number: u32) -> Result<String> {
        let presigning = PresigningConfig::builder()
            .start_time(request.start())
            .expires_in(request.life())
            .build()?;
        let part = self.0.upload_part();
        let part = part
            .bucket(request.bucket)
            .key(request.key)
            .upload_id(request.upload_id)
            .part_number(i32::try_from(number)?)
            .content_length(i64::try_from(request.content_length)?);
        Ok(part.presigned(presigning).await?.uri().to_string())
    }

    /// How long all URLs take.
    pub async fn time(&self, request: &Request) -> Result<Duration> {
        let begun = Instant::now();
        for number in 1..=request.urls {
            black_box(self.url(request, number).await?);
        }
        Ok(begun.elapsed())
    }
}

/// How long all URLs take with aws-sigv4, of which only the address is prepared.
pub fn sign_with_sigv4(request: &Request) -> Result<Duration> {
    let begun = Instant::now();
    let credentials = request.credentials();
    let address = address(request);
    for number in 1..=request.urls {
        let url = format!("{address}x-id=UploadPart&{}", parameters(request, number));
        black_box(sigv4(request, &credentials, url)?);
    }
    Ok(begun.elapsed())
}

/// The URL that aws-sigv4 signs for a part, with the parameter that names the operation or without.
pub fn sigv4_url(request: &Request, number: u32, names_operation: bool) -> Result<String> {
    let operation = if names_operation {
        "x-id=UploadPart&"
    } else {
        ""
    };
    let url = format!(
        "{}{operation}{}",
        address(request),
        parameters(request, number)
    );
    sigv4(request, &request.credentials(), url)
}

fn address(request: &Request) -> String {
    format!("{}/{}/{}?", request.endpoint, request.bucket, request.key)
}

fn parameters(request: &Request, number: u32) -> String {
    format!("partNumber={number}&uploadId={}", request.upload_id)
}

fn sigv4(request: &Request, credentials: &Credentials, url: String) -> Result<String> {
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    settings.expires_in = Some(request.life());
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(request.region)
        .name("s3")
        .time(request.start())
        .settings(settings)
        .build()?
        .into();
    let length = request.content_length.to_string();
    let headers = [("content-length", length.as_str())];
    let signable = SignableRequest::new(
        "PUT",
        &url,
        headers.into_iter(),
        SignableBody::UnsignedPayload,
    )?;
    let (instructions, _) = sign(signable, &parameters)?.into_parts();
    let mut signed = url;
    for (name, value) in instructions.params() {
        signed.push('&');
        signed.push_str(name);
        signed.push('=');
        signed.extend(percent_encoded(value));
    }
    Ok(signed)
}

/// The values of the signature's parameters hold slashes and semicolons besides what stands for itself.
fn percent_encoded(value: &str) -> impl Iterator<Item = &str> {
    value
        .split_inclusive(['/', ';'])
        .flat_map(|piece| match piece.strip_suffix('/') {
            Some(before) => [before, "%2F"],
            None => piece
                .strip_suffix(';')
                .map_or([piece, ""], |before| [before, "%3B"]),
        })
}

/// How long the compressions of all URLs take.
pub fn thirteen_compressions(request: &Request) -> Duration {
    let block = [[0x5a; 64]];
    let begun = Instant::now();
    for _ in 0..request.urls {
        let mut state = black_box([0_u32; 8]);
        for _ in 0..COMPRESSIONS {
            compress256(&mut state, black_box(&block));
        }
        black_box(state);
    }
    begun.elapsed()
}
