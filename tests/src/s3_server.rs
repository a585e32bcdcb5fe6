//! Real, independent S3 servers on this machine, each with a bucket of its own, gone at the end.
//!
//! | module | what |
//! |---|---|
//! | `kind` | which servers there are |
//! | `seaweedfs`, `ceph` | how each is started |
//! | `installation` | where `cargo xtask install` put them |
//! | `site` | what one running server has to itself: directory, ports, credentials |
//! | `daemons` | its processes, which never outlive the tests |
//! | `bucket` | its bucket, and when it is ready |
//! | `shared` | its address and credentials for other processes |
//! | `vacuum` | waiting until deleted data is removed |

mod bucket;
mod ceph;
mod command;
pub(crate) mod daemons;
mod installation;
mod kind;
mod seaweedfs;
mod shared;
mod site;
mod vacuum;

use std::fmt;
use std::io::{Write, stderr};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use uuid::Uuid;

use self::bucket::BUCKET;
use self::daemons::{Daemons, Ended};
use self::installation::Installation;
pub use self::kind::Kind;
pub use self::shared::{S3_VARIABLE, SharedS3Server};
use self::site::{DOMAIN, Site};
use crate::bucket::{BucketPlace, REGION};

/// Where it is set, a server that is not installed is a failure rather than a reason to skip.
const REQUIRED: &str = "RESTOW_REQUIRE_S3_SERVERS";

/// Maximum number of starts of a server; another process may take a port just before it does.
const MAX_ATTEMPTS: u32 = 3;

/// A running server with an empty bucket, which is killed when it is dropped.
#[derive(Debug)]
pub struct S3Server {
    kind: Kind,
    version: String,
    site: Site,
    // Dropped before the directory that the processes work in.
    daemons: Daemons,
    _directory: TempDir,
}

impl S3Server {
    /// The servers that are installed.
    pub fn available() -> Vec<Kind> {
        Kind::ALL
            .into_iter()
            .filter(|kind| kind.installation().is_some())
            .collect()
    }

    /// Starts a server if it is installed, and prints whether it is; `None` if it is not.
    ///
    /// # Errors
    /// If it does not start, or is not installed although `RESTOW_REQUIRE_S3_SERVERS` is set.
    pub fn start_if_installed(kind: Kind) -> Result<Option<Self>> {
        if kind.installation().is_none() && std::env::var_os(REQUIRED).is_none() {
            announce(&format!(
                "SKIPPED: {kind} is not installed; cargo xtask install"
            ));
            return Ok(None);
        }
        Self::start(kind).map(Some)
    }

    /// Starts a server and waits until its bucket takes uploads.
    ///
    /// # Errors
    /// If it is not installed or does not start; the error has the end of its logs.
    pub fn start(kind: Kind) -> Result<Self> {
        let begun = Instant::now();
        let installed = kind.installation();
        let installation =
            installed.with_context(|| format!("{kind} is not installed; cargo xtask install"))?;
        let mut attempt = 1;
        loop {
            match Self::start_once(kind, installation.clone()) {
                Ok(server) => {
                    announce(&format!(
                        "{kind} {}, up after {:.1} s",
                        server.version,
                        begun.elapsed().as_secs_f32()
                    ));
                    return Ok(server);
                }
                Err(error) if attempt < MAX_ATTEMPTS && error.is::<Ended>() => {
                    announce(&format!(
                        "{kind}, again on other ports: {:#}",
                        error.root_cause()
                    ));
                    attempt += 1;
                }
                Err(error) => return Err(error.context(format!("{kind} did not start"))),
            }
        }
    }

    fn start_once(kind: Kind, installation: Installation) -> Result<Self> {
        let version = kind.version(&installation)?;
        let directory = TempDir::with_prefix(format!("restow-{}-", kind.name()))?;
        let site = Site::new(installation, directory.path())?;
        let daemons = Daemons::new(directory.path(), &kind.sockets(&site))?;
        let mut server = Self {
            kind,
            version,
            site,
            daemons,
            _directory: directory,
        };
        server.bring_up().with_context(|| server.log_tail())?;
        Ok(server)
    }

    fn bring_up(&mut self) -> Result<()> {
        match self.kind {
            Kind::SeaweedFs => seaweedfs::prepare(&self.site)?,
            Kind::Ceph => ceph::prepare(&self.site, &mut self.daemons)?,
        }
        self.open_gateway()
    }

    fn open_gateway(&mut self) -> Result<()> {
        self.daemons
            .spawn(self.kind.name(), self.kind.gateway(&self.site))?;
        bucket::wait_until_ready(&self.client(), &mut self.daemons)
    }

    /// Kills the gateway, as a crash would; stored data stays.
    ///
    /// # Errors
    /// If it cannot be killed.
    pub fn stop(&mut self) -> Result<()> {
        self.daemons.kill(self.kind.name())
    }

