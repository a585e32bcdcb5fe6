//! Proxies between the command and its servers.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use anyhow::Result;
use restow_tests::tls_front::Fault;
use restow_tests::web_proxy::{PASSWORD, USER};
use restow_tests::{Authority, Conduct, TlsFront, WebProxy};

use super::shell::{Shell, server_url};
use crate::fixture::System;

/// Time in which a proxy that is of no use must be reported.
const MAX_REPORT_TIME: Duration = Duration::from_secs(5);

/// Host and port of a server.
fn host(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, host)| host)
}

/// A shell with a system behind TLS, whose authority it trusts, so that proxies make tunnels.
struct Tunnelled {
    _system: System,
    front: TlsFront,
    shell: Shell,
}

fn tunnelled() -> Result<Tunnelled> {
    let (system, authority) = (System::start()?, Authority::new()?);
    let front = authority.front(server_url(&system.client), Fault::None)?;
    let shell = Shell::at(&system)?.with("RESTOW_ENDPOINT", &front.url());
    shell.write("ca.pem", authority.pem())?;
    let ca = shell.path("ca.pem").display().to_string();
    Ok(Tunnelled {
        shell: shell.with("AWS_CA_BUNDLE", &ca),
        _system: system,
        front,
    })
}

#[tokio::test]
async fn requests_go_through_the_proxy() -> Result<()> {
    let system = System::start()?;
    let proxy = WebProxy::start(Conduct::Forward)?;
    let shell = Shell::at(&system)?.with("HTTP_PROXY", &proxy.address());
    shell.write("rows.csv", "a,b\n1,2\n")?;
    shell.run(&["push", "rows.csv", "--create"]).await?;
    let reached = proxy.reached();
    let api = host(server_url(&system.client)).to_string();
    let s3 = host(&system.place.endpoint).to_string();
    assert!(
        reached.contains(&api) && reached.contains(&s3),
        "{reached:?}"
    );
    let findings = shell.json(&["doctor"]).await?.to_string();
    for (name, server) in [("server_proxy", &api), ("s3_proxy", &s3)] {
        let text = format!(
            "requests to http://{server} go through the proxy http://{} (HTTP_PROXY)",
            proxy.address()
        );
        assert!(findings.contains(&text), "{name}: {findings}");
    }
    Ok(())
}

#[tokio::test]
async fn excluded_hosts_are_reached_directly() -> Result<()> {
    let system = System::start()?;
    let proxy = WebProxy::start(Conduct::Forward)?;
    let shell = Shell::at(&system)?
        .with("HTTP_PROXY", &proxy.address())
        .with("NO_PROXY", "[::1], 127.0.0.0/8");
    shell.run(&["dataset", "list"]).await?;
    assert!(proxy.reached().is_empty(), "{:?}", proxy.reached());
    Ok(())
}

#[tokio::test]
async fn tunnels_and_socks_lead_to_the_server() -> Result<()> {
    let Tunnelled {
        front,
        mut shell,
        _system,
    } = tunnelled()?;
    let server = host(&front.url()).to_string();
    for scheme in ["http", "socks5", "socks5h"] {
        let proxy = WebProxy::start(Conduct::Forward)?;
        shell = shell.with("ALL_PROXY", &format!("{scheme}://{}", proxy.address()));
        shell.run(&["dataset", "list"]).await?;
        let reached = proxy.reached();
        assert!(reached.contains(&server), "{scheme}: {reached:?}");
    }
    Ok(())
}

#[tokio::test]
async fn proxy_that_demands_a_password_is_named() -> Result<()> {
    let plain = System::start()?;
    let Tunnelled {
        shell,
        _system,
        front: _front,
    } = tunnelled()?;
    for (shell, variable) in [(Shell::at(&plain)?, "HTTP_PROXY"), (shell, "HTTPS_PROXY")] {
        let proxy = WebProxy::start(Conduct::Demand)?;
        let address = proxy.address();
        let shell = shell.with(variable, &format!("http://{USER}:wr0ng@{address}"));
        let ran = shell.ends(8, &["dataset", "list"]).await?;
        for text in [
            &format!("the proxy http://{address} ({variable})"),
            "demands a user name and password",
            &format!("{variable}=http://USER:PASSWORD@{address}"),
        ] {
            assert!(ran.stderr.contains(text), "{text}: {ran:?}");
        }
        let verbose = shell.ends(8, &["dataset", "list", "--verbose"]).await?;
        for ran in [&ran, &verbose] {
            assert!(!ran.stderr.contains("wr0ng"), "{ran:?}");
        }
        let shell = shell.with(variable, &format!("http://{USER}:{PASSWORD}@{address}"));
        let ran = shell.run(&["dataset", "list", "--verbose"]).await?;
        assert!(!ran.stderr.contains(PASSWORD), "{ran:?}");
    }
    Ok(())
}

#[tokio::test]
async fn proxy_that_refuses_is_named() -> Result<()> {
    let Tunnelled {
        shell,
        _system,
        front: _front,
    } = tunnelled()?;
    let proxy = WebProxy::start(Conduct::Refuse)?;
    let shell = shell.with("HTTPS_PROXY", &proxy.address());
    let ran = shell.ends(8, &["dataset", "list"]).await?;
    let expected = format!(
        "the proxy http://{} (HTTPS_PROXY) on the way to the API refuses the connection",
        proxy.address()
    );
    assert!(ran.stderr.contains(&expected), "{ran:?}");
    assert!(ran.stderr.contains("NO_PROXY"), "{ran:?}");
    // Without a tunnel, the refusal is a response like any other.
    let plain = System::start()?;
    let shell = Shell::at(&plain)?.with("HTTP_PROXY", &proxy.address());
    let ran = shell.ends(8, &["dataset", "list"]).await?;
    let expected = format!("the proxy http://{} (HTTP_PROXY)", proxy.address());
    assert!(
        ran.stderr.contains("by policy") && ran.stderr.contains(&expected),
        "{ran:?}"
    );
    Ok(())
}

#[tokio::test]
async fn dead_and_silent_proxies_are_named() -> Result<()> {
    let plain = System::start()?;
    let tunnelled = tunnelled()?;
    let dead = TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .to_string();
    let silent = WebProxy::start(Conduct::Silent)?;
    for (shell, variable, address) in [
        (&Shell::at(&plain)?, "HTTP_PROXY", &dead),
        (&tunnelled.shell, "HTTPS_PROXY", &dead),
        (&tunnelled.shell, "HTTPS_PROXY", &silent.address()),
    ] {
        let mut command = shell.command(&["doctor"]);
        command.env(variable, address);
        let started = Instant::now();
        let ran = super::shell::Ran::of(command).await?;
        assert!(started.elapsed() < MAX_REPORT_TIME, "{ran:?}");
        assert_eq!(ran.code, 1, "{ran:?}");
        for text in [
            &format!("the proxy http://{address} ({variable})"),
            "cannot be reached",
            &format!("check that the proxy in {variable} is running"),
        ] {
            assert!(ran.stdout.contains(text), "{text}: {ran:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn invalid_proxy_is_refused_without_its_password() -> Result<()> {
    let system = System::start()?;
    let shell = Shell::at(&system)?.with("HTTP_PROXY", "ftp://me:s3cr3t@proxy.example");
    let ran = shell.ends(2, &["dataset", "list"]).await?;
    assert!(
        ran.stderr.contains("HTTP_PROXY") && !ran.stderr.contains("s3cr3t"),
        "{ran:?}"
    );
    Ok(())
}
