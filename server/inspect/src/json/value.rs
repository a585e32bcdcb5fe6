//! Values of the sample, as the file has them.

use serde_json::{Map, Value};

use super::object::{Members, read_elements, read_members};
use crate::sample::{number, shortened};

/// Levels of objects and lists that are shown as such.
const MAX_DEPTH: usize = 32;

/// A JSON value as it is shown: long values are cut, and become text as numbers do that JSON would not show as they are written.
pub(super) fn shown(json: &str, max_bytes: usize) -> Value {
    match json.as_bytes().first() {
        Some(b'{' | b'[') if json.len() > max_bytes => Value::String(shortened(json, max_bytes)),
        Some(b'"') => match whole(json, 0) {
            Value::String(text) => Value::String(shortened(&text, max_bytes)),
            other => other,
        },
        _ => whole(json, MAX_DEPTH),
    }
}

/// A JSON value with so many levels of objects and lists.
fn whole(json: &str, depth: usize) -> Value {
    match json.as_bytes().first() {
        Some(b'n') => Value::Null,
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        // Half a surrogate pair is valid JSON and no text: it is shown as it is escaped.
        Some(b'"') => Value::String(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())),
        Some(b'[') if depth > 0 => {
            let mut elements = Vec::new();
            let result = read_elements(json, |element| elements.push(whole(element, depth - 1)));
            result.map_or_else(
                |_| Value::String(json.to_owned()),
                |()| Value::Array(elements),
            )
        }
        Some(b'{') if depth > 0 => {
            let mut object = Object {
                map: Map::new(),
                key: String::new(),
                depth: depth - 1,
            };
            let result = read_members(json, &mut object);
            result.map_or_else(
                |_| Value::String(json.to_owned()),
                |()| Value::Object(object.map),
            )
        }
        _ => number(json).map_or_else(|| Value::String(json.to_owned()), Value::Number),
    }
}

struct Object {
    map: Map<String, Value>,
    key: String,
    depth: usize,
}

impl<'t> Members<'t> for Object {
    fn key(&mut self, key: &str) -> Option<usize> {
        key.clone_into(&mut self.key);
        None
    }

    fn value(&mut self, _index: Option<usize>, json: &'t str) {
        let key = std::mem::take(&mut self.key);
        self.map.insert(key, whole(json, self.depth));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_shown_as_written() {
        for (json, expected) in [
            ("null", json!(null)),
            ("1.5", json!(1.5)),
            ("1.10", json!("1.10")),
            ("18446744073709551615", json!("18446744073709551615")),
            (r#""a\nb""#, json!("a\nb")),
            (
                r#"{"a":[1.0,1e3,{"b":null}]}"#,
                json!({"a": [1.0, "1e3", {"b": null}]}),
            ),
            (r#"{"a":1,"a":2}"#, json!({"a": 2})),
        ] {
            assert_eq!(shown(json, 100), expected, "{json}");
        }
    }

    #[test]
    fn long_and_deep_values_are_text() {
        assert_eq!(shown("[1,2,3]", 4), json!("[1,2…"));
        assert_eq!(shown(r#""abcdef""#, 3), json!("abc…"));
        let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
        let mut value = &shown(&deep, 1000);
        while let Value::Array(elements) = value {
            value = &elements[0];
        }
        assert_eq!(value, &json!("[[[[[[[[]]]]]]]]"));
    }
}
