//! A certificate with its key, checked before it is used.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_rustls::rustls::Error;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;

use super::files::{Contents, TlsError, TlsFiles};
use super::validity::validity;

/// Time before its end from which on a certificate that is read is worth a warning.
const RENEWAL: TimeDelta = TimeDelta::days(7);

/// A certificate that can be used.
#[derive(Debug)]
pub(super) struct Certificate {
    /// The chain and its key, as the TLS library takes them.
    pub(super) key: Arc<CertifiedKey>,
    /// When it expires.
    pub(super) expires_at: DateTime<Utc>,
}

impl Certificate {
    /// The certificate that is in these files.
    ///
    /// # Errors
    /// If there is none, or it cannot be used at `now`.
    pub(super) fn new(
        files: &TlsFiles,
        (certificate, key): &Contents,
        now: DateTime<Utc>,
    ) -> Result<Self, TlsError> {
        let chain = chain(&files.certificate, certificate)?;
        let expires_at = check_validity(&files.certificate, &chain[0], now)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| {
            invalid(
                &files.key,
                "contains no private key in PEM form without a passphrase; `openssl pkey -in FILE -out NEW` removes one",
            )
        })?;
        let key = CertifiedKey::from_der(chain, key, &default_provider()).map_err(|error| match error {
            Error::InconsistentKeys(_) => invalid(
                &files.key,
                &format!(
                    "is not the key of the first certificate in {}; that has to be the server's own, before those of authorities",
                    files.certificate.display()
                ),
            ),
            Error::InvalidCertificate(_) => damaged(&files.certificate),
            error => invalid(&files.key, &format!("cannot be used: {error}")),
        })?;
        Ok(Self {
            key: Arc::new(key),
            expires_at,
        })
    }
}

fn chain(path: &Path, content: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(content)
        .collect::<Result<_, _>>()
        .map_err(|_| damaged(path))?;
    if chain.is_empty() {
        return Err(invalid(
            path,
            "contains no certificate in PEM form; `openssl x509 -inform der -in FILE` converts one in DER form",
        ));
    }
    Ok(chain)
}

/// When a certificate expires.
fn check_validity(
    path: &Path,
    certificate: &[u8],
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, TlsError> {
    let (begin, end) = validity(certificate).ok_or_else(|| damaged(path))?;
    if end < now {
        let problem = format!("contains a certificate that expired at {end}; renew it");
        return Err(invalid(path, &problem));
    }
    if begin > now {
        let problem = format!(
            "contains a certificate that is not valid before {begin}; check the clock of this machine"
        );
        return Err(invalid(path, &problem));
    }
    if end - now < RENEWAL {
        tracing::warn!(expires_at = %end, "the TLS certificate expires soon; renew it");
    }
    Ok(end)
}

fn damaged(path: &Path) -> TlsError {
    invalid(path, "contains a damaged certificate")
}

fn invalid(path: &Path, problem: &str) -> TlsError {
    TlsError::Invalid {
        path: path.to_owned(),
        problem: problem.to_string(),
    }
}
