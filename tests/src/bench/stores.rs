//! What servers stand on: one PostgreSQL that waits for the disk, and one S3 server.

use std::net::SocketAddr;
use std::ops::Sub;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::sleep;

use super::process_tree::ProcessTree;
use crate::s3_server::Kind;
use crate::{BucketPlace, Postgres, S3Server};

/// PostgreSQL keeps what it has read in this memory.
const MEMORY: &str = "-c shared_buffers=512MB";

/// Everything is idle where it has taken less than this part of one processor for this long.
const IDLE: f64 = 0.15;
const IDLE_FOR: Duration = Duration::from_millis(400);

/// How long that is waited for.
const IDLE_TIMEOUT: Duration = Duration::from_mins(2);

/// The stores.
pub struct Stores {
    postgres: Postgres,
    s3: S3Server,
}

/// Seconds of processor time.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    /// Of the service.
    pub service: f64,
    pub postgres: f64,
    pub s3: f64,
    /// Of this program, which makes the load.
    pub client: f64,
}

impl Sub for Cpu {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            service: self.service - before.service,
            postgres: self.postgres - before.postgres,
            s3: self.s3 - before.s3,
            client: self.client - before.client,
        }
    }
}

impl Cpu {
    fn of_servers(self) -> f64 {
        self.service + self.postgres + self.s3
    }
}

impl Stores {
    /// Starts both, with further options of PostgreSQL, which may be empty.
    ///
    /// # Errors
    /// If one is not installed or does not start.
    pub fn start(options: &str) -> Result<Self> {
        Ok(Self {
            postgres: Postgres::start_with(&format!("{MEMORY} {options}"))?,
            s3: S3Server::start(Kind::SeaweedFs)?,
        })
    }

    /// Names and versions of both.
    ///
    /// # Errors
    /// If PostgreSQL does not print its own.
    pub fn versions(&self) -> Result<Vec<String>> {
        Ok(vec![
            format!("{} with fsync", self.postgres.version()?),
            self.s3.to_string(),
        ])
    }

    /// The cluster.
    pub fn postgres(&self) -> &Postgres {
        &self.postgres
    }

    /// The bucket.
    pub fn place(&self) -> BucketPlace {
        self.s3.place()
    }

    /// The environment of a Restow server that keeps its objects in the bucket.
    pub fn s3_environment(&self) -> Vec<(String, String)> {
        self.s3.environment()
    }

    /// Where S3 is served.
    pub fn s3_address(&self) -> SocketAddr {
        self.s3.address()
    }

    /// What has been spent so far, with what a service has spent.
    pub fn cpu(&self, service: ProcessTree) -> Cpu {
        let s3 = self.s3.processes().into_iter();
        Cpu {
            service: service.cpu(),
            postgres: self
                .postgres
                .process()
                .map_or(0.0, |process| ProcessTree(process).cpu()),
            s3: s3.map(|process| ProcessTree(process).cpu()).sum(),
            client: ProcessTree::own_cpu(),
        }
    }

    /// Waits until a service and the stores have ended what they still had to do, so that the next one has the machine
    /// for itself.
    pub async fn wait_until_idle(&self, service: ProcessTree) {
        let begun = Instant::now();
        while begun.elapsed() < IDLE_TIMEOUT {
            let before = self.cpu(service);
            sleep(IDLE_FOR).await;
            let spent = (self.cpu(service) - before).of_servers();
            if spent < IDLE * IDLE_FOR.as_secs_f64() {
                return;
            }
        }
        eprintln!("the servers were still busy after {IDLE_TIMEOUT:?}");
    }
}
