//! Certificates of private authorities: how they are trusted, and what is said where they are not.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use restow_sdk::{CertificateProblem, Client, Error};
use restow_tests::tls_front::Fault;
use restow_tests::{Authority, BucketPlace, TlsFront};

use super::shell::{Shell, server_url};
use crate::fixture::{System, with_token};

/// Time in which a certificate that is refused must be reported.
const MAX_REPORT_TIME: Duration = Duration::from_secs(5);

/// A server behind TLS, whose authority is in the file `ca.pem` of a shell.
struct Site {
    system: System,
    front: TlsFront,
    shell: Shell,
}

impl Site {
    fn start(fault: Fault) -> Result<Self> {
        let (system, authority) = (System::start()?, Authority::new()?);
        let front = authority.front(server_url(&system.client), fault)?;
        let shell = Shell::at(&system)?.with("RESTOW_ENDPOINT", &front.url());
        shell.write("ca.pem", authority.pem())?;
        Ok(Self {
            system,
            front,
            shell,
        })
    }

    /// Path of the authority's certificate.
    fn ca(&self) -> String {
        self.shell.path("ca.pem").display().to_string()
    }
}

#[tokio::test]
async fn unknown_authority_is_named() -> Result<()> {
    let site = Site::start(Fault::None)?;
    let started = Instant::now();
    let ran = site.shell.ends(8, &["dataset", "list"]).await?;
    assert!(started.elapsed() < MAX_REPORT_TIME, "{ran:?}");
    for text in [
        "the certificate of 127.0.0.1 (the API) is not signed by a trusted",
        "--ca-file",
    ] {
        assert!(ran.stderr.contains(text), "{text}: {ran:?}");
    }
    assert!(!ran.stderr.contains("is running"), "{ran:?}");
    let ran = site.shell.ends(8, &["dataset", "list", "--json"]).await?;
    assert_eq!(ran.error()?["type"], "certificate_refused");
    Ok(())
}

#[tokio::test]
async fn private_authority_is_trusted_if_named() -> Result<()> {
    let mut site = Site::start(Fault::None)?;
    site.system.dataset("weather").await?;
    let ca = site.ca();
    std::fs::create_dir(site.shell.path("authorities"))?;
    std::fs::copy(&ca, site.shell.path("authorities/corp.pem"))?;
    let directory = site.shell.path("authorities").display().to_string();
    let list = ["dataset", "list"];
    let trusting = [&list[..], &["--ca-file", &ca]].concat();
    let ran = site.shell.run(&trusting).await?;
    assert!(ran.stdout.contains("weather"), "{ran:?}");
    for (name, value) in [
        ("SSL_CERT_FILE", &ca),
        ("SSL_CERT_DIR", &directory),
        ("AWS_CA_BUNDLE", &ca),
    ] {
        site.shell = site.shell.with(name, value);
        let ran = site.shell.run(&list).await?;
        assert!(ran.stdout.contains("weather"), "{name}: {ran:?}");
        site.shell = site.shell.without(name);
    }
    site.shell.ends(8, &list).await?;
    let client = Client::builder(&site.front.url(), site.system.server.token());
    let client = client.ca_file(&ca).build()?;
    client.find_dataset("weather").await?;
    Ok(())
}

#[tokio::test]
async fn login_keeps_the_authority() -> Result<()> {
    let site = Site::start(Fault::None)?;
    site.shell.write("token", site.system.server.token())?;
    // The path is relative, and later commands run elsewhere.
    let login =
        "restow login --ca-file ca.pem --token-stdin < token && cd / && restow dataset list";
    let shell = site.shell.without("RESTOW_TOKEN");
    let ran = super::shell::Ran::of(shell.bash(login)).await?;
    assert_eq!(ran.code, 0, "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn wrong_path_is_named() -> Result<()> {
    let mut site = Site::start(Fault::None)?;
    site.shell.write("empty.pem", "")?;
    let empty = site.shell.path("empty.pem").display().to_string();
    let list = ["dataset", "list"];
    for (name, value) in [
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
        ("SSL_CERT_DIR", "/nowhere"),
        ("AWS_CA_BUNDLE", "/nowhere/bundle.pem"),
        ("SSL_CERT_FILE", &empty),
    ] {
        site.shell = site.shell.with(name, value);
        let ran = site.shell.ends(2, &list).await?;
        assert!(
            ran.stderr.contains(name) && ran.stderr.contains(value),
            "{ran:?}"
        );
        let ran = site.shell.ends(1, &["doctor"]).await?;
        assert!(
            ran.stdout.contains(name) && ran.stdout.contains(value),
            "{ran:?}"
        );
        site.shell = site.shell.without(name);
    }
    let missing = [&list[..], &["--ca-file", "/nowhere/ca.pem"]].concat();
    let ran = site.shell.ends(2, &missing).await?;
    assert!(ran.stderr.contains("/nowhere/ca.pem"), "{ran:?}");
    Ok(())
}

#[tokio::test]
async fn certificate_of_another_host_or_time_is_named() -> Result<()> {
    for (fault, problem, text) in [
        (
            Fault::OtherHost,
            CertificateProblem::OtherHost,
            "use the host name that the certificate is for",
        ),
        (
            Fault::Expired,
            CertificateProblem::Expired,
            "renew the certificate",
        ),
    ] {
        let site = Site::start(fault)?;
        let ca = site.ca();
        let arguments = ["dataset", "list", "--ca-file", &ca];
        let ran = site.shell.ends(8, &arguments).await?;
        assert!(ran.stderr.contains(text), "{ran:?}");
        let client = Client::builder(&site.front.url(), site.system.server.token());
        let found = client.ca_file(&ca).build()?.find_dataset("weather").await;
        let error = found.err().context("the certificate was accepted")?;
        let Error::Certificate { problem: found, .. } = &error else {
            anyhow::bail!("{error:?}")
        };
        assert_eq!(*found, problem);
        assert!(!error.is_transient());
    }
    Ok(())
}

/// A server whose clients reach S3 by TLS.
fn with_tls_to_s3(store: &System, front: &TlsFront) -> Result<System> {
    let public = BucketPlace {
        endpoint: front.url(),
        ..store.place.clone()
    };
    let environment = public.environment(&store.place.endpoint);
    System::start_in(with_token(&environment)?, environment, &[])
}

#[tokio::test]
async fn authority_of_s3_is_needed_for_uploads() -> Result<()> {
    let store = System::start_with(&[("--no-worker", ""), ("--no-reaper", "")])?;
    let authority = Authority::new()?;
    let front = authority.front(&store.place.endpoint, Fault::None)?;
    let system = with_tls_to_s3(&store, &front)?;
    let shell = Shell::at(&system)?;
    shell.write("ca.pem", authority.pem())?;
    shell.write("rows.csv", "a,b\n1,2\n")?;
    let started = Instant::now();
    let push = ["push", "rows.csv", "--create"];
    let ran = shell.ends(8, &push).await?;
    assert!(started.elapsed() < MAX_REPORT_TIME, "{ran:?}");
    for text in ["the certificate of 127.0.0.1 (S3)", "--ca-file"] {
        assert!(ran.stderr.contains(text), "{text}: {ran:?}");
    }
    shell
        .run(&[&push[..], &["--ca-file", "ca.pem"]].concat())
        .await?;
    let dataset = system.client.find_dataset("rows").await?;
    assert_eq!(dataset.current_version, Some(1));
    shell
        .run(&["pull", "rows", "-o", "again.csv", "--ca-file", "ca.pem"])
        .await?;
    assert_eq!(&shell.read("again.csv")?[..], b"a,b\n1,2\n");
    Ok(())
}
