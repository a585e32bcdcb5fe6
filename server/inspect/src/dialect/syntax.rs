//! Delimiter, quote and escape.

use super::head::Head;
use super::profile::{Consistency, Profile};
use super::stated::Stated;
use super::value::Look;
use crate::csv::Syntax;

/// Delimiters that are detected.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

const BACKSLASH: u8 = b'\\';

/// Records whose values are looked at.
const VALUE_RECORDS: usize = 100;

/// Share of the records that must have one number of fields by a delimiter that is not the usual one, per mille.
const MIN_SHARE: usize = 600;

/// A syntax and what the head is by it.
struct Candidate {
    syntax: Syntax,
    faults: usize,
    quoted: usize,
    consistency: Consistency,
    score: usize,
}

/// The syntax by which the records of the head are most alike.
pub(super) fn detect(head: Head<'_>, usual: u8, stated: &Stated) -> Syntax {
    let only = stated.delimiter.map(|delimiter| vec![delimiter]);
    let delimiters = only.unwrap_or_else(|| {
        let others = DELIMITERS
            .into_iter()
            .filter(|delimiter| *delimiter != usual);
        std::iter::once(usual)
            .chain(others.filter(|other| head.text.contains(char::from(*other))))
            .collect()
    });
    let mut candidates = delimiters
        .into_iter()
        .map(|delimiter| best_of(head, delimiter, usual, stated));
    // The list begins with the usual delimiter, so that there is a first one.
    let first = candidates
        .next()
        .unwrap_or_else(|| Candidate::new(head, plain(usual), usual));
    candidates
        .filter(Candidate::is_table)
        .fold(first, |best, other| {
            if other.score > best.score {
                other
            } else {
                best
            }
        })
        .syntax
}

/// The best syntax with `delimiter`.
fn best_of(head: Head<'_>, delimiter: u8, usual: u8, stated: &Stated) -> Candidate {
    let mut variants = variants(head, delimiter, stated).into_iter();
    let first = variants.next().unwrap_or(plain(delimiter));
    let mut best = Candidate::new(head, first, usual);
    for syntax in variants {
        let other = Candidate::new(head, syntax, usual);
        if other.is_proven_over(&best, head) {
            best = other;
        }
    }
    best
}

fn plain(delimiter: u8) -> Syntax {
    Syntax {
        delimiter,
        quote: None,
        escape: None,
        skips_spaces: false,
    }
}

/// What the head may be written in, most usual first. Only what occurs in the head is tried.
fn variants(head: Head<'_>, delimiter: u8, stated: &Stated) -> Vec<Syntax> {
    let contains = |text: &[u8]| memchr::memmem::find(head.text.as_bytes(), text).is_some();
    let quotes = stated.quote.or_try(if delimiter == b'\t' {
        // Tab-separated text as databases dump it has no quoting.
        vec![None, Some(b'"')]
    } else {
        vec![Some(b'"'), Some(b'\'')]
    });
    let mut variants = Vec::new();
    for quote in quotes {
        let Some(character) = quote else {
            variants.push(plain(delimiter));
            continue;
        };
        if !variants.is_empty() && !contains(&[character]) {
            continue;
        }
        let is_escaped = contains(&[BACKSLASH, character]);
        let escapes = [None, Some(BACKSLASH)]
            .into_iter()
            .take(1 + usize::from(is_escaped));
        let escapes = stated.escape.or_try(escapes.collect());
        let has_spaces = contains(&[delimiter, b' ']);
        for escape in escapes {
            for skips_spaces in [false, true].into_iter().take(1 + usize::from(has_spaces)) {
                variants.push(Syntax {
                    delimiter,
                    quote,
                    escape,
                    skips_spaces,
                });
            }
        }
    }
    variants
}

impl Candidate {
    fn new(head: Head<'_>, syntax: Syntax, usual: u8) -> Self {
        let profile = Profile::new(head, syntax);
        let consistency = profile.consistency();
        let quoted = profile
            .records
            .iter()
            .filter(|record| record.record.is_quoted);
        Self {
            syntax,
            faults: profile.faults,
            quoted: quoted.count(),
            consistency,
            score: score(&profile, consistency, syntax.delimiter == usual),
        }
    }

    /// Whether a delimiter that is not the usual one separates columns.
    fn is_table(&self) -> bool {
        self.consistency.fields > 1 && self.consistency.share() >= MIN_SHARE
    }

