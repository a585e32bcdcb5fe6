//! What one running server has to itself.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, ToSocketAddrs};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use uuid::Uuid;

use super::installation::Installation;

/// The domain that buckets are hosts of, where URLs are virtual-hosted.
pub const DOMAIN: &str = "localhost";

/// Ports below those that systems give to outgoing connections, so that a port is still free when a stopped
/// server comes back to it.
const PORTS: Range<u16> = 10_240..32_768;

/// Maximum number of ports that a server listens on.
const PORTS_NEEDED: usize = 8;

/// Directory, ports and credentials of one server.
#[derive(Debug)]
pub struct Site {
    pub installation: Installation,
    pub directory: PathBuf,
    /// Ports that were free a moment ago; the first is that of S3.
    pub ports: [u16; PORTS_NEEDED],
    /// New for every server, so that a client of a server cannot use another server on the same port.
    pub access_key: String,
    pub secret_key: String,
}

impl Site {
    /// A new site in an empty directory.
    pub fn new(installation: Installation, directory: &Path) -> Result<Self> {
        Ok(Self {
            installation,
            directory: directory.to_path_buf(),
            ports: free_ports()?,
            access_key: Uuid::now_v7().simple().to_string(),
            secret_key: Uuid::now_v7().simple().to_string(),
        })
    }

    /// The port that S3 is served on.
    pub fn s3_port(&self) -> u16 {
        self.ports[0]
    }

    /// The environment that makes a host resolve to this machine in a process that is started with it: none where it
    /// does anyway, a preloaded resolver where one is installed.
    pub fn resolver(&self, host: &str) -> Option<Vec<(String, String)>> {
        let found = (host, self.s3_port()).to_socket_addrs();
        if found
            .is_ok_and(|mut addresses| addresses.any(|address| address.ip() == Ipv4Addr::LOCALHOST))
        {
            return Some(Vec::new());
        }
        let library = Installation::named("nss-wrapper")?
            .join("root/usr/lib/x86_64-linux-gnu/libnss_wrapper.so");
        let hosts = self.directory.join("hosts");
        fs::write(&hosts, format!("127.0.0.1 localhost {host}\n")).ok()?;
        let variables = [("LD_PRELOAD", library), ("NSS_WRAPPER_HOSTS", hosts)];
        Some(
            variables
                .map(|(name, path)| (name.to_string(), path.display().to_string()))
                .into(),
        )
    }
}

/// Different free ports; the search begins at a random port, so that processes rarely collide.
fn free_ports() -> Result<[u16; PORTS_NEEDED]> {
    let size = PORTS.end - PORTS.start;
    let (_, random) = Uuid::now_v7().as_u64_pair();
    let start = u16::try_from(random % u64::from(size))?;
    let candidates = (0..size).map(|step| PORTS.start + (start + step) % size);
    // All are held at once, or the same port would be found again.
    let held: Vec<TcpListener> = candidates
        .filter_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
        .take(PORTS_NEEDED)
        .collect();
    ensure!(held.len() == PORTS_NEEDED, "there are no free ports");
    let mut ports = [0; PORTS_NEEDED];
    for (port, listener) in ports.iter_mut().zip(&held) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}
