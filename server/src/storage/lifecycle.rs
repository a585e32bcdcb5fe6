//! The lifecycle rules of the bucket.

use aws_sdk_s3::types::{ExpirationStatus, LifecycleRule as Rule};

use super::Storage;
use super::error::StorageError;

/// A rule that is enabled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifecycleRule {
    /// What the keys begin with that it is about.
    pub prefix: String,
    /// After how many days it aborts uploads that are not completed, if it does.
    pub abort_days: Option<i32>,
    /// Whether it removes current objects.
    pub expires_objects: bool,
}

impl Storage {
    /// The rules of the bucket that are enabled.
    ///
    /// # Errors
    /// If the credentials may not read them, or the store has no such rules.
    pub async fn lifecycle_rules(&self) -> Result<Vec<LifecycleRule>, StorageError> {
        let found = self
            .client
            .get_bucket_lifecycle_configuration()
            .bucket(&self.bucket)
            .send();
        match found.await.map_err(StorageError::from) {
            Ok(found) => Ok(found
                .rules
                .unwrap_or_default()
                .into_iter()
                .filter(|rule| rule.status == ExpirationStatus::Enabled)
                .map(LifecycleRule::of)
                .collect()),
            Err(StorageError::Refused { code })
                if code == "NoSuchLifecycleConfiguration" || code == "404" =>
            {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }
}

impl LifecycleRule {
    #[expect(
        deprecated,
        reason = "some stores return the prefix as it was before filters"
    )]
    fn of(rule: Rule) -> Self {
        let filtered = rule
            .filter
            .and_then(|filter| filter.prefix.or_else(|| filter.and?.prefix));
        let abort = rule.abort_incomplete_multipart_upload;
        Self {
            prefix: filtered.or(rule.prefix).unwrap_or_default(),
            abort_days: abort.and_then(|abort| abort.days_after_initiation),
            expires_objects: rule
                .expiration
                .is_some_and(|expiration| expiration.days.is_some() || expiration.date.is_some()),
        }
    }
}
