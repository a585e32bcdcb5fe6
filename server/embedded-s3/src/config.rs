//! The configuration of an embedded S3 endpoint.

use std::fmt;
use std::path::PathBuf;

use tokio::net::TcpListener;

/// The configuration for [`EmbeddedS3::start`](crate::EmbeddedS3::start).
#[derive(Debug)]
pub struct Config {
    /// The directory of the bucket; created when missing, used by one process at a time.
    pub directory: PathBuf,
    /// The bound socket to accept connections on.
    pub listener: TcpListener,
    /// The name of the one bucket, by the naming rules of S3: 3 to 63 lower-case letters, digits,
    /// dots and hyphens. It is created when missing.
    pub bucket: String,
    /// The region that the bucket reports. Signatures made for any region are accepted.
    pub region: String,
    /// The one key pair that may sign requests.
    pub credentials: Credentials,
    /// The minimum size in bytes of every part but an upload's last. S3's own is 5 MiB
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>).
    pub min_part_size: u64,
    /// The maximum number of concurrent connections. Where all are in use, the one that has been idle for longest is closed
    /// for a new one; where requests are under way on all, new ones wait.
    pub max_connections: usize,
}

/// A key pair for Signature Version 4. Its `Debug` output leaves the secret out.
#[derive(Clone)]
pub struct Credentials {
    /// The access key id, which is no secret.
    pub access_key: String,
    /// The secret access key.
    pub secret_key: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key", &self.access_key)
            .field("secret_key", &"[redacted]")
            .finish()
    }
}
