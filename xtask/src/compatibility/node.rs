//! Places in a document.

use std::collections::BTreeSet;

use restow_conformance::differences::below;
use serde_json::{Map, Value};

/// A value in a document, and where it stands.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    document: &'a Value,
    /// The value; null where the document has none.
    pub value: &'a Value,
    /// JSON pointer (RFC 6901) to it.
    pub pointer: String,
}

static NULL: Value = Value::Null;

impl<'a> Node<'a> {
    /// The whole document.
    pub fn root(document: &'a Value) -> Self {
        Self {
            document,
            value: document,
            pointer: String::new(),
        }
    }

    /// Whether the document has this value.
    pub fn exists(&self) -> bool {
        !self.value.is_null()
    }

    /// A member of an object, or an item of an array by its number.
    pub fn child(&self, name: &str) -> Self {
        let value = match self.value {
            Value::Array(items) => name
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index)),
            value => value.get(name),
        };
        Self {
            document: self.document,
            value: value.unwrap_or(&NULL),
            pointer: below(&self.pointer, name),
        }
    }

    /// The items of an array, which is empty where there is none.
    pub fn items(&self) -> Vec<Self> {
        let count = self.value.as_array().map_or(0, Vec::len);
        (0..count)
            .map(|index| self.child(&index.to_string()))
            .collect()
    }

    /// The names of an object's members, in the order of the document.
    pub fn names(&self) -> Vec<&'a str> {
        self.value
            .as_object()
            .map(|members| members.keys().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// Strings of an array of strings.
    pub fn strings(&self) -> BTreeSet<&'a str> {
        self.value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// Whether the value is `true`.
    pub fn is_true(&self) -> bool {
        self.value == &Value::Bool(true)
    }

    /// Where a `$ref` within the document points to; the place itself if it is none.
    pub fn target(&self) -> Self {
        let Some(pointer) = self
            .value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|text| text.strip_prefix('#'))
        else {
            return self.clone();
        };
        let value = self.document.pointer(pointer).unwrap_or(&NULL);
        Self {
            document: self.document,
            value,
            pointer: pointer.to_string(),
        }
    }

    /// The members of an object, without any for what is none.
    pub fn members(&self) -> Option<&'a Map<String, Value>> {
        self.value.as_object()
    }
}

/// Names of the members that either of two objects has, those of the old one first.
pub fn names_of_both<'a>(old: &Node<'a>, new: &Node<'a>) -> Vec<&'a str> {
    let mut names = old.names();
    let known = names.len();
    names.extend(new.names());
    let further = names
        .split_off(known)
        .into_iter()
        .filter(|name| old.members().is_none_or(|had| !had.contains_key(*name)));
    names.extend(further.collect::<Vec<_>>());
    names
}
