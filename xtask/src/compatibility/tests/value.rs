//! The values that a schema accepts.

use serde_json::{Value, json};

use super::assert_schema;
use crate::compatibility::rule::Verdict::{Breaking, Compatible};

#[test]
fn types_and_annotations() {
    assert_schema(
        "properties/name/type",
        &json!("integer"),
        "type changed",
        Breaking,
        Breaking,
    );
    assert_schema(
        "properties/name/format",
        &json!("uuid"),
        "format changed",
        Breaking,
        Breaking,
    );
    assert_schema(
        "properties/name/title",
        &json!("Name"),
        "title changed",
        Breaking,
        Breaking,
    );
    assert_schema(
        "properties/name/description",
        &json!("It"),
        "prose changed",
        Compatible,
        Compatible,
    );
    assert_schema(
        "properties/name/readOnly",
        &json!(true),
        "changed",
        Breaking,
        Breaking,
    );
}

#[test]
fn bounds() {
    assert_schema(
        "properties/name/minLength",
        &json!(2),
        "narrowed",
        Breaking,
        Compatible,
    );
    assert_schema(
        "properties/name/minLength",
        &Value::Null,
        "widened",
        Compatible,
        Breaking,
    );
    assert_schema(
        "properties/name/maxLength",
        &json!(8),
        "narrowed",
        Breaking,
        Compatible,
    );
    assert_schema(
        "properties/name/maxLength",
        &json!(10),
        "widened",
        Compatible,
        Breaking,
    );
    assert_schema(
        "properties/sizes/maxItems",
        &json!(10),
        "narrowed",
        Breaking,
        Compatible,
    );
    assert_schema(
        "properties/sizes/uniqueItems",
        &json!(true),
        "narrowed",
        Breaking,
        Compatible,
    );
    assert_schema(
        "properties/name/pattern",
        &json!("^b"),
        "replaced",
        Breaking,
        Breaking,
    );
    assert_schema(
        "properties/name/pattern",
        &Value::Null,
        "widened",
        Compatible,
        Breaking,
    );
}

#[test]
fn enumerations_and_nulls() {
    assert_schema(
        "properties/colour/enum/0",
        &Value::Null,
        "narrowed",
        Breaking,
        Compatible,
    );
    assert_schema(
        "properties/colour/enum/-",
        &json!("blue"),
        "widened",
        Compatible,
        Breaking,
    );
    assert_schema(
        "properties/colour/enum",
        &Value::Null,
        "widened",
        Compatible,
        Breaking,
    );
    assert_schema(
        "properties/colour/enum",
        &json!(["green", "red"]),
        "order changed",
        Compatible,
        Compatible,
    );
    assert_schema(
        "properties/colour/nullable",
        &Value::Null,
        "narrowed",
        Breaking,
        Compatible,
    );
    assert_schema(
        "properties/name/nullable",
        &json!(true),
        "widened",
        Compatible,
        Breaking,
    );
    assert_schema(
        "properties/colour/default",
        &json!("green"),
        "default changed",
        Breaking,
        Compatible,
    );
}

#[test]
fn nested_values() {
    assert_schema(
        "properties/sizes/items/not",
        &json!({}),
        "narrowed",
        Breaking,
        Compatible,
    );
    assert_schema(
        "properties/sizes/items/type",
        &json!("string"),
        "type changed",
        Breaking,
        Breaking,
    );
    assert_schema(
        "properties/sizes/items",
        &Value::Null,
        "widened",
        Compatible,
        Breaking,
    );
    assert_schema(
        "properties/either/anyOf/-",
        &json!({}),
        "composition changed",
        Breaking,
        Breaking,
    );
    assert_schema(
        "properties/either/anyOf/1/type",
        &json!("number"),
        "type changed",
        Breaking,
        Breaking,
    );
    assert_schema(
        "additionalProperties",
        &json!(false),
        "narrowed",
        Breaking,
        Compatible,
    );
    assert_schema(
        "additionalProperties",
        &json!({}),
        "narrowed",
        Breaking,
        Compatible,
    );
}
