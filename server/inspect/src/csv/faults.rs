//! Records that do not fit, counted.

use crate::sample::shortened;

/// Most examples that are kept.
pub(super) const MAX_EXAMPLES: usize = 5;

/// Longest example in bytes.
pub(super) const MAX_EXAMPLE_BYTES: usize = 80;

/// How often something occurs, and where first.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) count: u64,
    /// Line of the first.
    pub(super) line: Option<u64>,
    pub(super) examples: Vec<String>,
}

impl Tally {
    /// Counts one, of which `example` says what it is.
    pub(super) fn add(&mut self, line: u64, example: impl FnOnce() -> String) {
        self.count += 1;
        self.line.get_or_insert(line);
        if self.examples.len() < MAX_EXAMPLES {
            let example = shortened(&example(), MAX_EXAMPLE_BYTES);
            self.examples.push(format!("line {line}: {example}"));
        }
    }
}

/// Rows with another number of fields than the header.
#[derive(Debug, Default)]
pub(super) struct Ragged {
    pub(super) tally: Tally,
    /// Fields of the first.
    pub(super) first_count: usize,
    /// Fields of all, unless they are different.
    pub(super) count: Option<usize>,
    /// Whether the surplus of all of them is empty.
    pub(super) is_surplus_empty: bool,
}

impl Ragged {
    pub(super) fn add(&mut self, line: u64, count: usize, is_surplus_empty: bool) {
        if self.tally.count == 0 {
            self.first_count = count;
            self.count = Some(count);
            self.is_surplus_empty = is_surplus_empty;
        }
        self.count = self.count.filter(|other| *other == count);
        self.is_surplus_empty &= is_surplus_empty;
        self.tally.add(line, || fields(count));
    }
}

/// What is wrong with the records, and what is unusual about them.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) ragged: Ragged,
    pub(super) text_after_quote: Tally,
    pub(super) unclosed_quote: Tally,
    pub(super) too_long: Tally,
    pub(super) comments: Tally,
    /// Records with line ends within quotes.
    pub(super) line_breaks: Tally,
}

/// `1 field` or `3 fields`.
pub(super) fn fields(count: usize) -> String {
    match count {
        1 => "1 field".to_owned(),
        _ => format!("{count} fields"),
    }
}
