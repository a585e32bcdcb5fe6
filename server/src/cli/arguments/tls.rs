//! Options of TLS.

use std::path::PathBuf;

use clap::Args;

use crate::tls::TlsFiles;

#[derive(Args, Debug)]
#[command(next_help_heading = "TLS (none if no certificate is set)")]
pub struct TlsArguments {
    /// PEM file with the certificate of the API, and those of the authorities behind it; read again when it changes, and at SIGHUP
    #[arg(long, env = "RESTOW_TLS_CERTIFICATE", value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// PEM file with the private key of the certificate
    #[arg(long, env = "RESTOW_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
}

impl TlsArguments {
    /// The files, if they are set.
    pub fn files(&self) -> anyhow::Result<Option<TlsFiles>> {
        // An option that requires another one does not see those of the configuration file.
        match (self.tls_certificate.clone(), self.tls_key.clone()) {
            (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
            (None, None) => Ok(None),
            _ => anyhow::bail!("--tls-certificate and --tls-key must be set together"),
        }
    }
}
