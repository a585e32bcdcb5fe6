//! Paths, operations, security, bodies and responses.

use serde_json::{Value, json};

use super::{OPERATION, assert_one, assert_operation, document, set};
use crate::compatibility::comparison::Comparison;
use crate::compatibility::rule::Verdict::{Breaking, Compatible};

#[test]
fn paths_and_operations() {
    assert_one(
        "/paths/~1more",
        json!({ "get": {} }),
        Compatible,
        "path added",
    );
    assert_one(
        "/paths/~1things~1{id}",
        Value::Null,
        Breaking,
        "path removed",
    );
    assert_one(
        "/paths/~1things~1{id}/get",
        json!({}),
        Compatible,
        "operation added",
    );
    assert_one(OPERATION, Value::Null, Breaking, "operation removed");
    assert_operation(
        "operationId",
        json!("alter_thing"),
        Breaking,
        "operationId changed",
    );
    assert_operation("tags", json!(["stuff"]), Breaking, "tags changed");
    assert_operation("summary", json!("Alter"), Compatible, "prose changed");
    assert_operation("callbacks", json!({}), Breaking, "changed");
    assert_operation("x-more", json!(1), Compatible, "extension added");
    assert_operation(
        "x-pages",
        Value::Null,
        Breaking,
        "extension changed or removed",
    );
    assert_one("/servers/0/url", json!("/v2"), Breaking, "servers changed");
    assert_one("/openapi", json!("3.1.0"), Breaking, "changed");
    assert_one("/info/title", json!("Stuff"), Compatible, "prose changed");
}

#[test]
fn security() {
    assert_operation("security", json!([]), Breaking, "security changed");
    assert_operation("security", Value::Null, Breaking, "security changed");
    assert_one(
        "/security",
        json!([{ "bearer": [] }]),
        Breaking,
        "security changed",
    );
    assert_one(
        "/components/securitySchemes/bearer/scheme",
        json!("basic"),
        Breaking,
        "security changed",
    );
    assert_one(
        "/components/securitySchemes/basic",
        json!({}),
        Compatible,
        "security scheme added",
    );
}

#[test]
fn bodies() {
    let body = "requestBody";
    assert_operation(body, Value::Null, Breaking, "body removed");
    assert_operation(
        "requestBody/required",
        json!(true),
        Breaking,
        "body became required",
    );
    assert_operation(
        "requestBody/description",
        json!("It"),
        Compatible,
        "prose changed",
    );
    assert_operation(
        "requestBody/content/text~1csv",
        json!({}),
        Compatible,
        "widened",
    );
    assert_operation(
        "responses/200/content/text~1csv",
        json!({}),
        Breaking,
        "widened",
    );
    let without = |required: bool| {
        let mut old = document();
        let mut new = old.clone();
        set(&mut old, &format!("{OPERATION}/{body}"), Value::Null);
        set(
            &mut new,
            &format!("{OPERATION}/{body}/required"),
            json!(required),
        );
        Comparison::between(&old, &new)
            .into_iter()
            .map(|change| change.rule.what)
            .collect::<Vec<_>>()
    };
    assert_eq!(without(true), ["required body added"]);
    assert_eq!(without(false), ["optional body added"]);
}

#[test]
fn responses() {
    assert_operation("responses/201", json!({}), Breaking, "success status added");
    assert_operation(
        "responses/200",
        Value::Null,
        Breaking,
        "success status removed",
    );
    assert_operation("responses/503", json!({}), Compatible, "error status added");
    assert_operation(
        "responses/404",
        Value::Null,
        Breaking,
        "error status removed",
    );
    assert_operation(
        "responses/404/description",
        json!("Away"),
        Compatible,
        "prose changed",
    );
    assert_operation(
        "responses/200/headers/Age",
        json!({}),
        Compatible,
        "header added",
    );
    assert_operation(
        "responses/200/headers/ETag",
        Value::Null,
        Breaking,
        "header removed",
    );
    assert_operation(
        "responses/200/headers/ETag/required",
        json!(false),
        Breaking,
        "header may be absent",
    );
    assert_operation(
        "responses/200/headers/ETag/schema/type",
        json!("integer"),
        Breaking,
        "type changed",
    );
}
