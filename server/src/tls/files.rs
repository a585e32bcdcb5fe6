//! The files of a certificate, and why they cannot be used.

use std::path::PathBuf;

/// Files in PEM form.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The server's certificate, and behind it those of the authorities that lead to a root.
    pub certificate: PathBuf,
    /// The private key of the first certificate.
    pub key: PathBuf,
}

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// A file does not contain what it should.
    #[error("{} {problem}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, as the rest of a sentence.
        problem: String,
    },
    /// The TLS library, or the handler of a signal, cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}

/// What the files contained when they were last read.
pub(super) type Contents = (Vec<u8>, Vec<u8>);
