//! The first rows, as JSON.

use restow_api::ColumnType;
use serde_json::{Number, Value};

use crate::limits::Limits;

/// Largest whole number that every reader of JSON keeps exactly, most of which read numbers as 64-bit floats.
const MAX_EXACT_INTEGER: u64 = (1 << 53) - 1;

const ELLIPSIS: char = '…';

/// Texts of the first rows, kept until the types of their columns are known.
pub(crate) struct Sample {
    rows: Vec<Vec<Option<String>>>,
    max_rows: usize,
    max_value_bytes: usize,
    /// Bytes that further rows may take.
    budget: usize,
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

    /// Keeps a row, one text a column, or ends the sample when the row goes beyond its bytes.
    pub(crate) fn push<'t>(&mut self, row: impl Iterator<Item = Option<&'t str>>) {
        let mut kept = Vec::new();
        for text in row {
            let text = text.map(|text| shortened(text, self.max_value_bytes));
            let bytes = text.as_ref().map_or(0, String::len);
            let Some(budget) = self.budget.checked_sub(bytes) else {
                self.max_rows = self.rows.len();
                return;
            };
            self.budget = budget;
            kept.push(text);
        }
        self.rows.push(kept);
    }

    /// The rows as JSON of the given types, one a column. A row that is shorter ends in nulls.
    pub(crate) fn finish(self, types: &[ColumnType]) -> Vec<Vec<Value>> {
        let json = |row: Vec<Option<String>>| {
            let texts = row.into_iter().chain(std::iter::repeat(None));
            types
                .iter()
                .zip(texts)
                .map(|(column_type, text)| typed(*column_type, text))
                .collect()
        };
        self.rows.into_iter().map(json).collect()
    }
}

/// `text` as JSON of `column_type`; as a string where it is cut, or no JSON number holds it exactly.
fn typed(column_type: ColumnType, text: Option<String>) -> Value {
    let Some(text) = text else {
        return Value::Null;
    };
    let value = match column_type {
        ColumnType::Boolean => Some(Value::Bool(text.eq_ignore_ascii_case("true"))),
        ColumnType::Integer | ColumnType::Float => number(&text).map(Value::Number),
        ColumnType::Object | ColumnType::Array => serde_json::from_str(&text).ok(),
        _ => None,
    };
    value.unwrap_or(Value::String(text))
}

fn number(text: &str) -> Option<Number> {
    if let Ok(integer) = text.parse::<i64>() {
        return (integer.unsigned_abs() <= MAX_EXACT_INTEGER).then(|| integer.into());
    }
    let is_whole = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_whole {
        None
    } else {
        text.parse().ok().and_then(Number::from_f64)
    }
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
fn shortened(text: &str, max_bytes: usize) -> String {
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
    fn whole_numbers_are_exact_or_strings() {
        let integer = |text: &str| typed(ColumnType::Integer, Some(text.to_owned()));
        assert_eq!(
            integer("9007199254740991"),
            json!(9_007_199_254_740_991_i64)
        );
        assert_eq!(integer("-9007199254740992"), json!("-9007199254740992"));
        let float = |text: &str| typed(ColumnType::Float, Some(text.to_owned()));
        assert_eq!(float("12345678901234567890"), json!("12345678901234567890"));
        assert_eq!(float("5"), json!(5));
        assert_eq!(float(".5"), json!(0.5));
        assert_eq!(bounded(json!(u64::MAX), 10), json!("18446744073709551615"));
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(shortened("aé", 3), "aé");
        assert_eq!(shortened("aéb", 2), "a…");
        assert_eq!(bounded(json!([1, 2, 3]), 4), json!("[1,2…"));
        assert_eq!(
            typed(ColumnType::Array, Some("[1,2…".to_owned())),
            json!("[1,2…")
        );
    }
}
