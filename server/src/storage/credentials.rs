//! Credentials to sign with: asked for once, and again only when they near their end.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_s3::config::SharedCredentialsProvider;
use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use super::StorageError;

/// How long before their end temporary credentials are replaced. A URL never outlives the credentials that
/// signed it, so this is also the shortest life of a URL for their sake.
const RENEW_BEFORE: Duration = Duration::from_mins(10);

#[derive(Clone, Debug)]
pub(super) struct CredentialSource {
    provider: SharedCredentialsProvider,
    kept: Arc<Mutex<Option<Credentials>>>,
}

impl CredentialSource {
    pub(super) fn new(provider: SharedCredentialsProvider) -> Self {
        Self { provider, kept: Arc::default() }
    }

    pub(super) async fn at(&self, now: DateTime<Utc>) -> Result<Credentials, StorageError> {
        let mut kept = self.kept.lock().await;
        let enough = SystemTime::from(now) + RENEW_BEFORE;
        if let Some(credentials) = kept.as_ref().filter(|kept| kept.expiry().is_none_or(|end| end > enough)) {
            return Ok(credentials.clone());
        }
        let provided = self.provider.provide_credentials().await;
        // The provider's own words may hold what is secret.
        let fresh = provided.map_err(|_| StorageError::Unavailable("no credentials".to_string()))?;
        Ok(kept.insert(fresh).clone())
    }
}