    /// Restarts the gateway at the same address, and waits until the bucket takes uploads again.
    ///
    /// # Errors
    /// If it does not start; the error has the end of its logs.
    pub fn start_again(&mut self) -> Result<()> {
        self.open_gateway().with_context(|| self.log_tail())
    }

    /// Removes deleted data for good, where the server postpones that.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn collect_garbage(&mut self) -> Result<()> {
        match self.garbage_collection() {
            None => Ok(()),
            Some(command) => self
                .daemons
                .run("garbage", command)
                .with_context(|| self.log_tail()),
        }
    }

    fn garbage_collection(&self) -> Option<Command> {
        self.kind.garbage_collection(&self.site)
    }

    /// Waits until the space of deleted data is free again, once the bucket is almost empty; does nothing where the
    /// server frees it on its own schedule.
    ///
    /// # Errors
    /// If the space is not freed within minutes.
    pub async fn wait_for_room(&self) -> Result<()> {
        match self.kind {
            Kind::SeaweedFs => vacuum::until_empty(&self.site)
                .await
                .with_context(|| self.to_string()),
            Kind::Ceph => Ok(()),
        }
    }

    /// Which server it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its version, as it reports it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The address of its endpoint.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.site.s3_port()).into()
    }

    /// URL of the endpoint for path-style addressing.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Its bucket.
    pub fn bucket(&self) -> &'static str {
        BUCKET
    }

    /// The region that requests are signed for.
    pub fn region(&self) -> &'static str {
        REGION
    }

    /// The access key of the bucket's owner.
    pub fn access_key(&self) -> &str {
        &self.site.access_key
    }

    /// The secret key of the bucket's owner.
    pub fn secret_key(&self) -> &str {
        &self.site.secret_key
    }

    /// A client of the bucket's owner, for the runtime that it is used in.
    pub fn client(&self) -> aws_sdk_s3::Client {
        bucket::client(&self.endpoint(), &self.site)
    }

    /// Where its bucket is, and with which key.
    pub fn place(&self) -> BucketPlace {
        BucketPlace {
            endpoint: self.endpoint(),
            name: BUCKET.to_string(),
            access_key: self.access_key().to_string(),
            secret_key: self.secret_key().to_string(),
        }
    }

    /// A further user, who may do nothing with the bucket until its policy allows it: where the bucket is, with their key.
    ///
    /// # Errors
    /// If the server has no such users, or refuses.
    pub fn add_user(&mut self, name: &str) -> Result<BucketPlace> {
        ensure!(self.kind == Kind::Ceph, "{} has no users", self.kind);
        let place = BucketPlace {
            access_key: Uuid::new_v4().simple().to_string(),
            secret_key: Uuid::new_v4().simple().to_string(),
            ..self.place()
        };
        let command = ceph::user(&self.site, name, &place.access_key, &place.secret_key);
        self.daemons.run("user-add", command)?;
        Ok(place)
    }

    /// The environment of a Restow server that keeps its objects in the bucket.
    pub fn environment(&self) -> Vec<(String, String)> {
        self.environment_with(&self.endpoint(), "path")
    }

    /// The same for virtual-hosted addressing, whose URLs name [`Self::virtual_host`]; `None` where that host
    /// cannot be made to resolve.
    pub fn virtual_environment(&self) -> Option<Vec<(String, String)>> {
        let resolver = self.site.resolver(&self.virtual_host())?;
        let endpoint = format!("http://{DOMAIN}:{}", self.site.s3_port());
        Some([self.environment_with(&endpoint, "virtual"), resolver].concat())
    }

    /// The bucket as a host. Only processes with [`Self::virtual_environment`] are sure to resolve it; others need
    /// a mapping to [`Self::address`].
    pub fn virtual_host(&self) -> String {
        format!("{BUCKET}.{DOMAIN}")
    }

    /// Identifiers of its processes.
    pub fn processes(&self) -> Vec<u32> {
        self.daemons.processes()
    }

    /// The end of what its processes have logged.
    pub fn log_tail(&self) -> String {
        self.daemons.log_tail()
    }

    fn environment_with(&self, endpoint: &str, addressing: &str) -> Vec<(String, String)> {
        let mut variables = BucketPlace {
            endpoint: endpoint.to_string(),
            ..self.place()
        }
        .environment(endpoint);
        let further = [
            ("RESTOW_S3_REGION", REGION),
            ("RESTOW_S3_ADDRESSING", addressing),
        ];
        variables.extend(further.map(|(name, value)| (name.to_string(), value.to_string())));
        variables
    }
}

impl fmt::Display for S3Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.version)
    }
}

/// Prints a line that the test runner does not capture. Errors are ignored: stderr may be closed.
fn announce(line: &str) {
    let _ = writeln!(stderr(), "{line}");
}
