//! `--replaces`: the version that must be the current one.

use std::num::NonZeroU64;
use std::str::FromStr;

/// Version that must be the dataset's current one for a commit; `None` if it must have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaces(pub Option<NonZeroU64>);

impl Replaces {
    /// The same as the API numbers versions.
    pub fn version(self) -> Option<i64> {
        // A number that no version can have is that of none that is current.
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
                .map_err(|_| "should be the number of a version, or none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_version_or_none() {
        assert_eq!("none".parse(), Ok(Replaces(None)));
        assert_eq!("3".parse(), Ok(Replaces(NonZeroU64::new(3))));
        for odd in ["", "0", "-1", "None", "v3"] {
            assert!(odd.parse::<Replaces>().is_err(), "{odd}");
        }
    }
}
