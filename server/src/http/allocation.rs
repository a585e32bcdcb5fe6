//! Allocations of a request, counted in the thread that runs the whole server but the database's own threads.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use allocation_counter::{AllocationInfo, measure};
use anyhow::{Context as _, Result, ensure};
use aws_credential_types::Credentials;
use aws_sdk_s3::config::SharedCredentialsProvider;
use restow_embedded_s3::{Config, EmbeddedS3};
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use super::{Server, ServerConfig, serve};
use crate::app::{App, Settings};
use crate::clock;
use crate::plan::PlanLimits;
use crate::rate_limit::TrustedProxies;
use crate::storage::{Addressing, Storage, StorageConfig};
use crate::store::Store;
use crate::token::{self, NewToken, TokenTerms};

/// Requests before the count begins: they open connections and fill caches.
const WARM_UP: usize = 20;

/// Requests that are counted at once.
const COUNTED: u64 = 20;

/// How often they are counted. The fewest count, since other tasks run meanwhile.
const ATTEMPTS: usize = 5;

/// Allocations of a request for one URL, at most: a tenth more than were counted.
const MAX_SINGLE: u64 = 680;

/// The same for a read, which needs no S3.
const MAX_READ: u64 = 96;

/// How many more a request for a thousand URLs may make: none for each URL.
const MAX_MORE_FOR_A_THOUSAND: u64 = 10;

/// A server in the thread that polls it, and its S3 in others.
struct Site {
    server: Runtime,
    address: SocketAddr,
    token: String,
    dataset_id: Uuid,
    _running: Server,
    _s3: (Runtime, EmbeddedS3),
    _directory: TempDir,
}

impl Site {
    fn start() -> Result<Self> {
        let directory = TempDir::new()?;
        let credentials = restow_embedded_s3::Credentials {
            access_key: "access".to_string(),
            secret_key: "secret".to_string(),
        };
        let threads = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let s3 = threads.block_on(start_s3(&directory, credentials))?;
        let server = Builder::new_current_thread().enable_all().build()?;
        let (address, running, token, dataset_id) =
            server.block_on(start_server(&directory, s3.local_addr()))?;
        Ok(Self {
            server,
            address,
            token,
            dataset_id,
            _running: running,
            _s3: (threads, s3),
            _directory: directory,
        })
    }

    /// The fewest allocations that a request made.
    fn allocations(&self, request: &str, expected: &'static str) -> Result<u64> {
        self.run(request, expected, WARM_UP)?;
        let mut fewest = u64::MAX;
        for _ in 0..ATTEMPTS {
            let counted = self.run(request, expected, usize::try_from(COUNTED)?)?;
            fewest = fewest.min(counted.count_total / COUNTED);
        }
        Ok(fewest)
    }

    /// Sends a request several times from another thread, and counts what this one allocates meanwhile.
    fn run(&self, request: &str, expected: &'static str, times: usize) -> Result<AllocationInfo> {
        let (address, request) = (self.address, request.to_string());
        let client = self
            .server
            .spawn_blocking(move || exchange(address, &request, expected, times));
        let mut outcome = None;
        let counted = measure(|| outcome = Some(self.server.block_on(client)));
        outcome.context("nothing ran")???;
        Ok(counted)
    }

    fn request(&self, parts: u64) -> String {
        let body = json!({ "filename": "rows.csv", "file_size": parts * 1024 }).to_string();
        format!(
            "POST /api/datasets/{}/reupload/presigned HTTP/1.1\r\nhost: restow\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.dataset_id,
            self.token,
            body.len()
        )
    }

    fn read(&self) -> String {
        format!(
            "GET /api/datasets/{} HTTP/1.1\r\nhost: restow\r\nauthorization: Bearer {}\r\n\r\n",
            self.dataset_id, self.token
        )
    }
}

