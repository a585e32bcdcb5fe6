//! Dates and times as ISO 8601 writes them.

use super::logical::Unit;

const SECONDS_PER_DAY: i64 = 86_400;

/// The date `days` after 1970-01-01, in the proleptic Gregorian calendar. Years beyond four digits have a sign.
pub(super) fn date(days: i64) -> String {
    // Days from 0000-03-01, so that the leap day ends a year; 146,097 days are 400 years.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months from March: five of them have 153 days.
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    if (0..=9999).contains(&year) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:+05}-{month:02}-{day:02}")
    }
}

/// `count` units after midnight. A time beyond a day has more than 23 hours.
pub(super) fn time(count: i64, unit: Unit) -> String {
    let sign = if count < 0 { "-" } else { "" };
    let per_second = unit.per_second().unsigned_abs();
    let (seconds, rest) = (
        count.unsigned_abs() / per_second,
        count.unsigned_abs() % per_second,
    );
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = fraction(rest, per_second);
    format!("{sign}{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

/// `count` units after 1970-01-01T00:00:00, with `Z` if it is in UTC.
pub(super) fn timestamp(count: i64, unit: Unit, is_utc: bool) -> String {
    let per_day = SECONDS_PER_DAY * unit.per_second();
    day_and_time(
        count.div_euclid(per_day),
        count.rem_euclid(per_day),
        unit,
        is_utc,
    )
}

/// A date and a time within it.
pub(super) fn day_and_time(days: i64, count: i64, unit: Unit, is_utc: bool) -> String {
    let zone = if is_utc { "Z" } else { "" };
    format!("{}T{}{zone}", date(days), time(count, unit))
}

/// The fraction of a second in groups of three digits, as many as it needs.
fn fraction(rest: u64, per_second: u64) -> String {
    let nanoseconds = rest * (1_000_000_000 / per_second);
    if nanoseconds == 0 {
        String::new()
    } else if nanoseconds.is_multiple_of(1_000_000) {
        format!(".{:03}", nanoseconds / 1_000_000)
    } else if nanoseconds.is_multiple_of(1_000) {
        format!(".{:06}", nanoseconds / 1_000)
    } else {
        format!(".{nanoseconds:09}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_gregorian_calendar() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(date(19_782), "2024-02-29");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(-719_528), "0000-01-01");
        assert_eq!(date(-719_529), "-0001-12-31");
        assert_eq!(date(2_932_897), "+10000-01-01");
        assert_eq!(date(i64::from(i32::MAX)), "+5881580-07-11");
    }

    #[test]
    fn times_keep_every_digit() {
        assert_eq!(
            time(43_200_000_000_001, Unit::Nanoseconds),
            "12:00:00.000000001"
        );
        assert_eq!(time(3_600_000, Unit::Milliseconds), "01:00:00");
        assert_eq!(time(86_400_000_000, Unit::Microseconds), "24:00:00");
        assert_eq!(time(-1, Unit::Milliseconds), "-00:00:00.001");
        let last = timestamp(i64::MAX, Unit::Nanoseconds, true);
        assert_eq!(last, "2262-04-11T23:47:16.854775807Z");
        assert_eq!(
            timestamp(-1, Unit::Microseconds, false),
            "1969-12-31T23:59:59.999999"
        );
    }
}
