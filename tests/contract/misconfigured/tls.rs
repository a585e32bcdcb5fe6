//! An HTTPS endpoint whose certificate no authority has issued.

use std::sync::Arc;

use anyhow::Result;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Starts the endpoint, which lasts as long as the runtime of the test, and returns its URL.
///
/// # Errors
/// If there is no free port.
pub async fn self_signed_endpoint() -> Result<String> {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("certificate.pem"))?;
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("key.pem"))?;
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("localhost", 0)).await?;
    let url = format!("https://localhost:{}", listener.local_addr()?.port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // The client breaks the handshake off.
            let _ = acceptor.accept(stream).await;
        }
    });
    Ok(url)
}
