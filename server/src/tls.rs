//! TLS of the API's listener: its certificate, which is replaced while the process runs.

mod certificate;
mod files;
mod validity;

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, DEFAULT_VERSIONS, ServerConfig};

use self::certificate::Certificate;
use self::files::Contents;
pub use self::files::{TlsError, TlsFiles};
use crate::app::App;
use crate::clock;

/// Pause between two looks at the files.
const WATCH_INTERVAL: Duration = Duration::from_secs(5);

/// The only protocol that is served, and so the only one that a handshake may agree on.
const ALPN: &[u8] = b"http/1.1";

/// The TLS of a listener.
#[derive(Debug)]
pub struct Tls {
    files: TlsFiles,
    current: Arc<Current>,
    config: Arc<ServerConfig>,
    /// Contents that the current certificate is from.
    served: Mutex<Contents>,
    hangup: tokio::sync::Mutex<Signal>,
}

/// The certificate that the next handshake uses.
#[derive(Debug)]
struct Current(RwLock<Certificate>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current.key))
    }
}

impl Tls {
    /// Reads the files. From now on, SIGHUP does not end the process.
    ///
    /// # Errors
    /// If a file cannot be read, is not in PEM form, or the certificate has expired, is not valid yet, or has another key.
    pub fn load(files: TlsFiles) -> Result<Arc<Self>, TlsError> {
        let contents = read(&files)?;
        let certificate = Certificate::new(&files, &contents, clock::now())?;
        let current = Arc::new(Current(RwLock::new(certificate)));
        let resolver: Arc<dyn ResolvesServerCert> = Arc::clone(&current) as _;
        let config = config(resolver).map_err(|error| TlsError::Setup(error.to_string()))?;
        let hangup = signal(SignalKind::hangup());
        let hangup = hangup.map_err(|error| TlsError::Setup(error.to_string()))?;
        Ok(Arc::new(Self {
            files,
            current,
            config: Arc::new(config),
            served: Mutex::new(contents),
            hangup: tokio::sync::Mutex::new(hangup),
        }))
    }

    /// How handshakes are made.
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// When the current certificate expires.
    pub fn expires_at(&self) -> DateTime<Utc> {
        let current = self.current.0.read();
        current.unwrap_or_else(PoisonError::into_inner).expires_at
    }

    /// Takes the files over if they have changed. Returns whether it did; a certificate that cannot be used changes nothing, and
    /// is tried again, since one that is not valid yet will be.
    fn reload(&self) -> Result<bool, TlsError> {
        let contents = read(&self.files)?;
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        if *served == contents {
            return Ok(false);
        }
        let certificate = Certificate::new(&self.files, &contents, clock::now())?;
        *served = contents;
        let current = self.current.0.write();
        *current.unwrap_or_else(PoisonError::into_inner) = certificate;
        Ok(true)
    }
}

/// When the certificate in the files expires.
///
/// # Errors
/// If it cannot be used.
pub fn expiry(files: &TlsFiles) -> Result<DateTime<Utc>, TlsError> {
    let contents = read(files)?;
    Ok(Certificate::new(files, &contents, clock::now())?.expires_at)
}

fn read(files: &TlsFiles) -> Result<Contents, TlsError> {
    let read = |path: &PathBuf| {
        fs::read(path).map_err(|source| TlsError::Unreadable {
            path: path.clone(),
            source,
        })
    };
    Ok((read(&files.certificate)?, read(&files.key)?))
}

fn config(resolver: Arc<dyn ResolvesServerCert>) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(DEFAULT_VERSIONS)?
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    config.alpn_protocols = vec![ALPN.to_vec()];
    Ok(config)
}

/// Takes changed files over, at SIGHUP and every few seconds, until the process stops.
pub async fn watch(app: Arc<App>, tls: Arc<Tls>) {
    let mut hangup = tls.hangup.lock().await;
    let mut last_failure = None;
    loop {
        app.metrics.set_certificate_expiry(tls.expires_at());
        tokio::select! {
            () = app.stopping.cancelled() => return,
            _ = hangup.recv() => {}
            () = sleep(WATCH_INTERVAL) => {}
        }
        let reloading = Arc::clone(&tls);
        let Ok(outcome) = spawn_blocking(move || reloading.reload()).await else {
            continue;
        };
        let failure = outcome.as_ref().err().map(ToString::to_string);
        match outcome {
            Ok(true) => {
                tracing::info!(expires_at = %tls.expires_at(), "the TLS certificate was replaced");
            }
            Ok(false) => {}
            // Files that cannot be used are tried again, and would be logged each time.
            Err(_) if failure == last_failure => {}
            Err(error) => tracing::error!(
                %error,
                "the TLS certificate was not replaced; the one that was read before is still served"
            ),
        }
        last_failure = failure;
    }
}
