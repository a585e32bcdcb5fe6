//! TLS in the server's own process.

mod client;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use restow_sdk::{Client, CommitPolicy};
use restow_tests::tls_front::{Fault, Identity};
use restow_tests::{Authority, ServerOptions, ServerProcess};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use self::client::{certificate, handshake};
use crate::fixture::{Clock, Wire, eventually, executable};

/// First byte of a TLS record with an alert (RFC 8446, section 5.1).
const ALERT: u8 = 21;

/// First bytes of a handshake: a record that is longer than what follows.
const HALF_A_HELLO: &[u8] = &[22, 3, 1, 2, 0, 1];

/// A server with TLS, and the authority that issued its certificate.
struct Site {
    authority: Authority,
    server: ServerProcess,
    directory: TempDir,
}

impl Site {
    fn start(options: &[(&str, &str)]) -> Result<Self> {
        let (authority, directory) = (Authority::new()?, TempDir::new()?);
        write(&directory, &authority.issue(Fault::None)?)?;
        fs::write(directory.path().join("ca.pem"), authority.pem())?;
        let mut all = server_options(&directory);
        for (name, value) in options {
            all = all.with(name, value);
        }
        Ok(Self {
            authority,
            server: ServerProcess::start(&all)?,
            directory,
        })
    }

    fn address(&self) -> &str {
        self.server.url().trim_start_matches("https://")
    }

