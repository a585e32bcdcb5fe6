//! Whether our clock agrees with another one: signed URLs are good for a certain time only.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{DATE, HeaderMap};

use super::finding::Finding;

/// From which difference on clocks are reported.
const TOLERATED: TimeDelta = TimeDelta::seconds(60);

/// Compares the `Date` of an answer with the time at which it was asked for and came.
pub fn compare(name: &'static str, whose: &str, headers: &HeaderMap, asked: SystemTime) -> Finding {
    let date = headers
        .get(DATE)
        .and_then(|date| DateTime::parse_from_rfc2822(date.to_str().ok()?).ok());
    let Some(date) = date else {
        return Finding::info(
            name,
            format!("{whose} does not tell the time"),
            "nothing can be said about its clock",
        );
    };
    judge(name, whose, ahead(date.into(), asked.into(), Utc::now()))
}

/// By how much a clock is ahead of ours, that told the time at some moment between two.
fn ahead(told: DateTime<Utc>, asked: DateTime<Utc>, answered: DateTime<Utc>) -> TimeDelta {
    // It tells whole seconds, cut off.
    let told_end = told + TimeDelta::seconds(1);
    if told > answered {
        told - answered
    } else if told_end < asked {
        told_end - asked
    } else {
        TimeDelta::zero()
    }
}

fn judge(name: &'static str, whose: &str, ahead: TimeDelta) -> Finding {
    let seconds = ahead.abs().num_seconds();
    let side = if ahead < TimeDelta::zero() {
        "behind"
    } else {
        "ahead of"
    };
    match seconds {
        0 => Finding::ok(name, format!("the clock of {whose} agrees with ours")),
        _ if ahead.abs() <= TOLERATED => Finding::ok(
            name,
            format!("the clock of {whose} is {seconds} s {side} ours"),
        ),
        _ => Finding::warning(
            name,
            format!("the clock of {whose} is {seconds} s {side} ours"),
            "set the clocks by NTP; signed URLs may be refused or expire too early",
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
    fn only_a_minute_and_more_is_a_warning() {
        for (told, status) in [
            (0, Status::Ok),
            (-30, Status::Ok),
            (45, Status::Ok),
            (-90, Status::Warning),
            (90, Status::Warning),
        ] {
            let finding = judge("clock", "S3", ahead(at(told), at(0), at(1)));
            assert_eq!(finding.status, status, "{told}: {}", finding.message);
        }
        assert!(
            judge("clock", "S3", TimeDelta::seconds(-90))
                .message
                .contains("90 s behind ours")
        );
    }

    #[test]
    fn the_time_that_the_answer_took_is_no_difference() {
        assert_eq!(ahead(at(3), at(0), at(10)), TimeDelta::zero());
    }
}
