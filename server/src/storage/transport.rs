//! How requests reach an S3 on this machine.

use aws_sdk_s3::config::SharedHttpClient;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

/// A client for an S3 on this machine, which is reached without TLS and without a proxy. The SDK's own client reads all
/// certificates of the system when it is made.
pub(super) fn local() -> Result<SharedHttpClient, String> {
    let without_certificates = TlsContext::builder()
        .with_trust_store(TrustStore::empty())
        .build()
        .map_err(|error| format!("cannot set up the client of the embedded S3: {error}"))?;
    let client = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(without_certificates)
        .build_https();
    Ok(client)
}
