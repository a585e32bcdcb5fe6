//! Whether there is a header.

use restow_api::{Finding, FindingType, Severity};

use super::value::Look;
use crate::findings::finding;

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

fn judge(first: &[String], others: &[Vec<String>], decimal: u8) -> (bool, Option<Finding>) {
    let looks: Vec<Look> = first.iter().map(|name| look(name, decimal)).collect();
    let filled = looks.iter().filter(|look| **look != Look::Empty).count();
    let alike: Vec<usize> = (0..first.len())
        .filter(|index| looks[*index].is_typed() && fits(looks[*index], others, *index, decimal))
        .collect();
    let are_years = !alike.is_empty() && alike.iter().all(|index| is_year(&first[*index]));
    if alike.is_empty() || (are_years && alike.len() < filled) {
        return (true, None);
    }
    let is_data = alike.len() == filled && !(are_years && is_ascending(first));
    let msg = if is_data {
        "the first row looks like data and was read as data; state header=true if it contains the names of the columns"
    } else {
        "names of columns look like data; state header=false if the first row contains no names"
    };
    let mut found = finding(FindingType::HeaderLooksLikeData, Severity::Warning, msg);
    found.count = Some(alike.len() as u64);
    found.examples = alike
        .iter()
        .take(MAX_EXAMPLES)
        .map(|index| first[*index].clone())
        .collect();
    found.suggestion = Some(
        if is_data {
            "header=true"
        } else {
            "header=false"
        }
        .to_owned(),
    );
    (!is_data, Some(found))
}

/// What a value looks like; a number with the other decimal mark is text.
fn look(value: &str, decimal: u8) -> Look {
    match Look::of(value) {
        Look::Number(Some(mark)) if mark != decimal => Look::Text,
        look => look.kind(),
    }
}

/// Whether all values of the column at `index` look like `first`.
fn fits(first: Look, others: &[Vec<String>], index: usize, decimal: u8) -> bool {
    let mut values = others
        .iter()
        .filter_map(|row| row.get(index))
        .map(|value| look(value, decimal));
    values.all(|look| look == first || look == Look::Empty)
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
        assert_eq!(judged(&[&["Ann", "30"], &["Bob", "31"]]), (true, true));
        assert_eq!(judged(&[&["1", "2"], &["a", "b"]]), (true, false));
        assert_eq!(
            judged(&[&["country", "2020", "2021"], &["A", "1", "2"]]),
            (true, false)
        );
        assert_eq!(judged(&[&["2020", "2021"], &["1", "2"]]), (true, true));
        assert_eq!(judged(&[&["a", "b"], &["c", "d"]]), (true, false));
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