async fn start_s3(
    directory: &TempDir,
    credentials: restow_embedded_s3::Credentials,
) -> Result<EmbeddedS3> {
    let config = Config {
        directory: directory.path().join("s3"),
        listener: TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
        bucket: "restow".to_string(),
        region: "us-east-1".to_string(),
        credentials,
        min_part_size: 1024,
        max_connections: 64,
    };
    Ok(EmbeddedS3::start(config).await?)
}

async fn start_server(
    directory: &TempDir,
    s3: SocketAddr,
) -> Result<(SocketAddr, Server, String, Uuid)> {
    let credentials = Credentials::new("access", "secret", None, None, "test");
    let storage = Storage::new(StorageConfig {
        is_embedded: false,
        endpoint: Some(format!("http://{s3}")),
        public_endpoint: None,
        bucket: "restow".to_string(),
        region: "us-east-1".to_string(),
        addressing: Addressing::Path,
        prefix: String::new(),
        credentials: SharedCredentialsProvider::new(credentials),
        upload_credentials: None,
    });
    let settings = Settings {
        plan: PlanLimits {
            part_size: 1024,
            single_part_limit: 1024,
            min_part_size: 1024,
            ..PlanLimits::default()
        },
        ..Settings::default()
    };
    let store = Store::open_file(&directory.path().join("restow.sqlite")).await?;
    store.migrate().await?;
    let (token, now) = (NewToken::generate(), clock::now());
    let principal = store.ensure_principal("alice", now).await?;
    let terms = TokenTerms::unlimited("");
    token::insert(&store, &token, &principal, &terms, now).await?;
    let dataset = store
        .create_dataset(principal.id, "rows", None, now)
        .await?;
    let app = App::new(store, storage.map_err(anyhow::Error::msg)?, settings);
    let config = ServerConfig {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        public_url: None,
        allowed_origins: Vec::new(),
        max_connections: 16,
        idle_timeout: Duration::from_mins(1),
        trusted_proxies: TrustedProxies::default(),
        has_metrics: true,
        tls: None,
    };
    let server = serve(Arc::clone(&app), config)?;
    Ok((server.local_addr(), server, token.secret, dataset.id))
}

/// Sends a request several times on one connection, and reads the responses, which begin as expected.
fn exchange(address: SocketAddr, request: &str, expected: &str, times: usize) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    for _ in 0..times {
        stream.write_all(request.as_bytes())?;
        let mut response = Vec::new();
        let mut buffer = [0; 16 * 1024];
        while !is_whole(&response)? {
            let length = stream.read(&mut buffer)?;
            ensure!(length > 0, "the connection was closed");
            response.extend_from_slice(&buffer[..length]);
        }
        ensure!(
            response.starts_with(expected.as_bytes()),
            "{}",
            String::from_utf8_lossy(&response)
        );
    }
    Ok(())
}

/// Whether a response has its head, and a body of the length in it.
fn is_whole(response: &[u8]) -> Result<bool> {
    let Some(head) = response.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return Ok(false);
    };
    let text = std::str::from_utf8(&response[..head])?;
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.context("no content-length")?.parse()?;
    Ok(response.len() >= head + 4 + length)
}

#[test]
fn requests_allocate_no_more_than_stated() -> Result<()> {
    let site = Site::start()?;
    let read = site.allocations(&site.read(), "HTTP/1.1 200")?;
    let single = site.allocations(&site.request(1), "HTTP/1.1 201")?;
    let thousand = site.allocations(&site.request(1_000), "HTTP/1.1 201")?;
    println!(
        "allocations: {read} of a read, {single} of a request for one URL, {thousand} for a thousand"
    );
    assert!(read <= MAX_READ, "a read makes {read} allocations");
    assert!(
        single <= MAX_SINGLE,
        "a request for one URL makes {single} allocations"
    );
    assert!(
        thousand <= single + MAX_MORE_FOR_A_THOUSAND,
        "a request for a thousand URLs makes {thousand} allocations, and one for one {single}"
    );
    Ok(())
}
