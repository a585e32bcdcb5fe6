//! Each rule by a small document, and the whole document by every change there can be.

mod operation;
mod parameter;
mod schema;
mod value;
mod whole;

use serde_json::{Value, json};

use super::comparison::{Change, Comparison};
use super::rule::Verdict;

/// One operation with everything that rules look at: `POST /things/{id}`, whose request and response bodies are a `Thing`.
fn document() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Things", "version": "1.2.0" },
        "servers": [{ "url": "/api" }],
        "paths": { "/things/{id}": { "post": {
            "tags": ["things"],
            "summary": "Change",
            "operationId": "change_thing",
            "parameters": [
                { "in": "path", "name": "id", "required": true, "schema": { "type": "string", "format": "uuid" } },
                { "in": "query", "name": "limit", "schema": { "type": "integer", "minimum": 1, "maximum": 9 } },
            ],
            "requestBody": { "content": { "application/json": { "schema": ref_to("Write") } } },
            "responses": {
                "200": {
                    "description": "Done",
                    "content": { "application/json": { "schema": ref_to("Read") } },
                    "headers": { "ETag": { "required": true, "schema": { "type": "string" } } },
                },
                "404": { "description": "Gone" },
            },
            "security": [{ "bearer": [] }],
            "x-pages": {},
        } } },
        "components": {
            "schemas": { "Write": thing(), "Read": thing() },
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn ref_to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn thing() -> Value {
    json!({
        "type": "object",
        "title": "Thing",
        "required": ["name"],
        "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a" },
            "colour": { "type": "string", "enum": ["red", "green"], "default": "red", "nullable": true },
            "sizes": { "type": "array", "items": { "type": "integer" } },
            "either": { "anyOf": [{ "type": "string" }, { "type": "integer" }] },
        },
    })
}

const OPERATION: &str = "/paths/~1things~1{id}/post";

/// The changes that setting a member brings, or removing it where the value is null.
fn changes(pointer: &str, value: Value) -> Vec<Change> {
    let old = document();
    let mut new = old.clone();
    set(&mut new, pointer, value);
    Comparison::between(&old, &new)
}

fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) if value.is_null() => drop(members.shift_remove(&name)),
        Value::Object(members) => drop(members.insert(name, value)),
        Value::Array(items) if value.is_null() => drop(items.remove(name.parse().unwrap())),
        Value::Array(items) if name == "-" => items.push(value),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{parent} has no members"),
    }
}

/// Asserts the one rule that applies to a change below the operation.
fn assert_operation(member: &str, value: Value, verdict: Verdict, what: &str) {
    assert_one(&format!("{OPERATION}/{member}"), value, verdict, what);
}

fn assert_one(pointer: &str, value: Value, verdict: Verdict, what: &str) {
    let found = changes(pointer, value);
    let reported: Vec<_> = found
        .iter()
        .map(|change| (change.rule.verdict, change.rule.what))
        .collect();
    assert_eq!(reported, [(verdict, what)], "{pointer}: {found:#?}");
}

/// Asserts the rules that apply to a change of a schema where clients write its values, and where they read them.
fn assert_schema(member: &str, value: &Value, what: &str, request: Verdict, response: Verdict) {
    assert_one(
        &format!("/components/schemas/Write/{member}"),
        value.clone(),
        request,
        what,
    );
    assert_one(
        &format!("/components/schemas/Read/{member}"),
        value.clone(),
        response,
        what,
    );
}
