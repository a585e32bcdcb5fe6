//! Rates, as they are configured: `1000/1m`.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

/// Longest window: a day.
const MAX_WINDOW: Duration = Duration::from_hours(24);

/// So many in a window of time. All of them can be used at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: NonZeroU32,
    /// The window, of whole seconds.
    pub window: Duration,
}

impl Rate {
    /// Time after which one more can be used.
    pub fn interval(&self) -> Duration {
        (self.window / self.count.get()).max(Duration::from_nanos(1))
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = "write for example 1000/1m";
        let (count, window) = text.split_once('/').ok_or(form)?;
        let count = count.parse().map_err(|_| form)?;
        let window =
            humantime::parse_duration(window).map_err(|error| format!("{error}; {form}"))?;
        if window.subsec_nanos() != 0 || window < Duration::from_secs(1) || window > MAX_WINDOW {
            return Err("the window must be of whole seconds, from 1s to 1d".to_string());
        }
        Ok(Self { count, window })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{}",
            self.count,
            humantime::format_duration(self.window)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_written() {
        for text in ["1/1s", "1000/1m", "60000/1h"] {
            assert_eq!(text.parse::<Rate>().unwrap().to_string(), text);
        }
        for odd in [
            "", "1", "0/1m", "-1/1m", "1/0s", "1/1ms", "1/2d", "1/m", "x/1m",
        ] {
            assert!(odd.parse::<Rate>().is_err(), "{odd}");
        }
    }
}
