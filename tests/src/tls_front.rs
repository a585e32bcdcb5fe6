//! TLS in front of a plain HTTP server, with certificates of a private authority.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::{Context, Result};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{DEFAULT_VERSIONS, ServerConfig};

/// A certification authority that no system trusts.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What is wrong with a certificate, if anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It is for another host.
    OtherHost,
    /// It expired years ago.
    Expired,
    /// It is valid from 2020 on, so not yet by a clock that is years behind.
    NotYetValid,
}

/// A certificate and its key in PEM form.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate.
    pub certificate: String,
    /// Its private key.
    pub key: String,
}

/// A TLS server, which ends when it is dropped.
#[derive(Debug)]
pub struct TlsFront {
    address: SocketAddr,
    runtime: Option<Runtime>,
}

impl Authority {
    /// A new authority.
    ///
    /// # Errors
    /// If no key can be made.
    pub fn new() -> Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Ok(Self(CertifiedIssuer::self_signed(
            params,
            KeyPair::generate()?,
        )?))
    }

    /// Its certificate in PEM form.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A TLS server on this machine that passes everything on to the server with this URL.
    ///
    /// # Errors
    /// If the URL names no address, or there is no free port.
    pub fn front(&self, url: &str, fault: Fault) -> Result<TlsFront> {
        let upstream = url.trim_start_matches("http://").parse();
        let upstream = upstream.context("the server has no address")?;
        let acceptor = TlsAcceptor::from(Arc::new(self.configuration(fault)?));
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        runtime.spawn(serve(listener, acceptor, upstream));
        Ok(TlsFront {
            address,
            runtime: Some(runtime),
        })
    }

    /// A new certificate of this machine, with a key of its own.
    ///
    /// # Errors
    /// If no key can be made.
    pub fn issue(&self, fault: Fault) -> Result<Identity> {
        let host = match fault {
            Fault::OtherHost => "other.example",
            _ => "127.0.0.1",
        };
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(vec![host.to_string()])?;
        if fault == Fault::Expired {
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        if fault == Fault::NotYetValid {
            params.not_before = date_time_ymd(2020, 1, 1);
        }
        Ok(Identity {
            certificate: params.signed_by(&key, &self.0)?.pem(),
            key: key.serialize_pem(),
        })
    }

    fn configuration(&self, fault: Fault) -> Result<ServerConfig> {
        let identity = self.issue(fault)?;
        let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes())?;
        let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes())?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(DEFAULT_VERSIONS)?
            .with_no_client_auth();
        Ok(config.with_single_cert(vec![certificate], key)?)
    }
}

impl TlsFront {
    /// URL of the server.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        // A runtime must not be waited for where its owner is asynchronous itself.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, upstream: SocketAddr) -> Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            // Clients that do not trust the certificate end the handshake.
            let mut client = acceptor.accept(stream).await?;
            let mut server = TcpStream::connect(upstream).await?;
            copy_bidirectional(&mut client, &mut server).await
        });
    }
}
