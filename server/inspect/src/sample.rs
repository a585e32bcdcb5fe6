//! The first rows, as JSON.

use restow_api::ColumnType;
use serde_json::{Number, Value};

use crate::limits::Limits;

/// Largest whole number that every reader of JSON keeps exactly, most of which read numbers as 64-bit floats.
const MAX_EXACT_INTEGER: u64 = (1 << 53) - 1;

const ELLIPSIS: char = '…';

/// The first rows; texts are kept until the types of their columns are known.
pub(crate) struct Sample {
    rows: Vec<Vec<Cell>>,
    max_rows: usize,
    max_value_bytes: usize,
    /// Bytes that further rows may take.
    budget: usize,
}

/// A value of the first rows.
enum Cell {
    Text(String),
    Json(Value),
}

impl Sample {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            rows: Vec::new(),
            max_rows: limits.sample_rows,
            max_value_bytes: limits.max_sample_value_bytes,
            budget: limits.max_sample_bytes,
        }
    }

    /// Whether a further row would be kept.
    pub(crate) fn is_open(&self) -> bool {
        self.rows.len() < self.max_rows
    }

    /// Keeps a row, one text a column.
    pub(crate) fn push<'t>(&mut self, row: impl Iterator<Item = Option<&'t str>>) {
        let max_bytes = self.max_value_bytes;
        self.keep(row.map(|text| match text {
            Some(text) => Cell::Text(shortened(text, max_bytes)),
            None => Cell::Json(Value::Null),
        }));
    }

    /// Keeps a row of values as they are shown, one a column.
    pub(crate) fn push_values(&mut self, row: Vec<Value>) {
        self.keep(row.into_iter().map(Cell::Json));
    }

    /// Keeps a row, or ends the sample when the row goes beyond its bytes.
    fn keep(&mut self, row: impl Iterator<Item = Cell>) {
        let mut kept = Vec::new();
        for cell in row {
            let Some(budget) = self.budget.checked_sub(cell.bytes()) else {
                self.max_rows = self.rows.len();
                return;
            };
            self.budget = budget;
            kept.push(cell);
        }
        self.rows.push(kept);
    }

    /// The rows as JSON. `types` are those of the columns, none where values are shown already. A row that is shorter ends in
    /// nulls.
    pub(crate) fn finish(self, types: &[Option<ColumnType>]) -> Vec<Vec<Value>> {
        let json = |row: Vec<Cell>| {
            let missing = std::iter::repeat_with(|| Cell::Json(Value::Null));
            types
                .iter()
                .zip(row.into_iter().chain(missing))
                .map(|(column_type, cell)| match cell {
                    Cell::Text(text) => as_written(column_type.unwrap_or(ColumnType::String), text),
                    Cell::Json(value) => value,
                })
                .collect()
        };
        self.rows.into_iter().map(json).collect()
    }
}

impl Cell {
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) | Self::Json(Value::String(text)) => text.len(),
            Self::Json(value @ (Value::Array(_) | Value::Object(_))) => value.to_string().len(),
            Self::Json(_) => size_of::<Value>(),
        }
    }
}

/// `text`, a value of `column_type`, as JSON: as a number where JSON shows it as it is written, else as text.
pub(crate) fn as_written(column_type: ColumnType, text: String) -> Value {
    let value = match column_type {
        ColumnType::Boolean => Some(Value::Bool(text.eq_ignore_ascii_case("true"))),
        ColumnType::Integer | ColumnType::Float | ColumnType::Decimal => {
            number(&text).map(Value::Number)
        }
        _ => None,
    };
    value.unwrap_or(Value::String(text))
}

/// The JSON number that is written as `text` and that every reader keeps exactly, if there is one: not for `1.10`, `1e3`, `-0`.
pub(crate) fn number(text: &str) -> Option<Number> {
    let number = if let Ok(integer) = text.parse::<i64>() {
        (integer.unsigned_abs() <= MAX_EXACT_INTEGER).then(|| Number::from(integer))?
    } else {
        Number::from_f64(text.replacen(',', ".", 1).parse().ok()?)?
    };
    is_same(&number.to_string(), text).then_some(number)
}

/// Whether `shown` is `text`, which may have a decimal comma.
fn is_same(shown: &str, text: &str) -> bool {
    shown == text || (text.contains(',') && shown == text.replacen(',', ".", 1))
}

/// `value` within the rules of the sample: long values are cut, whole numbers beyond 53 bits are strings.
pub(crate) fn bounded(value: Value, max_bytes: usize) -> Value {
    match value {
        Value::Number(number) if is_inexact(&number) => Value::String(number.to_string()),
        Value::String(text) if text.len() > max_bytes => Value::String(shortened(&text, max_bytes)),
        Value::Array(_) | Value::Object(_) => {
            let text = value.to_string();
            if text.len() > max_bytes {
                Value::String(shortened(&text, max_bytes))
            } else {
                value
            }
        }
        other => other,
    }
}

fn is_inexact(number: &Number) -> bool {
    let magnitude = number
        .as_u64()
        .or_else(|| number.as_i64().map(i64::unsigned_abs));
    magnitude.is_some_and(|magnitude| magnitude > MAX_EXACT_INTEGER)
}

/// `text`, or its first characters within `max_bytes` and an ellipsis.
pub(crate) fn shortened(text: &str, max_bytes: usize) -> String {
    if text.len() <= max_bytes {
        return text.to_owned();
    }
    let mut kept = text[..text.floor_char_boundary(max_bytes)].to_owned();
    kept.push(ELLIPSIS);
    kept
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_shown_as_written() {
        let float = |text: &str| as_written(ColumnType::Float, text.to_owned());
        for (text, number) in [
            ("5", json!(5)),
            ("0.5", json!(0.5)),
            ("1.0", json!(1.0)),
            ("-2", json!(-2)),
        ] {
            assert_eq!(float(text), number);
        }
        for text in [
            "1.10",
            ".5",
            "1e3",
            "-0",
            "0.12345678901234567890",
            "12345678901234567890",
        ] {
            assert_eq!(float(text), json!(text));
        }
        assert_eq!((float("1,5"), float("1,50")), (json!(1.5), json!("1,50")));
        let integer = |text: &str| as_written(ColumnType::Integer, text.to_owned());
        assert_eq!(
            integer("9007199254740991"),
            json!(9_007_199_254_740_991_i64)
        );
        assert_eq!(integer("-9007199254740992"), json!("-9007199254740992"));
        assert_eq!(bounded(json!(u64::MAX), 10), json!("18446744073709551615"));
        assert_eq!(as_written(ColumnType::Boolean, "TRUE".into()), json!(true));
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(shortened("aé", 3), "aé");
        assert_eq!(shortened("aéb", 2), "a…");
        assert_eq!(bounded(json!([1, 2, 3]), 4), json!("[1,2…"));
    }
}
