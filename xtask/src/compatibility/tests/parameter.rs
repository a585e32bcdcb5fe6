//! Parameters.

use serde_json::{Value, json};

use super::{OPERATION, assert_operation, changes, document};
use crate::compatibility::rule::Verdict::{Breaking, Compatible};

#[test]
fn parameters() {
    let optional = json!({ "in": "query", "name": "page", "schema": {} });
    let mut required = optional.clone();
    required["required"] = json!(true);
    assert_operation(
        "parameters/-",
        optional,
        Compatible,
        "optional parameter added",
    );
    assert_operation(
        "parameters/-",
        required,
        Breaking,
        "required parameter added",
    );
    assert_operation("parameters/1", Value::Null, Breaking, "parameter removed");
    assert_operation(
        "parameters/1/required",
        json!(true),
        Breaking,
        "parameter became required",
    );
    assert_operation(
        "parameters/0/required",
        json!(false),
        Compatible,
        "parameter became optional",
    );
    assert_operation("parameters/0/style", json!("matrix"), Breaking, "changed");
    assert_operation(
        "parameters/0/schema/format",
        Value::Null,
        Breaking,
        "format changed",
    );
    assert_operation(
        "parameters/1/schema/type",
        json!("string"),
        Breaking,
        "type changed",
    );
    assert_operation(
        "parameters/1/schema/minimum",
        json!(2),
        Breaking,
        "narrowed",
    );
    assert_operation(
        "parameters/1/schema/minimum",
        json!(0),
        Compatible,
        "widened",
    );
    let renamed = changes(&format!("{OPERATION}/parameters/1/name"), json!("most"));
    let reported: Vec<_> = renamed.iter().map(|change| change.rule.what).collect();
    assert_eq!(reported, ["parameter removed", "optional parameter added"]);
    let Value::Array(mut turned) = document()
        .pointer(&format!("{OPERATION}/parameters"))
        .unwrap()
        .clone()
    else {
        panic!("parameters are an array")
    };
    turned.reverse();
    assert_operation("parameters", json!(turned), Compatible, "order changed");
}
