//! Each rule by a small document, and the whole document by every change there can be.

use serde_json::{Value, json};

use super::comparison::{Change, Comparison};
use super::is_of_higher_major;
use super::rule::Verdict::{self, Breaking, Compatible};

/// One operation with everything that rules look at: `POST /things/{id}`, whose body and answer are both a `Thing`.
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
    let told: Vec<_> = found
        .iter()
        .map(|change| (change.rule.verdict, change.rule.what))
        .collect();
    assert_eq!(told, [(verdict, what)], "{pointer}: {found:#?}");
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

#[test]
fn nothing_changes_by_itself() {
    assert_eq!(Comparison::between(&document(), &document()), []);
}

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
    let told: Vec<_> = renamed.iter().map(|change| change.rule.what).collect();
    assert_eq!(told, ["parameter removed", "optional parameter added"]);
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
fn values() {
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
    assert_schema(
        "properties/sizes/items/not",
        &json!({}),
        "narrowed",
        Breaking,
        Compatible,
    );
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
    assert_schema(
        "properties/name/readOnly",
        &json!(true),
        "changed",
        Breaking,
        Breaking,
    );
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
    set(&mut new, "/components/schemas/Answer", thing());
    set(&mut new, "/components/schemas/Read", Value::Null);
    set(
        &mut new,
        &format!("{OPERATION}/responses/200/content/application~1json/schema"),
        ref_to("Answer"),
    );
    let told: Vec<_> = Comparison::between(&old, &new)
        .into_iter()
        .map(|change| change.rule.what)
        .collect();
    assert_eq!(
        told,
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
fn a_schema_that_goes_both_ways_is_told_of_in_each_and_a_recursive_one_ends() {
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
    let told: Vec<_> = Comparison::between(&old, &new)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "BREAKING    /components/schemas/Write/properties/name/minLength\n    \
             narrowed (1 -> 3) in requests: values that clients send are refused",
            "compatible  /components/schemas/Write/properties/name/minLength\n    \
             narrowed (1 -> 3) in responses: clients read all values that are left",
        ]
    );
}

#[test]
fn what_no_operation_uses_is_compared_all_the_same() {
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

#[test]
fn only_a_higher_major_version_excuses() {
    let of = |version: &str| json!({ "info": { "version": version } });
    assert!(is_of_higher_major(&of("1.9.0"), &of("2.0.0")));
    assert!(!is_of_higher_major(&of("1.0.0"), &of("1.1.0")));
    assert!(!is_of_higher_major(&of("2.0.0"), &of("1.0.0")));
    assert!(!is_of_higher_major(&of("1.0.0"), &of("next")));
}

/// Whatever member of the real document goes away, some rule tells.
#[test]
fn no_change_of_the_document_goes_unseen() {
    let mut old = crate::openapi::read(&crate::openapi::file()).unwrap();
    // One of each shape is enough.
    let kept = [
        "/datasets",
        "/datasets/{dataset_id}/reupload/presigned",
        "/datasets/{dataset_id}/jobs",
    ];
    old["paths"]
        .as_object_mut()
        .unwrap()
        .retain(|path, _| kept.contains(&path.as_str()));
    // Absent says the same.
    set(
        &mut old,
        "/components/schemas/JobError/properties/ctx/additionalProperties",
        Value::Null,
    );
    let mut pointers = Vec::new();
    collect("", &old, &mut pointers);
    assert!(pointers.len() > 1000);
    let unseen = |pointer: &&String| {
        let mut new = old.clone();
        set(&mut new, pointer, Value::Null);
        Comparison::between(&old, &new).is_empty()
    };
    assert_eq!(pointers.iter().filter(unseen).collect::<Vec<_>>(), [""; 0]);
}

fn collect(pointer: &str, value: &Value, pointers: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, child)| (name.clone(), child))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, child)| (index.to_string(), child))
            .collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        let pointer = crate::differences::below(pointer, &name);
        collect(&pointer, child, pointers);
        pointers.push(pointer);
    }
}
