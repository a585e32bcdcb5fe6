//! JSON Web Tokens of other issuers: which are trusted, their keys, and what a token says.
//!
//! `configuration` is the file that names the issuers, `IssuerDocuments` the only place that sends requests to them, and
//! `KeyCache` what is kept of their keys. `verify` decides whether a token is good, without any input or output, and
//! `subject` what its caller may do.

mod claims;
mod configuration;
mod documents;
mod header;
mod key;
mod key_cache;
mod key_set;
mod refusal;
mod subject;
#[cfg(test)]
mod tests;
mod verify;

use chrono::{DateTime, Utc};
use futures::future::join_all;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

pub use self::claims::Claims;
pub use self::configuration::{CiSystem, DeviceLogin, IssuerConfig, IssuerList};
use self::documents::IssuerDocuments;
use self::key_cache::{KeyCache, chain};
pub use self::refusal::{Refusal, Rejected};
pub use self::subject::Subject;
use self::verify::Unverified;

/// An issuer that is trusted, with its keys.
#[derive(Debug)]
pub struct Issuer {
    /// What the operator says of it.
    pub config: IssuerConfig,
    keys: KeyCache,
}

/// The issuers that are trusted.
#[derive(Debug, Default)]
pub struct Issuers(Vec<Issuer>);

impl Issuers {
    /// The issuers of a list, none of whose keys are known yet.
    ///
    /// # Errors
    /// If the process has no certificates to trust.
    pub fn new(list: IssuerList) -> Result<Self, reqwest::Error> {
        if list.issuers.is_empty() {
            return Ok(Self::default());
        }
        let documents = IssuerDocuments::new()?;
        let issuers = list.issuers.into_iter().map(|config| {
            let keys = KeyCache::new(&config, documents.clone());
            Issuer { config, keys }
        });
        Ok(Self(issuers.collect()))
    }

    /// What the operator says of each of them.
    pub fn configs(&self) -> impl Iterator<Item = &IssuerConfig> {
        self.0.iter().map(|issuer| &issuer.config)
    }

    /// The issuer with exactly this URL that datasets may have trust rules for.
    pub fn of_trust_rules(&self, url: &str) -> Option<&IssuerConfig> {
        self.configs()
            .find(|config| config.url == url && config.ci.is_some())
    }

    /// The claims of a token that is used as a bearer token, and its issuer.
    ///
    /// # Errors
    /// Why the token is refused, or that its issuer's keys are not known.
    pub async fn verify_bearer(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(&IssuerConfig, Claims), Rejected> {
        self.verify(token, now, |config| config.bearer_tokens).await
    }

    /// The claims of the token of a CI job, and its issuer.
    ///
    /// # Errors
    /// Why the token is refused, or that its issuer's keys are not known.
    pub async fn verify_ci(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(&IssuerConfig, Claims), Rejected> {
        self.verify(token, now, |config| config.ci.is_some()).await
    }

    /// Keeps the keys of all issuers fresh until the process is to stop.
    pub async fn keep_fresh(&self, stopping: &CancellationToken) {
        let kept = self.0.iter().map(|issuer| async move {
            let times = issuer.config.keys;
            loop {
                let pause = if issuer.keys.refresh().await {
                    times.refresh
                } else {
                    times.min_pause
                };
                tokio::select! {
                    () = stopping.cancelled() => return,
                    () = sleep(pause) => {}
                }
            }
        });
        join_all(kept).await;
    }

    async fn verify(
        &self,
        token: &str,
        now: DateTime<Utc>,
        is_for: impl Fn(&IssuerConfig) -> bool,
    ) -> Result<(&IssuerConfig, Claims), Rejected> {
        let unverified = Unverified::read(token)?;
        let issuer = self
            .0
            .iter()
            .find(|issuer| unverified.names_issuer(&issuer.config.url) && is_for(&issuer.config));
        let issuer = issuer.ok_or(Refusal::UnknownIssuer)?;
        unverified.check_algorithm(&issuer.config)?;
        let key = issuer.keys.find(&unverified.header).await?;
        let claims = unverified.verify(&issuer.config, &key, now)?;
        Ok((&issuer.config, claims))
    }
}

/// The number of keys of an issuer, which are fetched.
///
/// # Errors
/// Why they cannot be fetched.
pub async fn count_keys(issuer: &IssuerConfig) -> Result<usize, String> {
    let documents = IssuerDocuments::new().map_err(|error| chain(&error))?;
    match documents.keys(issuer).await {
        Ok(keys) => Ok(keys.len()),
        Err(error) => Err(chain(&error)),
    }
}

/// Whether a bearer token has the form of a JSON Web Token, which is three parts; tokens of Restow have no dots.
pub fn is_jwt(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 2
}
