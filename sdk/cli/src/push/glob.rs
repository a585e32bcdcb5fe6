//! Patterns of `--include` and `--exclude`.

use std::convert::Infallible;
use std::str::FromStr;

/// A pattern for relative paths: `*` and `?` stand for characters within a name, and `**` for any number of names. One
/// without a slash is a pattern for the last name of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(String);

impl FromStr for Glob {
    type Err = Infallible;

    fn from_str(pattern: &str) -> Result<Self, Self::Err> {
        Ok(Self(pattern.to_string()))
    }
}

impl Glob {
    /// The pattern as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a path, whose names are separated by slashes, matches.
    pub fn matches(&self, path: &str) -> bool {
        let pattern = self.0.trim_start_matches("./").trim_end_matches('/');
        if !pattern.contains('/') {
            let name = path.rsplit('/').next().unwrap_or(path);
            return name_matches(&characters(pattern), &characters(name));
        }
        let pattern: Vec<&str> = pattern.trim_start_matches('/').split('/').collect();
        let path: Vec<&str> = path.split('/').collect();
        path_matches(&pattern, &path)
    }
}

fn characters(text: &str) -> Vec<char> {
    text.chars().collect()
}

fn path_matches(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), None) => path_matches(rest, path),
        (Some((&"**", rest)), Some((_, further))) => {
            path_matches(rest, path) || path_matches(pattern, further)
        }
        (Some((one, rest)), Some((name, further))) => {
            name_matches(&characters(one), &characters(name)) && path_matches(rest, further)
        }
        _ => false,
    }
}

/// Compares from the start, and after a mismatch again with a longer text for the last star: linear for one star, and
/// never exponential.
fn name_matches(pattern: &[char], name: &[char]) -> bool {
    let (mut at, mut position) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while position < name.len() {
        match pattern.get(at) {
            Some('*') => {
                last_star = Some((at, position));
                at += 1;
            }
            Some(one) if *one == '?' || *one == name[position] => {
                at += 1;
                position += 1;
            }
            _ => match &mut last_star {
                Some((star, covered)) => {
                    *covered += 1;
                    (at, position) = (*star + 1, *covered);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|one| *one == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Glob(pattern.to_string()).matches(path)
    }

    #[test]
    fn patterns_match_names_or_whole_paths() {
        for (pattern, path) in [
            ("*.csv", "a.csv"),
            ("*.csv", "deep/er/a.csv"),
            ("a?.*", "ab.tar.gz"),
            ("?", "ä"),
            ("*", "x"),
            ("*a*b*", "xxaybz"),
            ("below/*.csv", "below/a.csv"),
            ("./below/*.csv", "below/a.csv"),
            ("**/a.csv", "a.csv"),
            ("**/a.csv", "x/y/a.csv"),
            ("x/**", "x/y/a.csv"),
            ("x/**/a.csv", "x/a.csv"),
            ("tmp/", "tmp"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("*.csv", "a.csv.gz"),
            ("a?", "a"),
            ("below/*.csv", "below/er/a.csv"),
            ("below/*.csv", "x/below/a.csv"),
            ("x/**/a.csv", "y/a.csv"),
            ("", "a"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn many_stars_are_fast() {
        assert!(!matches(
            &"*a".repeat(50),
            &"a".repeat(10_000).replace('a', "ab")
        ));
    }
}
