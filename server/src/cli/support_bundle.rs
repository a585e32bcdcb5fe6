//! `restow-server support-bundle`: what support needs to know of a deployment, without secrets.
//!
//! What is collected is built from numbers, states and the words of this program. The options are the only texts of others in
//! it, and are redacted by what kind of option they are.

mod archive;
mod database;
mod options;
mod server;

use anyhow::Result;
use serde_json::{Value, json};

use self::archive::Archive;
pub use self::options::options;
use self::server::Listener;
use super::arguments::SupportBundleArguments;
use super::doctor;
use crate::clock;
use crate::doctor::{Findings, Subject};
use crate::http::Protocol;

/// Collects everything, and writes it. What cannot be collected is replaced by the reason.
///
/// # Errors
/// If the output cannot be written.
pub async fn run(arguments: SupportBundleArguments, options: Value) -> Result<()> {
    let mut archive = Archive::create(&arguments.output)?;
    let subject = doctor::subject(&arguments.examined).await;
    let mut findings = Findings::new(|_| ());
    crate::doctor::examine(&subject, &mut findings).await;
    let mut parts = vec![
        ("versions.json", versions(&subject).await),
        ("options.json", options),
        ("doctor.json", json!(findings.all())),
        ("database.json", database::state(&subject).await),
    ];
    let (probes, metrics) = listeners(&arguments);
    parts.extend(server::state(probes, metrics).await);
    for (name, content) in &parts {
        archive.add(name, content)?;
    }
    archive.finish()?;
    if let Ok(store) = &subject.store {
        store.close().await;
    }
    // Standard output may be the bundle.
    eprintln!("the bundle is written; see what is in it before you send it");
    Ok(())
}

/// Where a server of the deployment has its probes and its metrics.
fn listeners(arguments: &SupportBundleArguments) -> (Listener, Listener) {
    let protocol = match &arguments.examined.tls.tls_certificate {
        Some(_) => Protocol::Https,
        None => Protocol::Http,
    };
    let probes = Listener {
        address: arguments.listen,
        protocol,
    };
    // An address of their own is not encrypted.
    let metrics = arguments.metrics_listen.map_or(probes, |address| Listener {
        address,
        protocol: Protocol::Http,
    });
    (probes, metrics)
}

async fn versions(subject: &Subject) -> Value {
    let server = match &subject.store {
        Ok(store) => store.server().await.ok(),
        Err(_) => None,
    };
    json!({
        "restow": env!("CARGO_PKG_VERSION"),
        "database": server.map(|server| format!("{} {}", server.name, server.version)),
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "collected_at": clock::now(),
    })
}
