//! Formats numbers, sizes and times.

use std::time::Duration;

use bytesize::ByteSize;
use chrono::{DateTime, SecondsFormat, Utc};
use indicatif::HumanCount;

/// A number of bytes, in binary units.
pub fn bytes(bytes: u64) -> String {
    ByteSize::b(bytes).display().iec().to_string()
}

/// A rate in bytes per second, in binary units.
pub fn rate(bytes_per_second: u64) -> String {
    format!("{}/s", bytes(bytes_per_second))
}

/// A number with its thousands separated by commas.
pub fn count(number: u64) -> String {
    HumanCount(number).to_string()
}

/// A number and a noun, in the singular or the plural.
pub fn counted(number: u64, singular: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {singular}{plural}", count(number))
}

/// A time span, in milliseconds, tenths of seconds, or seconds, depending on its length.
pub fn duration(duration: Duration) -> String {
    match duration.as_secs() {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{:.1} s", duration.as_secs_f64()),
        whole => humantime::format_duration(Duration::from_secs(whole)).to_string(),
    }
}

/// The average rate in bytes per second.
pub fn per_second(bytes: u64, elapsed: Duration) -> u64 {
    let millis = elapsed.as_millis().max(1);
    u64::try_from(u128::from(bytes) * 1000 / millis).unwrap_or(u64::MAX)
}

/// A point in time, to the second, in UTC.
pub fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A count of the API, which is signed but never negative.
pub fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated_by_commas() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(count(number), expected);
        }
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(2000, "row"), "2,000 rows");
    }

    #[test]
    fn sizes_use_binary_units() {
        assert_eq!(bytes(17), "17 B");
        assert_eq!(bytes(496 << 20), "496.0 MiB");
        assert_eq!(rate(1 << 30), "1.0 GiB/s");
    }

    #[test]
    fn durations_are_rounded() {
        assert_eq!(duration(Duration::from_micros(13_900)), "13 ms");
        assert_eq!(duration(Duration::from_millis(5_240)), "5.2 s");
        assert_eq!(duration(Duration::from_millis(59_990)), "60.0 s");
        assert_eq!(duration(Duration::from_secs(80)), "1m 20s");
        assert_eq!(duration(Duration::from_hours(3)), "3h");
    }
}
