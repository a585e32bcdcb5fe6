//! Structural comparison of two JSON documents.

use std::fmt;

use serde_json::{Map, Value, json};

/// A place where two documents differ. `None` stands for a member that is not there.
#[derive(Debug, PartialEq)]
pub struct Difference {
    /// JSON pointer (RFC 6901) to the place.
    pub pointer: String,
    /// The value that was expected there.
    pub expected: Option<Value>,
    /// The value that was found there.
    pub found: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<Value>| {
            value
                .as_ref()
                .map_or("(absent)".to_string(), Value::to_string)
        };
        let pointer = if self.pointer.is_empty() {
            "/"
        } else {
            &self.pointer
        };
        write!(
            f,
            "{pointer}\n  - {}\n  + {}",
            text(&self.expected),
            text(&self.found)
        )
    }
}

/// Every difference between two documents. The order of members counts where a reader sees it: in
/// `properties` and in `paths`.
pub fn between(expected: &Value, found: &Value) -> Vec<Difference> {
    let mut differences = Vec::new();
    collect("", expected, found, &mut differences);
    differences
}

fn collect(pointer: &str, expected: &Value, found: &Value, differences: &mut Vec<Difference>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            members(pointer, expected, found, differences);
        }
        (Value::Array(expected), Value::Array(found)) => {
            items(pointer, expected, found, differences);
        }
        _ if expected == found => {}
        _ => differences.push(Difference {
            pointer: pointer.to_string(),
            expected: Some(expected.clone()),
            found: Some(found.clone()),
        }),
    }
}

fn members(
    pointer: &str,
    expected: &Map<String, Value>,
    found: &Map<String, Value>,
    differences: &mut Vec<Difference>,
) {
    for (name, value) in expected {
        let pointer = below(pointer, name);
        match found.get(name) {
            Some(other) => collect(&pointer, value, other, differences),
            None => differences.push(Difference {
                pointer,
                expected: Some(value.clone()),
                found: None,
            }),
        }
    }
    for (name, value) in found
        .iter()
        .filter(|(name, _)| !expected.contains_key(*name))
    {
        let pointer = below(pointer, name);
        differences.push(Difference {
            pointer,
            expected: None,
            found: Some(value.clone()),
        });
    }
    let ordered = pointer.ends_with("/properties") || pointer == "/paths";
    let common = |map: &Map<String, Value>, other: &Map<String, Value>| -> Vec<String> {
        map.keys()
            .filter(|name| other.contains_key(*name))
            .cloned()
            .collect()
    };
    let (before, after) = (common(expected, found), common(found, expected));
    if ordered && before != after {
        differences.push(Difference {
            pointer: format!("{pointer} (order)"),
            expected: Some(json!(before)),
            found: Some(json!(after)),
        });
    }
}

fn items(pointer: &str, expected: &[Value], found: &[Value], differences: &mut Vec<Difference>) {
    for index in 0..expected.len().max(found.len()) {
        let pointer = below(pointer, &index.to_string());
        match (expected.get(index), found.get(index)) {
            (Some(expected), Some(found)) => collect(&pointer, expected, found, differences),
            (expected, found) => {
                differences.push(Difference {
                    pointer,
                    expected: expected.cloned(),
                    found: found.cloned(),
                });
            }
        }
    }
}

/// JSON pointer (RFC 6901) to a member of what another points to.
pub fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_difference_is_found_with_its_pointer_and_both_values() {
        let expected = json!({ "a/b": { "title": "Old", "gone": 1 }, "list": [1, 2], "same": [{ "x": null }] });
        let found = json!({ "a/b": { "title": "New", "new": 2 }, "list": [1, 3, 4], "same": [{ "x": null }] });
        let told: Vec<_> = between(&expected, &found)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            told,
            [
                "/a~1b/title\n  - \"Old\"\n  + \"New\"",
                "/a~1b/gone\n  - 1\n  + (absent)",
                "/a~1b/new\n  - (absent)\n  + 2",
                "/list/1\n  - 2\n  + 3",
                "/list/2\n  - (absent)\n  + 4",
            ]
        );
    }

    #[test]
    fn the_order_of_properties_counts_and_that_of_other_members_does_not() {
        let of = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(
            between(&of(r#"{"a":1,"b":2}"#), &of(r#"{"b":2,"a":1}"#)),
            []
        );
        let told = between(
            &of(r#"{"properties":{"a":1,"b":2}}"#),
            &of(r#"{"properties":{"b":2,"a":1}}"#),
        );
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].pointer, "/properties (order)");
    }
}
