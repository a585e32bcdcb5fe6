//! `restow-server doctor`: checks a deployment, from its configuration to a real upload through the public endpoint.
//!
//! It changes nothing: no database is created or migrated and no marker is written. What it uploads is below a prefix of its
//! own, and is removed again.
//!
//! | module | checks |
//! |---|---|
//! | `database` | the database, its schema, its connections and its clock |
//! | `data_dir` | permissions and free space of the data directory |
//! | `certificate` | the certificate of the API's listener |
//! | `issuers` | the keys of the issuers whose tokens are accepted |
//! | `bucket` | the bucket, its clock, and whose it is |
//! | `lifecycle` | the bucket's lifecycle rules |
//! | `rights` | what the server's credentials may do |
//! | `public` | presigned URLs, as clients use them |
//! | `copy` | whether upload URLs can read objects |
//! | `cors` | whether web pages can use presigned URLs |
//! | `site` | the upload that presigned URLs are tried with |

mod bucket;
mod certificate;
mod copy;
mod cors;
mod data_dir;
mod database;
mod finding;
mod issuers;
mod lifecycle;
mod public;
mod rights;
mod site;

use std::path::PathBuf;

pub use self::finding::{Finding, Findings, Status};
use self::rights::Trial;
use self::site::Site;
use crate::app::Settings;
use crate::http::Origin;
use crate::oidc::IssuerList;
use crate::storage::{PresignedClient, Storage};
use crate::store::Store;
use crate::tls::TlsFiles;

/// What is examined. Each part is there, or is an error that says why it is not.
#[derive(Debug)]
pub struct Subject {
    /// The settings.
    pub settings: anyhow::Result<Settings>,
    /// The database, whose schema is not known to be that of this release.
    pub store: anyhow::Result<Store>,
    /// The bucket.
    pub storage: anyhow::Result<Storage>,
    /// Whether it is the embedded S3.
    pub is_embedded: bool,
    /// Data directory, and the file of the SQLite database if it is one; `None` where nothing of this process is on disk.
    pub data_dir: Option<(PathBuf, Option<PathBuf>)>,
    /// Origins whose pages may use the API.
    pub origins: Vec<Origin>,
    /// Files of the certificate of the API's listener, if it has one.
    pub tls: anyhow::Result<Option<TlsFiles>>,
    /// Issuers whose tokens are accepted.
    pub issuers: IssuerList,
}

/// Names of the checks that need the bucket.
const NEED_BUCKET: [&[&str]; 4] = [
    &["s3_clock", "ownership", "lifecycle"],
    &rights::CHECKS,
    &public::CHECKS,
    &rights::LAST_CHECKS,
];

/// Makes all checks, in an order in which each comes behind those that it needs.
pub async fn examine(subject: &Subject, findings: &mut Findings) {
    match (&subject.settings, &subject.storage) {
        (Err(error), _) | (_, Err(error)) => findings.add(Finding::failed(
            "configuration",
            format!("{error:#}"),
            "correct the option that is named; `restow-server serve --help` explains all options",
        )),
        _ => findings.add(Finding::ok("configuration", "all options can be used")),
    }
    let store = database::check(&subject.store, findings).await;
    match &subject.data_dir {
        Some((directory, file)) => data_dir::check(directory, file.as_deref(), findings),
        None => findings.skip(&["data_dir"], "neither database nor objects are in it"),
    }
    certificate::check(&subject.tls, findings);
    issuers::check(&subject.issuers, findings).await;
    let (Ok(settings), Ok(storage)) = (&subject.settings, &subject.storage) else {
        return skip_bucket("the configuration cannot be used", findings);
    };
    if !bucket::check(storage, subject.is_embedded, findings).await {
        return skip_bucket("the bucket cannot be used", findings);
    }
    bucket::check_ownership(storage, store, findings).await;
    if subject.is_embedded {
        findings.skip(&["lifecycle"], "the embedded S3 has no lifecycle rules");
    } else {
        lifecycle::check(storage, settings, findings).await;
    }
    upload(subject, settings, storage, findings).await;
}

/// Makes the checks for which something is uploaded.
async fn upload(
    subject: &Subject,
    settings: &Settings,
    storage: &Storage,
    findings: &mut Findings,
) {
    let mut trial = Trial::new(storage);
    let has_object = trial.check(findings).await;
    public::check(
        &Site {
            trial: &trial,
            client: PresignedClient::default(),
            settings,
            origins: &subject.origins,
            has_object,
        },
        findings,
    )
    .await;
    trial.remove(findings).await;
}

fn skip_bucket(reason: &str, findings: &mut Findings) {
    let mut names = vec!["bucket"];
    names.retain(|name| !findings.has(name));
    findings.skip(&names, reason);
    for names in NEED_BUCKET {
        findings.skip(names, reason);
    }
}
