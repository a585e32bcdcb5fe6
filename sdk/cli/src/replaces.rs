//! `--replaces`: the version that must be current for a commit.

use std::num::NonZeroU64;
use std::str::FromStr;

/// The version that must be current for a commit; `None` if the dataset must have no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaces(pub Option<NonZeroU64>);

impl Replaces {
    /// The number in the API's type.
    pub fn version(self) -> Option<i64> {
        // No version has a number above `i64::MAX`, so this one is never current.
        self.0
            .map(|number| i64::try_from(number.get()).unwrap_or(i64::MAX))
    }
}

impl FromStr for Replaces {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self(None)),
            number => number
                .parse()
                .map(Some)
                .map(Self)
                .map_err(|_| "expected the number of a version, or none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_and_none_parse() {
        assert_eq!("none".parse(), Ok(Replaces(None)));
        assert_eq!("3".parse(), Ok(Replaces(NonZeroU64::new(3))));
        for invalid in ["", "0", "-1", "None", "v3"] {
            assert!(invalid.parse::<Replaces>().is_err(), "{invalid}");
        }
    }
}
