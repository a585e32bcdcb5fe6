//! The names beside bars.

use std::sync::Mutex;

use console::{Alignment, measure_text_width, pad_str};

use super::lock::locked;

use crate::printable::printable;

/// Maximum width of a name beside a bar, in columns.
const MAX_WIDTH: usize = 28;

/// Minimum of that width: on narrower terminals, lines are cut at their end.
const MIN_WIDTH: usize = 8;

/// What a name loses in the middle.
const CUT: &str = "…";

/// Names, cut and padded for the present width of the terminal.
#[derive(Debug)]
pub struct Names {
    names: Vec<String>,
    /// The names as they are shown on a terminal of so many columns, the last that was asked for.
    shown: Mutex<(usize, Vec<String>)>,
}

impl Names {
    /// Names that are not cut yet.
    pub fn new(names: Vec<String>) -> Self {
        Self {
            names,
            shown: Mutex::default(),
        }
    }

    /// The name at an index on a terminal with so many columns, beside `frame` others.
    pub fn shown(&self, index: usize, columns: usize, frame: usize) -> String {
        let mut shown = locked(&self.shown);
        if shown.0 != columns {
            *shown = (columns, padded_names(&self.names, columns, frame));
        }
        shown.1.get(index).cloned().unwrap_or_default()
    }
}

/// The names, cut and padded to one width that leaves room for a bar in `columns`. `frame` is the width of all that
/// stands beside a name.
fn padded_names(names: &[String], columns: usize, frame: usize) -> Vec<String> {
    let max_width = columns.saturating_sub(frame).clamp(MIN_WIDTH, MAX_WIDTH);
    let names: Vec<_> = names
        .iter()
        .map(|name| cut_in_the_middle(&printable(name), max_width))
        .collect();
    let widths = names.iter().map(|name| measure_text_width(name));
    let width = widths.max().unwrap_or_default();
    names
        .iter()
        .map(|name| pad_str(name, width, Alignment::Left, None).into_owned())
        .collect()
}

/// The text in at most `width` columns. Names of many files often differ only at their end.
fn cut_in_the_middle(text: &str, width: usize) -> String {
    if measure_text_width(text) <= width {
        return text.to_string();
    }
    let available = width.saturating_sub(measure_text_width(CUT));
    let (head, tail) = (available / 2, available.div_ceil(2));
    let start = fitting(text.chars(), head);
    let end: String = fitting(text.chars().rev(), tail).chars().rev().collect();
    format!("{start}{CUT}{end}")
}

/// As many characters as fit into `width` columns.
fn fitting(characters: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 0;
    characters
        .take_while(|character| {
            used += measure_text_width(character.encode_utf8(&mut [0; 4]));
            used <= width
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_equal_width() {
        let names = ["a.csv", "日本.csv", &"x".repeat(60)].map(str::to_string);
        for (columns, width) in [(200, MAX_WIDTH), (60, 20), (10, MIN_WIDTH)] {
            for name in padded_names(&names, columns, 40) {
                assert_eq!(measure_text_width(&name), width);
            }
        }
    }

    #[test]
    fn names_follow_the_width_of_the_terminal() {
        let names = Names::new(vec!["x".repeat(60)]);
        for (columns, width) in [(200, MAX_WIDTH), (60, 20), (60, 20), (200, MAX_WIDTH)] {
            assert_eq!(measure_text_width(&names.shown(0, columns, 40)), width);
        }
    }

    #[test]
    fn long_names_stay_distinguishable() {
        let name = |day| format!("measurements-of-all-stations-2026-01-{day:02}.csv");
        let names: Vec<_> = (1..=30).map(name).collect();
        let mut shown = padded_names(&names, 200, 40);
        assert_eq!(shown[0], "measurements-…2026-01-01.csv");
        shown.dedup();
        assert_eq!(shown.len(), 30);
        assert_eq!(cut_in_the_middle("日本語の名前.csv", 11), "日本….csv");
    }
}
