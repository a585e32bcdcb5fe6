//! Compares the local clock with that of another machine: signed URLs are valid for a limited time.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{DATE, HeaderMap};

use super::finding::Finding;

/// Maximum difference without a warning.
const MAX_SKEW: TimeDelta = TimeDelta::seconds(60);

/// Compares the `Date` of a response that has just arrived with the time of its request and the present time.
pub fn compare(
    name: &'static str,
    machine: &str,
    headers: &HeaderMap,
    requested: SystemTime,
) -> Finding {
    let date = headers
        .get(DATE)
        .and_then(|date| DateTime::parse_from_rfc2822(date.to_str().ok()?).ok());
    let Some(date) = date else {
        return Finding::info(
            name,
            format!("the response of {machine} has no Date header"),
            "its clock cannot be checked",
        );
    };
    finding(
        name,
        machine,
        skew(date.into(), requested.into(), Utc::now()),
    )
}

/// How far a clock is ahead that showed `date` at some time between `requested` and `received`.
fn skew(date: DateTime<Utc>, requested: DateTime<Utc>, received: DateTime<Utc>) -> TimeDelta {
    // `Date` is truncated to whole seconds.
    let date_end = date + TimeDelta::seconds(1);
    if date > received {
        date - received
    } else if date_end < requested {
        date_end - requested
    } else {
        TimeDelta::zero()
    }
}

fn finding(name: &'static str, machine: &str, skew: TimeDelta) -> Finding {
    let seconds = skew.abs().num_seconds();
    let side = if skew < TimeDelta::zero() {
        "behind"
    } else {
        "ahead of"
    };
    match seconds {
        0 => Finding::ok(
            name,
            format!("the clock of {machine} agrees with the local one"),
        ),
        _ if skew.abs() <= MAX_SKEW => Finding::ok(
            name,
            format!("the clock of {machine} is {seconds} s {side} the local one"),
        ),
        _ => Finding::warning(
            name,
            format!("the clock of {machine} is {seconds} s {side} the local one"),
            "synchronize both clocks by NTP: signed URLs may be refused or expire early",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Status;
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 500_000_000).unwrap()
    }

    #[test]
    fn skew_above_a_minute_is_a_warning() {
        for (date, status) in [
            (0, Status::Ok),
            (-30, Status::Ok),
            (45, Status::Ok),
            (-90, Status::Warning),
            (90, Status::Warning),
        ] {
            let finding = finding("clock", "S3", skew(at(date), at(0), at(1)));
            assert_eq!(finding.status, status, "{date}: {}", finding.message);
        }
        assert!(
            finding("clock", "S3", TimeDelta::seconds(-90))
                .message
                .contains("90 s behind the local one")
        );
    }

    #[test]
    fn response_time_is_no_skew() {
        assert_eq!(skew(at(3), at(0), at(10)), TimeDelta::zero());
    }
}
