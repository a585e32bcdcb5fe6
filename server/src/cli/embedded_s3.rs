//! The embedded S3 in the data directory: where it listens, and with which key.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use restow_embedded_s3::{Config, Credentials, EmbeddedS3};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

/// Name of the one bucket.
pub const BUCKET: &str = "restow";

/// Default address.
const DEFAULT_ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8081);

/// Where an embedded S3 is, and with which key.
#[derive(Debug)]
pub struct EmbeddedEndpoint {
    /// Address that it listens on.
    pub address: SocketAddr,
    /// Its one key pair.
    pub credentials: Credentials,
}

/// What the data directory remembers of the embedded S3.
#[derive(Serialize, Deserialize)]
struct SavedEndpoint {
    address: SocketAddr,
    access_key: String,
    secret_key: String,
}

impl SavedEndpoint {
    fn endpoint(&self) -> EmbeddedEndpoint {
        let credentials = Credentials {
            access_key: self.access_key.clone(),
            secret_key: self.secret_key.clone(),
        };
        EmbeddedEndpoint {
            address: self.address,
            credentials,
        }
    }
}

fn directory(data_dir: &Path) -> PathBuf {
    data_dir.join("embedded-s3")
}

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("embedded-s3.json")
}

/// Writes a file that only its owner can read, whole or not at all.
pub fn write_secret(path: &Path, content: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(unfinished, path)?;
    // The rename is on disk only with the directory.
    let directory = path.parent().filter(|parent| *parent != Path::new(""));
    fs::File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

fn load(data_dir: &Path) -> Result<Option<SavedEndpoint>> {
    let path = file(data_dir);
    match fs::read(&path) {
        Ok(bytes) => {
            let saved = serde_json::from_slice(&bytes);
            Ok(Some(saved.with_context(|| {
                format!(
                    "{} is damaged; delete it to start the embedded S3 on a new address and key",
                    path.display()
                )
            })?))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Writes what the data directory has to remember, if it does not yet.
fn save(data_dir: &Path, saved: &SavedEndpoint) -> Result<()> {
    let path = file(data_dir);
    let content = serde_json::to_vec_pretty(saved)?;
    if fs::read(&path).is_ok_and(|remembered| remembered == content) {
        return Ok(());
    }
    write_secret(&path, &content).with_context(|| format!("cannot write {}", path.display()))
}

/// Where the embedded S3 of a server on the same data directory is.
///
/// # Errors
/// If there has never been one.
pub fn find(data_dir: &Path) -> Result<EmbeddedEndpoint> {
    match load(data_dir)? {
        Some(saved) => Ok(saved.endpoint()),
        None => bail!(
            "there is no embedded S3 in {}: it runs inside of `restow-server serve`; start that first, or name a \
             bucket with --s3-bucket",
            data_dir.display()
        ),
    }
}

/// Starts the embedded S3, on `listen` if that is given. It takes parts from `min_part_size` bytes, and serves
/// `max_connections` connections at once.
///
/// # Errors
/// If the address is taken, or another process uses the data directory.
pub async fn start(
    data_dir: &Path,
    listen: Option<SocketAddr>,
    region: &str,
    min_part_size: u64,
    max_connections: usize,
) -> Result<(EmbeddedS3, EmbeddedEndpoint)> {
    let saved = load(data_dir)?;
    let listener = bind(listen, saved.as_ref().map(|saved| saved.address))?;
    let key = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (access_key, secret_key) = match saved {
        Some(saved) => (saved.access_key, saved.secret_key),
        None => (
            key(&rand::random::<[u8; 12]>()),
            key(&rand::random::<[u8; 32]>()),
        ),
    };
    let saved = SavedEndpoint {
        address: listener.local_addr()?,
        access_key,
        secret_key,
    };
    let endpoint = saved.endpoint();
    let config = Config {
        directory: directory(data_dir),
        listener,
        bucket: BUCKET.to_string(),
        region: region.to_string(),
        credentials: endpoint.credentials.clone(),
        min_part_size,
        max_connections,
    };
    let started = match EmbeddedS3::start(config).await {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            bail!(
                "another server uses the data directory {}",
                data_dir.display()
            )
        }
        started => started.context("cannot start the embedded S3")?,
    };
    save(data_dir, &saved)?;
    Ok((started, endpoint))
}

fn bind(listen: Option<SocketAddr>, saved: Option<SocketAddr>) -> Result<TcpListener> {
    if let Some(address) = listen {
        let bound = restow_connections::listen(address);
        return bound.with_context(|| format!("cannot listen on {address} for the embedded S3"));
    }
    let wanted = saved.unwrap_or(DEFAULT_ADDRESS);
    match restow_connections::listen(wanted) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            if saved.is_some() {
                tracing::warn!(%wanted, "the embedded S3's port is taken; a free one is used, and URLs signed for the old port no longer work");
            }
            Ok(restow_connections::listen(SocketAddr::new(wanted.ip(), 0))?)
        }
        bound => bound.with_context(|| format!("cannot listen on {wanted} for the embedded S3")),
    }
}
