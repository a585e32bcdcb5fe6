//! One check of a judgement, and its findings.

use std::fmt::Display;
use std::time::{Duration, Instant};

use crate::finding::{Finding, Rule};

/// The most characters of a value that a finding repeats.
const MAX_SHOWN: usize = 300;

/// A check.
#[derive(Debug)]
pub struct Check {
    /// What is checked.
    pub name: String,
    /// What was found.
    pub findings: Vec<Finding>,
    /// How long it took.
    pub elapsed: Duration,
    begun: Instant,
}

impl Check {
    /// A check that begins now.
    pub fn begin(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            findings: Vec::new(),
            elapsed: Duration::ZERO,
            begun: Instant::now(),
        }
    }

    /// The check, ended now.
    pub fn end(mut self) -> Self {
        self.elapsed = self.begun.elapsed();
        self
    }

    /// Adds a finding.
    pub fn find(&mut self, rule: Rule, place: &str, expected: &dyn Display, seen: &dyn Display) {
        self.findings.push(Finding {
            rule,
            place: place.to_string(),
            expected: shortened(&expected.to_string()),
            seen: shortened(&seen.to_string()),
        });
    }

    /// Whether something departs from the contract.
    pub fn departs(&self) -> bool {
        self.findings.iter().any(Finding::is_departure)
    }
}

/// The text without what is too long to be read, and without the signatures of URLs.
fn shortened(text: &str) -> String {
    let text = without_queries(text);
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}

/// The text with `?…` instead of the query of each URL, which is a secret if the URL is signed.
fn without_queries(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("://") {
        let end = rest[start..]
            .find(|character: char| character.is_whitespace() || "\"'<>".contains(character))
            .map_or(rest.len(), |length| start + length);
        match rest[..end].find('?').filter(|query| *query > start) {
            Some(query) => {
                short.push_str(&rest[..query]);
                short.push_str("?…");
            }
            None => short.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    short.push_str(rest);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_of_urls_are_left_out() {
        assert_eq!(
            shortened(r#"{"urls":["https://s3/a?X-Amz-Signature=1","http://s3/b"],"x":"what?"}"#),
            r#"{"urls":["https://s3/a?…","http://s3/b"],"x":"what?"}"#
        );
    }

    #[test]
    fn long_text_is_shortened_at_a_character() {
        let text = "ä".repeat(MAX_SHOWN + 1);
        assert_eq!(shortened(&text), format!("{} …", "ä".repeat(MAX_SHOWN)));
        assert_eq!(shortened("ä"), "ä");
    }
}
