//! The decimal mark.

use super::value::Look;

/// The decimal mark of `rows`: a comma where a column has numbers with commas, and none has numbers with points.
pub(super) fn detect(rows: &[Vec<String>], delimiter: u8) -> u8 {
    if delimiter == b',' {
        return b'.';
    }
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let marks: Vec<u8> = (0..columns)
        .filter_map(|column| mark(rows, column))
        .collect();
    if marks.contains(&b',') && !marks.contains(&b'.') {
        b','
    } else {
        b'.'
    }
}

/// The decimal mark of a column of numbers; the first row may be the header.
fn mark(rows: &[Vec<String>], column: usize) -> Option<u8> {
    let mut found = None;
    let rows = if rows.len() > 1 { &rows[1..] } else { rows };
    for value in rows.iter().filter_map(|row| row.get(column)) {
        match Look::of(value) {
            Look::Number(mark) => found = found.or(mark),
            Look::Empty => {}
            _ => return None,
        }
    }
    found
}
