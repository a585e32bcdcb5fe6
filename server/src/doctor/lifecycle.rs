//! Checks of the bucket's lifecycle rules: uploads that nothing completes are to end some day, and objects never.

use super::{Finding, Findings};
use crate::app::Settings;
use crate::storage::{LifecycleRule, Storage};

const NAME: &str = "lifecycle";

const DAY: i64 = 24 * 60 * 60;

/// Checks the rules that are about the deployment's keys.
pub(super) async fn check(storage: &Storage, settings: &Settings, findings: &mut Findings) {
    let life = settings.job_hard_limit + settings.job_grace;
    // A rule counts whole days, from the midnight after the upload was created.
    let days = life.num_seconds().div_euclid(DAY) + 1;
    findings.add(match storage.lifecycle_rules().await {
        Ok(rules) => judge(&rules, storage.prefix(), days),
        Err(error) => Finding::warning(
            NAME,
            format!("the lifecycle rules cannot be read: {error}"),
            format!(
                "check by hand that a rule aborts incomplete uploads after {} days, and that none expires objects; or grant \
                 s3:GetLifecycleConfiguration",
                days + 1
            ),
        ),
    });
}

/// Judges the rules of a bucket for keys below `prefix`, where an upload may live for `days` whole days.
fn judge(rules: &[LifecycleRule], prefix: &str, days: i64) -> Finding {
    let touches =
        |rule: &&LifecycleRule| rule.prefix.starts_with(prefix) || prefix.starts_with(&rule.prefix);
    if rules
        .iter()
        .filter(touches)
        .any(|rule| rule.expires_objects)
    {
        return Finding::failed(
            NAME,
            "a lifecycle rule expires objects, which are the versions of datasets",
            "remove the expiration from the rule, or restrict it to another prefix",
        );
    }
    let shortest = rules
        .iter()
        .filter(touches)
        .filter_map(|rule| rule.abort_days)
        .min();
    let covers_all = rules
        .iter()
        .any(|rule| rule.abort_days.is_some() && prefix.starts_with(&rule.prefix));
    let advice = format!(
        "let a lifecycle rule abort incomplete uploads after {} days",
        days + 1
    );
    match shortest {
        Some(found) if i64::from(found) < days => Finding::warning(
            NAME,
            format!(
                "a lifecycle rule aborts uploads after {found} days, while jobs may upload for {days} days"
            ),
            advice,
        ),
        Some(found) if covers_all => Finding::ok(
            NAME,
            format!("a lifecycle rule aborts incomplete uploads after {found} days"),
        ),
        _ => Finding::warning(
            NAME,
            "no lifecycle rule aborts incomplete uploads, so that they are paid for while no reaper runs",
            advice,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    fn rule(prefix: &str, abort_days: Option<i32>, expires_objects: bool) -> LifecycleRule {
        LifecycleRule {
            prefix: prefix.to_string(),
            abort_days,
            expires_objects,
        }
    }

    #[test]
    fn rules_end_uploads_and_no_objects() {
        for (rules, status) in [
            (vec![], Status::Warning),
            (vec![rule("", Some(8), false)], Status::Ok),
            (vec![rule("team/", Some(8), false)], Status::Ok),
            (vec![rule("", Some(3), false)], Status::Warning),
            (vec![rule("other/", Some(3), false)], Status::Warning),
            (
                vec![rule("", Some(8), false), rule("team/a/x", Some(1), false)],
                Status::Warning,
            ),
            (
                vec![rule("team/a/datasets/", Some(8), false)],
                Status::Warning,
            ),
            (
                vec![rule("", Some(8), false), rule("team/", None, true)],
                Status::Failed,
            ),
            (
                vec![rule("", Some(8), false), rule("other/", None, true)],
                Status::Ok,
            ),
        ] {
            let finding = judge(&rules, "team/a/", 7);
            assert_eq!(finding.status, status, "{rules:?}: {finding:?}");
        }
    }
}
