//! Examples of the schemas, by which mock servers and consoles show sensible bodies. A test validates each against its schema.

use std::sync::LazyLock;

use serde_json::{Map, Value};

static EXAMPLES: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("examples.json")).expect("the examples are valid JSON")
});

/// Schemas of the published operation, which has no examples.
#[cfg(test)]
pub(super) const PUBLISHED: [&str; 4] = [
    "HTTPValidationError",
    "PresignedUploadRequest",
    "PresignedUploadResponse",
    "ValidationError",
];

/// Adds the example of a schema, if it has one.
pub(super) fn add(name: &str, schema: &mut Value) {
    if let Some(example) = EXAMPLES.get(name) {
        schema["example"] = example.clone();
    }
}

/// The names of all examples.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static String> {
    EXAMPLES.keys()
}
