//! How the values of options are written.

use std::time::Duration;

use crate::rate_limit::Rate;

/// Longest time that can be set: whatever is added to a date stays one.
const MAX_DURATION: Duration = Duration::from_hours(10 * 365 * 24);

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if duration.is_zero() => Err("must be longer than zero".to_string()),
        Ok(duration) if duration > MAX_DURATION => Err("must be at most ten years".to_string()),
        Ok(duration) => Ok(duration),
        Err(error) => Err(format!("{error}; write for example 90s, 24h or 7d")),
    }
}

/// A duration, or `0` for none.
pub(super) fn duration_or_zero(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(none) if none.is_zero() => Ok(none),
        _ => duration(text),
    }
}

/// So many in a window of time.
pub(super) fn rate(text: &str) -> Result<Rate, String> {
    text.parse()
}

/// An amount of money, which may be zero.
pub(super) fn price(text: &str) -> Result<f64, String> {
    let price: f64 = text
        .parse()
        .map_err(|_| "write for example 0.023".to_string())?;
    if (0.0..=1_000.0).contains(&price) {
        Ok(price)
    } else {
        Err("must be between 0 and 1000".to_string())
    }
}

pub(super) fn prefix(text: &str) -> Result<String, String> {
    let harmless = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.'));
    let clean = !text.starts_with('/') && !text.split('/').any(|part| part == "." || part == "..");
    if !harmless || !clean || text.len() > 512 {
        return Err("must consist of at most 512 letters, digits, and any of / - _ .".to_string());
    }
    Ok(if text.is_empty() || text.ends_with('/') {
        text.to_string()
    } else {
        format!("{text}/")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_is_safe_and_ends_in_slash() {
        assert_eq!(prefix(""), Ok(String::new()));
        assert_eq!(prefix("team/a"), Ok("team/a/".to_string()));
        for odd in ["/a", "a/../b", "a b", "ä", "a\n"] {
            assert!(prefix(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn prices_are_amounts() {
        assert_eq!(price("0"), Ok(0.0));
        assert_eq!(price("0.023"), Ok(0.023));
        for odd in ["", "-1", "NaN", "inf", "1e9", "0.023 USD"] {
            assert!(price(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert!(duration("0s").is_err());
        assert_eq!(duration_or_zero("5s"), Ok(Duration::from_secs(5)));
        assert!(duration("90").is_err());
        assert_eq!(duration_or_zero("0"), Ok(Duration::ZERO));
        assert!(duration_or_zero("90").is_err());
        assert!(duration("300000y").is_err());
    }
}
