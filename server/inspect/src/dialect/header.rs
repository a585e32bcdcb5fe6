//! Whether there is a header.

use restow_api::{Finding, FindingType, Severity};

use super::value::Look;
use crate::findings::finding;
use crate::text::null_marker;

/// Most names that a finding shows.
const MAX_EXAMPLES: usize = 5;

/// What the first row is.
pub(super) struct FirstRow {
    pub(super) is_header: bool,
    /// Whether all rows but the header end with a delimiter.
    pub(super) rows_end_with_delimiter: bool,
    pub(super) finding: Option<Finding>,
}

/// Detects whether the first of `rows` is a header: what looks like the values below it is none.
pub(super) fn detect(rows: &[Vec<String>], decimal: u8, stated: Option<bool>) -> FirstRow {
    let Some((first, others)) = rows.split_first() else {
        return FirstRow {
            is_header: stated.unwrap_or(true),
            rows_end_with_delimiter: false,
            finding: None,
        };
    };
    let (is_header, finding) = match stated {
        Some(stated) => (stated, None),
        None => judge(first, others, decimal),
    };
    FirstRow {
        is_header,
        rows_end_with_delimiter: is_header && end_with_delimiter(first, others),
        finding,
    }
}

fn end_with_delimiter(first: &[String], others: &[Vec<String>]) -> bool {
    let has_surplus = |row: &Vec<String>| {
        row.len() == first.len() + 1 && row.last().is_some_and(String::is_empty)
    };
    !others.is_empty() && others.iter().all(has_surplus)
}

/// Judges whether `first` is a header: a number, a date or a boolean that looks like what is below it is no name. A name
/// above values of another kind, and names that count on as years do, speak for a header.
fn judge(first: &[String], others: &[Vec<String>], decimal: u8) -> (bool, Option<Finding>) {
    let looks: Vec<Look> = first.iter().map(|name| look(name, decimal)).collect();
    let filled = looks.iter().filter(|look| **look != Look::Empty).count();
    let alike: Vec<usize> = (0..first.len())
        .filter(|index| looks[*index].is_typed() && fits(first, others, *index, decimal))
        .collect();
    let are_years = !alike.is_empty()
        && alike.iter().all(|index| is_year(&first[*index]))
        && !alike.iter().all(|index| has_years(others, *index));
    if alike.is_empty() || (are_years && alike.len() < filled) {
        return (true, None);
    }
    let names: Vec<&str> = alike.iter().map(|index| first[*index].as_str()).collect();
    let is_data = if alike.len() == filled {
        !(are_years && is_ascending(first))
    } else {
        !counts_on(&names) && !has_name(&looks, others, decimal)
    };
    (!is_data, Some(looks_like_data(is_data, &names)))
}

fn looks_like_data(is_data: bool, names: &[&str]) -> Finding {
    let (msg, suggestion) = if is_data {
        (
            "The first row looks like data and was read as data: state header=true if it contains the names of the columns.",
            "header=true",
        )
    } else {
        (
            "Names of columns look like data: state header=false if the first row contains no names.",
            "header=false",
        )
    };
    let mut found = finding(FindingType::HeaderLooksLikeData, Severity::Warning, msg);
    found.count = Some(names.len() as u64);
    let examples = names.iter().take(MAX_EXAMPLES);
    found.examples = examples.map(|name| (*name).to_owned()).collect();
    found.suggestion = Some(suggestion.to_owned());
    found
}

/// Whether the first of `rows` has a name above values of another kind, so that it is a header.
pub(super) fn names_values(rows: &[Vec<String>]) -> bool {
    let Some((first, others)) = rows.split_first() else {
        return false;
    };
    let looks: Vec<Look> = first.iter().map(|name| Look::of(name)).collect();
    !looks.iter().any(|look| look.is_typed()) && has_name(&looks, others, b'.')
}

/// Whether there is a text above numbers, dates or booleans.
fn has_name(looks: &[Look], others: &[Vec<String>], decimal: u8) -> bool {
    let is_above = |index: usize| {
        let mut values = below(others, index)
            .map(|value| look(value, decimal))
            .filter(|look| *look != Look::Empty)
            .peekable();
        values.peek().is_some() && values.all(Look::is_typed)
    };
    (0..looks.len()).any(|index| looks[index] == Look::Text && is_above(index))
}

/// The values of the column at `index` that are no null markers.
fn below(others: &[Vec<String>], index: usize) -> impl Iterator<Item = &str> {
    others
        .iter()
        .filter_map(move |row| row.get(index))
        .map(String::as_str)
        .filter(|value| null_marker(value).is_none())
}

/// What a value looks like; a number with the other decimal mark is text.
fn look(value: &str, decimal: u8) -> Look {
    match Look::of(value) {
        Look::Number(Some(mark)) if mark != decimal => Look::Text,
        look => look.kind(),
    }
}

