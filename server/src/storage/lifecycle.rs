//! The lifecycle rules of the bucket.

use aws_sdk_s3::types::{ExpirationStatus, LifecycleRule as Rule};

use super::Storage;
use super::error::StorageError;

/// A rule that is enabled, and applies to objects without tags.
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
    /// The rules of the bucket that are enabled, without those for tagged objects: Restow sets no tags.
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
                .filter(|rule| rule.status == ExpirationStatus::Enabled && !is_for_tags(rule))
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

/// Whether a rule is only about objects with certain tags.
fn is_for_tags(rule: &Rule) -> bool {
    rule.filter.as_ref().is_some_and(|filter| {
        let all_of = filter.and.as_ref();
        let tags = all_of.and_then(|all_of| all_of.tags.as_ref());
        filter.tag.is_some() || tags.is_some_and(|tags| !tags.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types::{LifecycleRuleAndOperator, LifecycleRuleFilter, Tag};

    use super::*;

    fn rule(filter: LifecycleRuleFilter) -> Rule {
        let rule = Rule::builder().status(ExpirationStatus::Enabled);
        rule.filter(filter).build().unwrap()
    }

    #[test]
    fn rules_for_tagged_objects_do_not_apply() {
        let tag = || Tag::builder().key("a").value("b").build().unwrap();
        let filter = LifecycleRuleFilter::builder;
        let all_of = LifecycleRuleAndOperator::builder().prefix("datasets/");
        for (filter, expected) in [
            (filter().tag(tag()).build(), true),
            (
                filter().and(all_of.clone().tags(tag()).build()).build(),
                true,
            ),
            (filter().and(all_of.build()).build(), false),
            (filter().prefix("datasets/").build(), false),
            (filter().build(), false),
        ] {
            assert_eq!(is_for_tags(&rule(filter.clone())), expected, "{filter:?}");
        }
    }
}
