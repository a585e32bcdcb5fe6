//! Handshakes by hand, for what no HTTP client shows.

use std::sync::Arc;

use anyhow::{Context, Result};
use restow_tests::Authority;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, DEFAULT_VERSIONS, RootCertStore};

/// A connection that trusts the authority and offers these protocols.
///
/// # Errors
/// If the server does not listen, or the handshake fails.
pub(super) async fn handshake(
    address: &str,
    authority: &Authority,
    protocols: &[&str],
) -> Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes())?)?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(DEFAULT_VERSIONS)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    let stream = TcpStream::connect(address).await?;
    let host = ServerName::try_from("127.0.0.1")?;
    Ok(TlsConnector::from(Arc::new(config))
        .connect(host, stream)
        .await?)
}

/// The certificate that the server has shown.
///
/// # Errors
/// If there is none.
pub(super) fn certificate(stream: &TlsStream<TcpStream>) -> Result<Vec<u8>> {
    let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
    Ok(shown.first().context("no certificate")?.to_vec())
}
