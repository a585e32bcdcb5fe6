//! The schemas of the document.

use serde_json::{Value, json};

use super::member::take;

/// The title of a schema is its name, and only its members have descriptions, in the order of declaration.
pub(super) fn transform_component(name: &str, schema: &mut Value) {
    take(schema, "description");
    if schema.get("title").is_none() {
        schema["title"] = json!(name);
    }
    let declared: Vec<_> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| json!(name))
        .collect();
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.sort_by_key(|name| declared.iter().position(|other| other == name));
    }
    for (name, property) in schema
        .get_mut("properties")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        without_empty_description(property);
        state_null(property);
        if property.get("$ref").is_none() && property.get("title").is_none() {
            property["title"] = json!(title_of(name));
        }
    }
}

/// Every member has a doc comment; only those that the contract describes have a description.
pub(super) fn without_empty_description(described: &mut Value) {
    if described
        .get("description")
        .is_some_and(|description| description == "")
    {
        take(described, "description");
    }
}

/// The title of a name: `Dataset Id` for `dataset_id`.
pub(super) fn title_of(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// States null in a way that OpenAPI 3.0.3 defines: `nullable` counts only beside a type, so a reference that may be null is
/// one of two schemas, and one that permits any value permits null as well.
fn state_null(property: &mut Value) {
    if property.get("nullable").is_none() || property.get("type").is_some() {
        return;
    }
    take(property, "nullable");
    if let Value::Array(mut alternatives) = take(property, "allOf") {
        alternatives.push(json!({ "enum": [null] }));
        property["oneOf"] = alternatives.into();
    }
}

/// Removes the formats of integers, and the lower bound of 0 that comes with types without sign: the width of the
/// server's own types is not part of the contract. Where an upper bound is stated, the lower one is as well.
pub(super) fn without_integer_formats(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members
                .get("type")
                .is_some_and(|json_type| json_type == "integer")
            {
                members.shift_remove("format");
                let minimum = members.get("minimum").and_then(Value::as_f64);
                if minimum == Some(0.0) && !members.contains_key("maximum") {
                    members.shift_remove("minimum");
                }
            }
            members.values_mut().for_each(without_integer_formats);
        }
        Value::Array(items) => items.iter_mut().for_each(without_integer_formats),
        _ => {}
    }
}
