//! What one running server has to itself.

use std::fs;
use std::net::{Ipv4Addr, ToSocketAddrs};
use std::path::{Path, PathBuf};

use anyhow::Result;
use uuid::Uuid;

use super::installation::Installation;
use crate::ports::free_ports;

/// The domain that buckets are hosts of, where URLs are virtual-hosted.
pub const DOMAIN: &str = "localhost";

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
