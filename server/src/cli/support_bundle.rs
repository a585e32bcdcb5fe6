//! `restow-server support-bundle`: what support needs to know of a deployment, without secrets.
//!
//! What is collected is built from numbers, states and the words of this program. The options are the only texts of others in
//! it, and are redacted by what kind of option they are.

mod archive;
mod database;
mod options;
mod server;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use self::archive::Archive;
pub use self::options::options;
use super::arguments::SupportBundleArguments;
use super::doctor;
use crate::clock;
use crate::doctor::{Findings, Subject};

/// Collects everything, and writes it. What cannot be collected is replaced by the reason.
///
/// # Errors
/// If the output cannot be written.
pub async fn run(arguments: SupportBundleArguments, options: Value) -> Result<()> {
    let output = &arguments.output;
    let archive = Archive::create(output);
    let mut archive = archive.with_context(|| {
        format!(
            "cannot create {}; name a file or directory that does not exist, in a directory that does",
            output.display()
        )
    })?;
    let subject = doctor::subject(&arguments.examined).await;
    let mut findings = Findings::new(|_| ());
    crate::doctor::examine(&subject, &mut findings).await;
    let mut parts = vec![
        ("versions.json", versions(&subject).await),
        ("options.json", options),
        ("doctor.json", json!(findings.all())),
        ("database.json", database::state(&subject).await),
    ];
    let metrics_listen = arguments.metrics_listen.unwrap_or(arguments.listen);
    parts.extend(server::state(arguments.listen, metrics_listen).await);
    for (name, content) in &parts {
        archive.add(name, content)?;
    }
    archive.finish()?;
    if let Ok(store) = &subject.store {
        store.close().await;
    }
    say!(
        "{} written; see what is in it before you send it",
        output.display()
    );
    Ok(())
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
