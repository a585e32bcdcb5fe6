//! How the services that are not Restow are started.

use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::time::sleep;
use uuid::Uuid;

use super::arguments::{Arguments, S3Client};
use super::kind::Kind;
use crate::Postgres;
use crate::bench::connection::Connection;
use crate::bench::process_tree::ProcessTree;
use crate::bench::stores::Stores;
use crate::bucket::REGION;
use crate::ports::free_ports;
use crate::s3_server::daemons::Daemons;

/// How long a service may take to start, and how often it is tried.
const START_TIMEOUT: Duration = Duration::from_mins(1);
const INTERVAL: Duration = Duration::from_millis(50);

/// Processes of the FastAPI service: one for each of the processors of the machine that the targets are for.
const WORKERS: &str = "2";

/// A service that runs.
pub struct Peer {
    pub address: SocketAddr,
    pub token: String,
    pub dataset: Uuid,
    // Dropped before the directory that the process works in.
    daemons: Daemons,
    _directory: TempDir,
}

impl Peer {
    /// Starts it on a database of its own, with a token and a dataset in it.
    ///
    /// # Errors
    /// If it does not start; the error has the end of its log.
    pub async fn start(kind: Kind, stores: &Stores, arguments: &Arguments) -> Result<Self> {
        let directory = TempDir::with_prefix("restow-bench-peer-")?;
        let [port] = free_ports()?;
        let (token, dataset) = (Uuid::new_v4().simple().to_string(), Uuid::new_v4());
        let name = match kind {
            Kind::FastApi => "fastapi",
            Kind::FastApiCreating => "fastapi_creating",
            Kind::Restow | Kind::Axum => "axum",
        };
        let socket = stores.postgres().socket();
        Postgres::create_database(socket, name)?;
        // asyncpg would take the host of the other form for one on the network.
        let socket = socket.display();
        let database = format!("postgresql:///{name}?user=restow&host={socket}");
        prepare(stores, name, arguments, (&token, dataset))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut command = program(kind, arguments, address);
        command.envs(environment(kind, stores, arguments, &database));
        let mut daemons = Daemons::new(directory.path(), &[])?;
        daemons.spawn("peer", command)?;
        let peer = Self {
            address,
            token,
            dataset,
            daemons,
            _directory: directory,
        };
        peer.wait_until_ready()
            .await
            .with_context(|| peer.daemons.log_tail())?;
        Ok(peer)
    }

    /// Its processes.
    ///
    /// # Errors
    /// If it does not run.
    pub fn tree(&self) -> Result<ProcessTree> {
        let processes = self.daemons.processes();
        processes
            .first()
            .map(|process| ProcessTree(*process))
            .context("the service does not run")
    }

    async fn wait_until_ready(&self) -> Result<()> {
        let begun = Instant::now();
        let mut connection = Connection::without_token(self.address);
        while let Err(error) = connection.get("/healthz").await {
            ensure!(
                begun.elapsed() < START_TIMEOUT,
                "the service does not start: {error:#}"
            );
            sleep(INTERVAL).await;
        }
        Ok(())
    }
}

/// The tables, and the rows that requests find.
fn prepare(
    stores: &Stores,
    database: &str,
    arguments: &Arguments,
    (token, dataset): (&str, Uuid),
) -> Result<()> {
    let principal = Uuid::new_v4();
    let mut hash = String::new();
    for byte in Sha256::digest(token) {
        let _ = write!(hash, "{byte:02x}");
    }
    let schema = &arguments.peers.schema;
    let statements = [
        fs::read_to_string(schema).with_context(|| format!("no {}", schema.display()))?,
        format!("INSERT INTO tokens VALUES ('\\x{hash}', '{principal}')"),
        format!(
            "INSERT INTO datasets (id, principal_id, name) VALUES ('{dataset}', '{principal}', 'bench')"
        ),
    ];
    Postgres::run_sql(stores.postgres().socket(), database, &statements).map(drop)
}

fn program(kind: Kind, arguments: &Arguments, address: SocketAddr) -> Command {
    let peers = &arguments.peers;
    if kind == Kind::Axum {
        let mut command = Command::new(&peers.axum);
        command.env("PEER_LISTEN", address.to_string());
        return command;
    }
    let mut command = Command::new(&peers.uvicorn);
    command
        .args(["app:app", "--loop", "uvloop", "--http", "httptools"])
        .args(["--workers", WORKERS, "--no-access-log"])
        .args(["--log-level", "warning", "--host", "127.0.0.1", "--port"])
        .arg(address.port().to_string());
    command.current_dir(&peers.fastapi);
    command
}

fn environment(
    kind: Kind,
    stores: &Stores,
    arguments: &Arguments,
    database: &str,
) -> Vec<(&'static str, String)> {
    let place = stores.place();
    let client = match arguments.python_s3 {
        S3Client::Boto3 => "boto3",
        S3Client::Aiobotocore => "aiobotocore",
    };
    let creates = if kind == Kind::FastApi { "0" } else { "1" };
    vec![
        ("PEER_DATABASE_URL", database.to_string()),
        ("PEER_S3_ENDPOINT", place.endpoint),
        ("PEER_S3_BUCKET", place.name),
        ("PEER_S3_CLIENT", client.to_string()),
        ("PEER_CREATES", creates.to_string()),
        ("AWS_ACCESS_KEY_ID", place.access_key),
        ("AWS_SECRET_ACCESS_KEY", place.secret_key),
        ("AWS_DEFAULT_REGION", REGION.to_string()),
        // Compiled files would be written into the source.
        ("PYTHONDONTWRITEBYTECODE", "1".to_string()),
    ]
}
