//! Columns of a file with their statistics, as a table.

use console::Alignment;
use serde_json::Value;

use crate::sparkline::sparkline;
use crate::table::Table;
use crate::units;
use restow_sdk::generated::types::{Column, DistinctCount};

/// Maximum length of a least or greatest value, in characters.
const MAX_VALUE_LENGTH: usize = 20;

/// The text of a statistic of a column; `None` if it is not known.
type Cell = fn(&Column) -> Option<String>;

/// A column of the file, or one nested in it.
struct Row<'a> {
    /// Names of the outer columns and its own, separated by dots.
    path: String,
    column: &'a Column,
}

/// The columns with their types and statistics; a statistic that no column has is left out.
pub fn column_table(columns: &[Column]) -> Table {
    let mut rows = Vec::new();
    collect("", columns, &mut rows);
    let cells =
        |cell: Cell| -> Vec<Option<String>> { rows.iter().map(|row| cell(row.column)).collect() };
    let table = Table::default()
        .column(
            "COLUMN",
            Alignment::Left,
            rows.iter().map(|row| row.path.clone()),
        )
        .column(
            "TYPE",
            Alignment::Left,
            cells(data_type).into_iter().flatten(),
        )
        .column("NULLS", Alignment::Right, shown(cells(nulls)));
    let statistics: [(&str, Alignment, Cell); 5] = [
        ("DISTRIBUTION", Alignment::Left, distribution),
        ("MIN", Alignment::Right, |column| value(column.min.as_ref())),
        ("MAX", Alignment::Right, |column| value(column.max.as_ref())),
        ("MEAN", Alignment::Right, mean),
        ("DISTINCT", Alignment::Right, distinct),
    ];
    let known = statistics
        .into_iter()
        .map(|(header, alignment, cell)| (header, alignment, cells(cell)))
        .filter(|(.., cells)| cells.iter().any(Option::is_some));
    known.fold(table, |table, (header, alignment, cells)| {
        table.column(header, alignment, shown(cells))
    })
}

fn collect<'a>(prefix: &str, columns: &'a [Column], rows: &mut Vec<Row<'a>>) {
    for column in columns {
        let path = format!("{prefix}{}", column.name);
        let inner = format!("{path}.");
        rows.push(Row { path, column });
        collect(&inner, &column.fields, rows);
    }
}

fn shown(cells: Vec<Option<String>>) -> impl Iterator<Item = String> {
    cells
        .into_iter()
        .map(|cell| cell.unwrap_or_else(|| "-".to_string()))
}

#[allow(clippy::unnecessary_wraps, reason = "the other cells can be missing")]
fn data_type(column: &Column) -> Option<String> {
    let name = column.data_type.clone();
    let name = name.unwrap_or_else(|| column.type_.to_string());
    Some(match &column.date_pattern {
        Some(pattern) => format!("{name} ({pattern})"),
        None => name,
    })
}

fn nulls(column: &Column) -> Option<String> {
    column
        .nulls
        .map(|nulls| units::count(units::unsigned(nulls)))
}

fn distribution(column: &Column) -> Option<String> {
    column.histogram.as_ref().map(sparkline)
}

fn value(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut start: String = text.chars().take(MAX_VALUE_LENGTH).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    Some(start)
}

fn mean(column: &Column) -> Option<String> {
    column.mean.map(significant)
}

/// A number with six significant digits.
fn significant(number: f64) -> String {
    let rounded: f64 = format!("{number:.5e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn distinct(column: &Column) -> Option<String> {
    column.distinct.as_ref().map(|distinct: &DistinctCount| {
        let sign = if distinct.error > 0.0 { "≈" } else { "" };
        format!("{sign}{}", units::count(units::unsigned(distinct.value)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rendered(columns: Value) -> String {
        console::set_colors_enabled(false);
        let columns: Vec<Column> = serde_json::from_value(columns).unwrap();
        column_table(&columns).render(200)
    }

    #[test]
    fn statistics_of_all_columns_are_shown() {
        let columns = json!([
            {"name": "rain", "type": "float", "data_type": "double", "nulls": 1200, "min": 0.5, "max": 1e6,
             "mean": 2.345_678_9, "distinct": {"value": 12345, "error": 0.01},
             "histogram": {"start": 0.0, "width": 1.0, "counts": [0, 4, 8], "is_exact": true}},
            {"name": "place", "type": "object", "fields": [
                {"name": "city", "type": "string", "nulls": 0, "min": "a".repeat(30),
                 "distinct": {"value": 7, "error": 0.0}},
            ]},
        ]);
        let expected = "\
COLUMN      TYPE    NULLS  DISTRIBUTION                    MIN        MAX     MEAN  DISTINCT
rain        double  1,200   ▄█                             0.5  1000000.0  2.34568   ≈12,345
place       object      -  -                                 -          -        -         -
place.city  string      0  -             aaaaaaaaaaaaaaaaaaaa…          -        -         7";
        assert_eq!(rendered(columns), expected);
    }

    #[test]
    fn unknown_statistics_are_left_out() {
        let columns = json!([{"name": "day", "type": "date", "date_pattern": "DD/MM/YYYY"}]);
        assert_eq!(
            rendered(columns),
            "COLUMN  TYPE               NULLS\nday     date (DD/MM/YYYY)      -"
        );
    }
}
