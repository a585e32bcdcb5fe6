//! What is kept of the keys of one issuer.
//!
//! Keys are fetched in the background, and once more for a token that names an unknown key, since issuers replace their
//! keys. However many such tokens come, there is one fetch in each `keys-min-pause`. While the issuer is away, the keys of
//! the last fetch are used, up to `keys-max-age`.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::configuration::{IssuerConfig, KeyTimes};
use super::documents::IssuerDocuments;
use super::header::Header;
use super::key::Key;
use super::key_set::KeySet;
use super::refusal::{Refusal, Rejected};

/// The keys of one issuer.
#[derive(Debug)]
pub struct KeyCache {
    issuer: IssuerConfig,
    documents: IssuerDocuments,
    known: RwLock<Option<Known>>,
    /// When keys were last requested, whether that succeeded or not. Held while they are.
    requested: Mutex<Option<Instant>>,
}

#[derive(Clone, Debug)]
struct Known {
    keys: Arc<KeySet>,
    fetched: Instant,
}

impl KeyCache {
    pub(super) fn new(issuer: &IssuerConfig, documents: IssuerDocuments) -> Self {
        Self {
            issuer: issuer.clone(),
            documents,
            known: RwLock::default(),
            requested: Mutex::default(),
        }
    }

    fn times(&self) -> KeyTimes {
        self.issuer.keys
    }

    /// The key that a token names, which is fetched where it is not known.
    ///
    /// # Errors
    /// If the issuer has no such key, or its keys are not known.
    pub(super) async fn find(&self, header: &Header) -> Result<Key, Rejected> {
        if let Some(key) = self.known().and_then(|known| header.find_key(&known.keys)) {
            return Ok(key);
        }
        let arrived = Instant::now();
        self.fetch(|known| known.fetched >= arrived).await;
        let known = self.known().ok_or(Rejected::IssuerUnavailable)?;
        Ok(header.find_key(&known.keys).ok_or(Refusal::UnknownKey)?)
    }

    /// Fetches the keys, unless they are fresh; whether they are fresh then.
    pub(super) async fn refresh(&self) -> bool {
        let fresh = self.times().refresh / 2;
        let is_fresh = |known: &Known| known.fetched.elapsed() < fresh;
        self.fetch(is_fresh).await;
        self.known().is_some_and(|known| is_fresh(&known))
    }

    /// Fetches the keys, unless those are known that suffice, or were requested a moment ago.
    async fn fetch(&self, suffices: impl Fn(&Known) -> bool) {
        let mut requested = self.requested.lock().await;
        let is_recent = requested.is_some_and(|at| at.elapsed() < self.times().min_pause);
        if is_recent || self.known().is_some_and(|known| suffices(&known)) {
            return;
        }
        *requested = Some(Instant::now());
        let issuer = &self.issuer.name;
        match self.documents.keys(&self.issuer).await {
            Ok(keys) => {
                tracing::debug!(issuer, keys = keys.len(), "keys of an issuer were fetched");
                if keys.len() == 0 {
                    tracing::warn!(
                        issuer,
                        "the issuer has no usable keys; its tokens are refused"
                    );
                }
                let known = Known {
                    keys: Arc::new(keys),
                    fetched: Instant::now(),
                };
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
            }
            Err(error) => tracing::warn!(
                issuer,
                error = %chain(&error),
                "failed to fetch the keys of an issuer; those of the last fetch are used while they are younger than keys-max-age"
            ),
        }
    }

    /// The keys of the last fetch, unless they are too old.
    fn known(&self) -> Option<Known> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let known = known.clone();
        known.filter(|known| known.fetched.elapsed() < self.times().max_age)
    }
}

/// An error with its causes, since those of HTTP clients are in the causes alone.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
