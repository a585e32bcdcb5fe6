//! Schemas and their properties.

use serde_json::{Value, json};

use super::{OPERATION, assert_one, assert_schema, changes, document, ref_to, set, thing};
use crate::compatibility::comparison::Comparison;
use crate::compatibility::rule::Verdict::{Breaking, Compatible};

#[test]
fn properties() {
    let thing = json!({ "type": "string" });
    assert_schema(
        "properties/more",
        &thing,
        "property added",
        Compatible,
        Compatible,
    );
    assert_schema(
        "properties/sizes",
        &Value::Null,
        "property removed",
        Breaking,
        Breaking,
    );
    assert_schema(
        "required/-",
        &json!("sizes"),
        "property became required",
        Breaking,
        Compatible,
    );
    assert_schema(
        "required/0",
        &Value::Null,
        "property became optional",
        Compatible,
        Breaking,
    );
    assert_schema(
        "required",
        &Value::Null,
        "property became optional",
        Compatible,
        Breaking,
    );
    let added = |schema: &str| {
        let (old, mut new) = (document(), document());
        set(
            &mut new,
            &format!("/components/schemas/{schema}/properties/more"),
            json!({}),
        );
        set(
            &mut new,
            &format!("/components/schemas/{schema}/required/-"),
            json!("more"),
        );
        let changes = Comparison::between(&old, &new);
        changes
            .iter()
            .map(|change| (change.rule.what, change.rule.verdict))
            .collect::<Vec<_>>()
    };
    let both = |verdict| {
        [
            ("property added", Compatible),
            ("required property added", verdict),
        ]
    };
    assert_eq!(added("Write"), both(Breaking));
    assert_eq!(added("Read"), both(Compatible));
}

#[test]
fn names_of_schemas() {
    assert_one(
        "/components/schemas/More",
        json!({}),
        Compatible,
        "schema added",
    );
    let (old, mut new) = (document(), document());
    set(&mut new, "/components/schemas/Response", thing());
    set(&mut new, "/components/schemas/Read", Value::Null);
    set(
        &mut new,
        &format!("{OPERATION}/responses/200/content/application~1json/schema"),
        ref_to("Response"),
    );
    let reported: Vec<_> = Comparison::between(&old, &new)
        .into_iter()
        .map(|change| change.rule.what)
        .collect();
    assert_eq!(
        reported,
        [
            "schema renamed, inlined or named",
            "schema removed or renamed",
            "schema added"
        ]
    );
    let inlined = changes(
        &format!("{OPERATION}/requestBody/content/application~1json/schema"),
        thing(),
    );
    assert_eq!(
        inlined
            .iter()
            .map(|change| change.rule.verdict)
            .collect::<Vec<_>>(),
        [Breaking]
    );
}

#[test]
fn schema_used_both_ways_is_reported_twice() {
    let mut old = document();
    set(
        &mut old,
        &format!("{OPERATION}/responses/200/content/application~1json/schema"),
        ref_to("Write"),
    );
    set(
        &mut old,
        "/components/schemas/Write/properties/inner",
        ref_to("Write"),
    );
    set(&mut old, "/components/schemas/Read", Value::Null);
    let mut new = old.clone();
    set(
        &mut new,
        "/components/schemas/Write/properties/name/minLength",
        json!(3),
    );
    let reported: Vec<_> = Comparison::between(&old, &new)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        reported,
        [
            "BREAKING    /components/schemas/Write/properties/name/minLength\n    \
             narrowed (1 -> 3) in requests: values that clients send are rejected",
            "compatible  /components/schemas/Write/properties/name/minLength\n    \
             narrowed (1 -> 3) in responses: clients can read all remaining values",
        ]
    );
}

#[test]
fn unused_schemas_are_compared() {
    let mut old = document();
    set(&mut old, "/components/schemas/Alone", thing());
    let mut new = old.clone();
    set(
        &mut new,
        "/components/schemas/Alone/properties/name",
        Value::Null,
    );
    assert!(
        Comparison::between(&old, &new)
            .iter()
            .any(|change| change.rule.verdict == Breaking)
    );
}
