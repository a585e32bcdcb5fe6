//! Checks of the bucket itself.

use chrono::TimeDelta;

use super::{Finding, Findings};
use crate::storage::{Reason, Storage, StorageError};
use crate::store::Store;
use crate::{clock, ownership};

/// Difference of clocks from which on it is reported.
const MAX_SKEW: TimeDelta = TimeDelta::minutes(1);

/// Difference beyond which S3 refuses every signature, by its definition.
const REFUSED_SKEW: TimeDelta = TimeDelta::minutes(15);

/// Checks that the bucket responds, and its clock; returns whether it does.
pub(super) async fn check(storage: &Storage, is_embedded: bool, findings: &mut Findings) -> bool {
    match storage.server_time().await {
        Ok(time) => {
            findings.add(Finding::ok("bucket", "the bucket exists and responds"));
            findings.add(match time {
                Some(time) => clock_finding("s3_clock", "S3", time - clock::now()),
                None => Finding::warning(
                    "s3_clock",
                    "the response of S3 has no Date header",
                    "its clock cannot be checked: make sure that it is synchronized by NTP",
                ),
            });
            true
        }
        Err(error) => {
            findings.add(if is_embedded {
                let message = format!("the embedded S3 cannot be used: {}", error.reason().cause());
                let advice = "it runs inside of `restow-server serve` on the same data directory; start that first";
                Finding::failed("bucket", message, advice)
            } else {
                of_storage("bucket", &error)
            });
            false
        }
    }
}

/// A check that failed for a reason that S3 gave.
pub(super) fn of_storage(name: &'static str, error: &StorageError) -> Finding {
    let reason = error.reason();
    let message = match error {
        StorageError::Refused { code } if reason == Reason::Refused => {
            format!("{} ({code})", reason.cause())
        }
        _ => reason.cause().to_string(),
    };
    Finding::failed(name, message, reason.advice())
}

/// Checks whose bucket it is, if there is a database to compare it with.
pub(super) async fn check_ownership(
    storage: &Storage,
    store: Option<&Store>,
    findings: &mut Findings,
) {
    let name = "ownership";
    let Some(store) = store else {
        return findings.skip(&[name], "the database cannot be used");
    };
    findings.add(match ownership::inspect(store, storage).await {
        Ok(ownership) => match ownership.problem() {
            Some((message, advice)) => {
                Finding::failed(name, format!("{ownership}: {message}"), advice)
            }
            None if ownership.is_owner() => Finding::ok(
                name,
                "the bucket belongs to this database, which is up to date",
            ),
            None => Finding::ok(
                name,
                format!("{ownership}: the first round of the reaper claims the bucket"),
            ),
        },
        Err(crate::error::Error::Storage(error)) => of_storage(name, &error),
        Err(error) => Finding::failed(
            name,
            error.to_string(),
            "check that the user of the database may read all tables",
        ),
    });
}

/// Compares a clock with that of this process, from which it is `ahead`.
pub(super) fn clock_finding(name: &'static str, whose: &str, ahead: TimeDelta) -> Finding {
    let side = if ahead < TimeDelta::zero() {
        "behind"
    } else {
        "ahead of"
    };
    let difference = ahead.abs();
    let seconds = difference.num_seconds();
    let message = format!("the clock of {whose} is {seconds} s {side} that of this process");
    let advice = "synchronize both clocks by NTP: signed URLs are refused or expire early, and no job expires meanwhile";
    if difference > REFUSED_SKEW {
        Finding::failed(name, message, advice)
    } else if difference > MAX_SKEW {
        Finding::warning(name, message, advice)
    } else {
        Finding::ok(
            name,
            format!("the clock of {whose} agrees with that of this process"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn skew_of_minutes_is_reported() {
        for (seconds, status) in [
            (0, Status::Ok),
            (-30, Status::Ok),
            (90, Status::Warning),
            (-300, Status::Warning),
            (3600, Status::Failed),
        ] {
            let finding = clock_finding("s3_clock", "S3", TimeDelta::seconds(seconds));
            assert_eq!(finding.status, status, "{seconds}");
        }
        let behind = clock_finding("s3_clock", "S3", TimeDelta::seconds(-90));
        assert!(behind.message.contains("90 s behind"), "{behind:?}");
    }
}
