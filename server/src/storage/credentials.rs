//! Credentials to sign with: requested once, and again only shortly before they expire.

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_s3::config::SharedCredentialsProvider;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::error::StorageError;
use super::reason::Reason;

/// How long before their expiry temporary credentials are renewed.
const RENEW_BEFORE: TimeDelta = TimeDelta::minutes(10);

/// How long a provider may take, and how long after a failure the next request waits.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(5);

/// What is cached: the credentials, and the time of the last request to the provider.
type Kept = Option<(Credentials, DateTime<Utc>)>;

#[derive(Clone, Debug)]
pub(super) struct CredentialSource {
    provider: SharedCredentialsProvider,
    kept: Arc<Mutex<Kept>>,
}

impl CredentialSource {
    pub(super) fn new(provider: SharedCredentialsProvider) -> Self {
        Self {
            provider,
            kept: Arc::default(),
        }
    }

    pub(super) async fn at(&self, now: DateTime<Utc>) -> Result<Credentials, StorageError> {
        let mut kept = self.kept.lock().await;
        let ends_after = |credentials: &Credentials, time: DateTime<Utc>| {
            credentials
                .expiry()
                .is_none_or(|end| DateTime::<Utc>::from(end) > time)
        };
        if let Some((credentials, requested)) = kept.as_ref() {
            let requested_lately =
                ends_after(credentials, now) && now < *requested + PROVIDER_TIMEOUT;
            if requested_lately || ends_after(credentials, now + RENEW_BEFORE) {
                return Ok(credentials.clone());
            }
        }
        let provided = timeout(PROVIDER_TIMEOUT, self.provider.provide_credentials()).await;
        // The provider's own message may contain secrets.
        let credentials = match (provided, kept.take()) {
            (Ok(Ok(fresh)), _) => fresh,
            (_, Some((old, _))) if ends_after(&old, now) => old,
            (Ok(Err(error)), _) => {
                return Err(StorageError::Unreachable(Reason::of_provider(&error)));
            }
            (Err(_), _) => {
                return Err(StorageError::Unavailable(
                    "the credentials provider timed out".to_string(),
                ));
            }
        };
        Ok(kept.insert((credentials, now)).0.clone())
    }
}