/// Whether all values of the column at `index` look like its name. Whole numbers are names of columns of fractions.
fn fits(first: &[String], others: &[Vec<String>], index: usize, decimal: u8) -> bool {
    let name = look(&first[index], decimal);
    let mut values = below(others, index).map(|value| look(value, decimal));
    let is_whole = |value: &str| Look::of(value) == Look::Number(None);
    let are_fractions = || {
        let mut values = below(others, index)
            .filter(|value| !value.trim().is_empty())
            .peekable();
        values.peek().is_some() && !values.any(is_whole)
    };
    values.all(|look| look == name || look == Look::Empty)
        && !(is_whole(&first[index]) && are_fractions())
}

/// Whether at least three names are whole numbers with one step between them.
fn counts_on(names: &[&str]) -> bool {
    let numbers: Option<Vec<i64>> = names.iter().map(|name| name.trim().parse().ok()).collect();
    numbers.is_some_and(|numbers| {
        let mut steps = numbers
            .windows(2)
            .map(|pair| pair[1].saturating_sub(pair[0]));
        let first = steps.next().unwrap_or_default();
        numbers.len() > 2 && first > 0 && steps.all(|step| step == first)
    })
}

/// Whether all values of the column at `index` are years, so that a year above them is one of them.
fn has_years(others: &[Vec<String>], index: usize) -> bool {
    let mut values = below(others, index).peekable();
    values.peek().is_some() && values.all(is_year)
}

fn is_year(name: &str) -> bool {
    name.len() == 4
        && name
            .parse()
            .is_ok_and(|year: u16| (1900..=2100).contains(&year))
}

/// Whether the names ascend, as years in a header do.
fn is_ascending(names: &[String]) -> bool {
    names.len() > 1 && names.is_sorted_by(|a, b| a < b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(rows: &[&[&str]]) -> (bool, bool) {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|text| (*text).to_owned()).collect())
            .collect();
        let header = detect(&rows, b'.', None);
        (header.is_header, header.finding.is_some())
    }

    #[test]
    fn data_is_no_header() {
        assert_eq!(judged(&[&["id", "x"], &["1", "2"]]), (true, false));
        assert_eq!(judged(&[&["1", "2"], &["3", "4"]]), (false, true));
        assert_eq!(
            judged(&[&["2024-01-01", "0"], &["2024-01-02", "5"]]),
            (false, true)
        );
        assert_eq!(judged(&[&["Ann", "30"], &["Bob", "31"]]), (false, true));
        assert_eq!(judged(&[&["1", "Ann"]]), (false, true));
        assert_eq!(
            judged(&[&["N/A", "1", "2"], &["x", "3", "NA"]]),
            (false, true)
        );
        assert_eq!(judged(&[&["1", "2"], &["a", "b"]]), (true, false));
        assert_eq!(
            judged(&[&["country", "2020", "2021"], &["A", "1", "2"]]),
            (true, false)
        );
        assert_eq!(judged(&[&["2020", "2021"], &["1", "2"]]), (true, true));
        assert_eq!(judged(&[&["a", "b"], &["c", "d"]]), (true, false));
    }

    #[test]
    fn names_above_other_values_are_a_header() {
        assert_eq!(judged(&[&["id", "5"], &["1", "6"]]), (true, true));
        assert_eq!(
            judged(&[&["name", "0", "1", "2"], &["a", "7", "8", "9"]]),
            (true, true)
        );
        assert_eq!(
            judged(&[&["0", "1"], &["5.1", "3.5"], &["4.9", "3.0"]]),
            (true, false)
        );
        assert_eq!(
            judged(&[&["5", "3.5"], &["4.9", "3.0"], &["4.7", "3.2"]]),
            (false, true)
        );
        assert_eq!(judged(&[&["tt1", "1999"], &["tt2", "2000"]]), (false, true));
    }

    #[test]
    fn identifiers_are_no_names() {
        let first = ["3f2504e0-4f89-11d3-9a0c-0305e82c3301", "x"];
        let second = ["3f2504e0-4f89-11d3-9a0c-0305e82c3302", "y"];
        assert_eq!(judged(&[&first, &second]), (false, true));
        assert_eq!(
            judged(&[&["a@x.org", "A"], &["b@x.org", "B"]]),
            (false, true)
        );
    }

    #[test]
    fn rows_that_end_with_a_delimiter_are_recognised() {
        let rows = |rows: &[&[&str]]| {
            let rows: Vec<Vec<String>> = rows
                .iter()
                .map(|row| row.iter().map(|text| (*text).to_owned()).collect())
                .collect();
            detect(&rows, b'.', None).rows_end_with_delimiter
        };
        assert!(rows(&[&["a", "b"], &["1", "2", ""], &["3", "4", ""]]));
        assert!(!rows(&[&["a", "b"], &["1", "2", ""], &["3", "4"]]));
        assert!(!rows(&[&["a", "b", ""], &["1", "2", ""]]));
    }
}