    /// Whether this more unusual syntax is proven by the head, of which `other` is a more usual reading.
    fn is_proven_over(&self, other: &Self, head: Head<'_>) -> bool {
        let (share, other_share) = (self.consistency.share(), other.consistency.share());
        let is_sound = self.faults == 0 && self.quoted > 0 && share >= other_share;
        if self.syntax.escape != other.syntax.escape {
            return (self.faults, other_share) < (other.faults, share)
                || (self.faults == other.faults && share > other_share);
        }
        match (self.syntax.quote, other.syntax.quote) {
            (this, that) if this == that => {
                let has_spaces =
                    || self.faults == 0 && spaces_follow(&Profile::new(head, self.syntax));
                (is_sound && quotes_follow_spaces(head, self.syntax)) || has_spaces()
            }
            (Some(quote), None) => {
                is_sound && (share > other_share || self.is_fully_quoted(quote, head))
            }
            _ => is_sound && self.quoted > 1 && other.quoted == 0,
        }
    }

    /// Whether all fields of the first record are quoted, or quotes are doubled within quotes.
    fn is_fully_quoted(&self, quote: u8, head: Head<'_>) -> bool {
        let profile = Profile::new(head, self.syntax);
        let is_quoted = |field: &str| {
            let field = field.as_bytes();
            field.len() > 1 && field.first() == Some(&quote) && field.last() == Some(&quote)
        };
        let mut records = profile.records.iter();
        let all = records.next().is_some_and(|first| {
            first
                .content
                .split(char::from(self.syntax.delimiter))
                .all(is_quoted)
        });
        all || profile.records.iter().any(|record| {
            record.record.is_quoted
                && record
                    .content
                    .split(char::from(self.syntax.delimiter))
                    .filter(|field| is_quoted(field))
                    .any(|field| {
                        memchr::memmem::find(&field.as_bytes()[1..field.len() - 1], &[quote, quote])
                            .is_some()
                    })
        })
    }
}

/// Whether somewhere a space is between a delimiter and a quote.
fn quotes_follow_spaces(head: Head<'_>, syntax: Syntax) -> bool {
    syntax.quote.is_some_and(|quote| {
        let text = [syntax.delimiter, b' ', quote];
        memchr::memmem::find(head.text.as_bytes(), &text).is_some()
    })
}

/// How good a reading of the head this is, to compare delimiters: above all that records are alike, then that values are
/// numbers and dates, and that the delimiter is the usual one.
fn score(profile: &Profile<'_>, consistency: Consistency, is_usual: bool) -> usize {
    if consistency.fields < 2 {
        return 0;
    }
    // A header that another delimiter separates as well is no title.
    let has_titles = usize::from(consistency.titles > 0);
    let mut penalty = 100 * (has_titles + consistency.titles.min(3));
    if spaces_follow(profile) {
        penalty += 150;
    }
    let bonus = 3 * typed_share(profile) / 10
        + 20 * consistency.fields.min(5)
        + 100 * usize::from(is_usual);
    (consistency.share() + bonus).saturating_sub(penalty)
}

/// Whether a space follows each delimiter, as it does in prose and in text that is written with spaces behind delimiters.
fn spaces_follow(profile: &Profile<'_>) -> bool {
    let delimiter = profile.syntax.delimiter;
    let has_spaces = |content: &str| {
        let bytes = content.as_bytes();
        memchr::memchr_iter(delimiter, bytes).all(|at| bytes.get(at + 1) == Some(&b' '))
    };
    let records = || {
        profile
            .records
            .iter()
            .filter(|record| !record.may_be_comment)
    };
    delimiter != b' '
        && records().filter(|record| record.fields > 1).count() > 1
        && records().all(|record| has_spaces(record.content))
}

/// Values that are no text, per mille.
fn typed_share(profile: &Profile<'_>) -> usize {
    let (mut typed, mut total) = (0, 0);
    let records = profile
        .records
        .iter()
        .filter(|record| !record.may_be_comment);
    for record in records.take(VALUE_RECORDS) {
        for field in record.content.split(char::from(profile.syntax.delimiter)) {
            let look = Look::of(field.trim_matches(['"', '\'', ' ']));
            typed += usize::from(look != Look::Text);
            total += 1;
        }
    }
    typed * 1000 / total.max(1)
}
