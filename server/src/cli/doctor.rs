//! `restow-server doctor`.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::arguments::{DoctorArguments, ExaminedArguments, WorkArguments};
use super::connect::{self, S3};
use super::embedded_s3;
use crate::doctor::{self, Finding, Findings, Subject};
use crate::storage::Storage;

/// Makes all checks and prints them, text at once, JSON at the end.
///
/// # Errors
/// If a check fails.
pub async fn run(arguments: DoctorArguments) -> Result<()> {
    let print: fn(&Finding) = if arguments.json {
        |_| ()
    } else {
        |finding| say!("{}", finding.text())
    };
    let mut findings = Findings::new(print);
    let subject = subject(&arguments.examined).await;
    doctor::examine(&subject, &mut findings).await;
    if arguments.json {
        say!("{}", serde_json::to_string_pretty(findings.all())?);
    }
    if let Ok(store) = &subject.store {
        store.close().await;
    }
    match findings.failed() {
        0 => Ok(()),
        1 => bail!("1 check failed"),
        failed => bail!("{failed} checks failed"),
    }
}

/// What the options name, as far as they can be used.
pub(super) async fn subject(arguments: &ExaminedArguments) -> Subject {
    let work = &arguments.work;
    Subject {
        settings: connect::settings(work),
        store: connect::existing_store(&work.database).await,
        storage: storage(work).await,
        is_embedded: matches!(S3::of(&work.s3), Ok(S3::Embedded)),
        data_dir: data_dir(work),
        origins: arguments.allowed_origins.clone(),
        tls: arguments.tls.files(),
        issuers: arguments.oidc_issuers.clone().unwrap_or_default(),
    }
}

async fn storage(work: &WorkArguments) -> Result<Storage> {
    let endpoint = match S3::of(&work.s3)? {
        S3::Embedded => Some(embedded_s3::find(&work.database.data_dir)?),
        S3::Bucket(_) => None,
    };
    connect::storage(&work.s3, endpoint.as_ref()).await
}

/// The directory that is written to, and the file of the database in it.
fn data_dir(work: &WorkArguments) -> Option<(PathBuf, Option<PathBuf>)> {
    let database = &work.database;
    let url = connect::database_url(database).ok()?;
    let file = connect::database_file(database, url.as_deref()).ok()?;
    let is_embedded = matches!(S3::of(&work.s3), Ok(S3::Embedded));
    let directory = match (&file, url) {
        (Some(file), Some(_)) => {
            let parent = file
                .parent()
                .filter(|parent| !parent.as_os_str().is_empty());
            parent.map_or_else(|| PathBuf::from("."), PathBuf::from)
        }
        (Some(_), None) => database.data_dir.clone(),
        (None, _) if is_embedded => database.data_dir.clone(),
        (None, _) => return None,
    };
    Some((directory, file))
}