    fn client(&self) -> Result<Client> {
        let builder = Client::builder(self.server.url(), self.server.token());
        Ok(builder.ca_file(self.file("ca.pem")).build()?)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The certificate that a new connection is shown.
    async fn certificate(&self) -> Result<Vec<u8>> {
        let stream = handshake(self.address(), &self.authority, &["http/1.1"]).await?;
        certificate(&stream)
    }
}

fn write(directory: &TempDir, identity: &Identity) -> Result<()> {
    fs::write(directory.path().join("tls.crt"), &identity.certificate)?;
    Ok(fs::write(directory.path().join("tls.key"), &identity.key)?)
}

fn server_options(directory: &TempDir) -> ServerOptions {
    let path = |name: &str| directory.path().join(name).display().to_string();
    ServerOptions::new(executable(), directory.path().join("data"))
        .with("--tls-certificate", &path("tls.crt"))
        .with("--tls-key", &path("tls.key"))
        .with("--drain", "0s")
}

#[tokio::test]
async fn sdk_uploads_through_tls() -> Result<()> {
    let site = Site::start(&[])?;
    assert!(site.server.url().starts_with("https://"));
    let client = site.client()?;
    let dataset = client
        .api()
        .create_dataset()
        .body(restow_sdk::generated::types::DatasetNameRequest {
            name: "weather".parse()?,
        })
        .send()
        .await?;
    let file = site.file("a.csv");
    fs::write(&file, "a,b\n1,2\n")?;
    let reupload = client
        .reupload(dataset.id)
        .file(&file)
        .commit(CommitPolicy::Always)
        .send()
        .await?;
    assert_eq!(reupload.version.context("no version")?.version, 1);
    // A client that does not know the authority sends nothing.
    let unknown = Client::new(site.server.url(), site.server.token())?;
    assert!(unknown.find_dataset("weather").await.is_err());
    Ok(())
}

#[tokio::test]
async fn only_http_1_1_is_negotiated() -> Result<()> {
    let site = Site::start(&[])?;
    let stream = handshake(site.address(), &site.authority, &["h2", "http/1.1"]).await?;
    let protocol = stream.get_ref().1.alpn_protocol();
    assert_eq!(protocol, Some(b"http/1.1".as_slice()));
    let refused = handshake(site.address(), &site.authority, &["h2"]).await;
    assert!(refused.is_err());
    Ok(())
}

#[tokio::test]
async fn replaced_certificate_is_served() -> Result<()> {
    let site = Site::start(&[])?;
    let first = site.certificate().await?;
    let client = site.client()?;
    client.api().list_datasets().send().await?;
    write(&site.directory, &site.authority.issue(Fault::None)?)?;
    let second = eventually("the new certificate is served", || async {
        let found = site.certificate().await.ok()?;
        (found != first).then_some(found)
    })
    .await;
    // A signal does not end the process, and has the files read at once.
    write(&site.directory, &site.authority.issue(Fault::None)?)?;
    site.server.signal("HUP")?;
    eventually("the certificate after the signal is served", || async {
        let found = site.certificate().await.ok()?;
        (found != first && found != second).then_some(())
    })
    .await;
    client.api().list_datasets().send().await?;
    Ok(())
}

#[tokio::test]
async fn unusable_replacement_is_not_served() -> Result<()> {
    let site = Site::start(&[])?;
    let first = site.certificate().await?;
    for fault in [Fault::Expired, Fault::None] {
        let mut odd = site.authority.issue(fault)?;
        if fault == Fault::None {
            odd.key = site.authority.issue(fault)?.key;
        }
        let before = site.server.log()?.matches("was not replaced").count();
        write(&site.directory, &odd)?;
        site.server.signal("HUP")?;
        eventually("the failure is logged", || async {
            let log = site.server.log().ok()?;
            (log.matches("was not replaced").count() > before).then_some(())
        })
        .await;
        assert_eq!(site.certificate().await?, first);
    }
    let log = site.server.log()?;
    assert!(log.contains("expired at") && log.contains("is not the key"));
    assert!(!log.contains("PRIVATE KEY"));
    Ok(())
}

#[tokio::test]
async fn replacement_is_served_once_it_is_valid() -> Result<()> {
    let (authority, directory) = (Authority::new()?, TempDir::new()?);
    let clock = Clock::in_directory(directory.path());
    clock.set(TimeDelta::days(-3_650))?;
    write(&directory, &authority.issue(Fault::None)?)?;
    let options = server_options(&directory).with_environment(vec![clock.variable()]);
    let site = Site {
        authority,
        server: ServerProcess::start(&options)?,
        directory,
    };
    let first = site.certificate().await?;
    let later = site.authority.issue(Fault::NotYetValid)?;
    write(&site.directory, &later)?;
    eventually("the rejection is logged", || async {
        let log = site.server.log().ok()?;
        log.contains("is not valid before 2020").then_some(())
    })
    .await;
    assert_eq!(site.certificate().await?, first);
    // The files stay as they are.
    clock.set(TimeDelta::zero())?;
    eventually("the replacement is served", || async {
        let found = site.certificate().await.ok()?;
        (found != first).then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn plain_http_gets_an_alert() -> Result<()> {
    let site = Site::start(&[])?;
    let mut stream = TcpStream::connect(site.address()).await?;
    // Longer than what a handshake reads at once: bytes that are not read would reset the connection.
    let request = format!(
        "GET /healthz HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n",
        "x".repeat(100_000)
    );
    stream.write_all(request.as_bytes()).await?;
    let mut response = Vec::new();
    timeout(Duration::from_secs(20), stream.read_to_end(&mut response)).await??;
    assert_eq!(response.first(), Some(&ALERT));
    let tls = handshake(site.address(), &site.authority, &[]).await;
    assert!(tls.is_ok());
    Ok(())
}

#[tokio::test]
async fn handshakes_are_bounded_like_silence() -> Result<()> {
    let site = Site::start(&[("--idle-timeout", "1s"), ("--max-connections", "4")])?;
    let url = site.server.url();
    let mut halves = [Wire::to(url).await?, Wire::to(url).await?];
    for half in &mut halves {
        half.send(HALF_A_HELLO).await?;
    }
    for half in &mut halves {
        timeout(Duration::from_secs(20), half.closed()).await??;
    }
    // Handshakes that are not finished hold slots, and give them up for others.
    let held = [
        Wire::to(url).await?,
        Wire::to(url).await?,
        Wire::to(url).await?,
    ];
    timeout(
        Duration::from_secs(20),
        site.client()?.api().list_datasets().send(),
    )
    .await??;
    drop(held);
    let metrics = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([reqwest::Certificate::from_pem(
            site.authority.pem().as_bytes(),
        )?])
        .build()?
        .get(format!("{url}/metrics"));
    let metrics = metrics.send().await?.text().await?;
    let evicted = |line: &str| {
        line.strip_prefix("restow_evicted_connections_total ")?
            .parse()
            .ok()
    };
    let evicted: Option<u32> = metrics.lines().find_map(evicted);
    assert!(evicted.is_some_and(|number| number >= 1), "{metrics}");
    assert!(!metrics.contains("restow_tls_certificate_expiry_timestamp_seconds 0"));
    Ok(())
}

#[test]
fn unusable_certificates_are_refused_at_start() -> Result<()> {
    let (authority, directory) = (Authority::new()?, TempDir::new()?);
    let good = authority.issue(Fault::None)?;
    let expired = authority.issue(Fault::Expired)?;
    let other = authority.issue(Fault::None)?;
    let cases = [
        (expired.certificate, expired.key, "expired at 2001-01-01"),
        (
            good.certificate.clone(),
            other.key,
            "is not the key of the first certificate",
        ),
        (
            "none".to_string(),
            good.key.clone(),
            "contains no certificate in PEM form",
        ),
        (
            good.certificate.clone(),
            good.certificate.clone(),
            "contains no private key",
        ),
        (
            good.certificate.replacen("\nMII", "\nAII", 1),
            good.key,
            "contains a damaged certificate",
        ),
    ];
    for (certificate, key, words) in cases {
        write(&directory, &Identity { certificate, key })?;
        let refused = ServerProcess::start(&server_options(&directory));
        let said = refused.err().context("the server started")?.to_string();
        assert!(said.contains(words), "{words}: {said}");
        assert!(said.contains("tls."), "no file is named: {said}");
    }
    fs::remove_file(directory.path().join("tls.key"))?;
    let refused = ServerProcess::start(&server_options(&directory));
    let said = refused.err().context("the server started")?.to_string();
    assert!(said.contains("tls.key: No such file"), "{said}");
    let half = ServerOptions::new(executable(), directory.path().join("data"))
        .with("--tls-certificate", "tls.crt");
    let refused = ServerProcess::start(&half);
    let said = refused.err().context("the server started")?.to_string();
    assert!(said.contains("must be set together"), "{said}");
    Ok(())
}
