use super::examples::{PUBLISHED, names};
use super::*;

#[test]
fn operation_outside_the_mount_is_refused() {
    let outside = json!({ "paths": { "/apiary": { "get": {} } }, "components": {} });
    assert_eq!(
        transform(outside),
        Err("/apiary lies outside of /api".to_string())
    );
}

#[test]
fn operation_without_error_responses_is_refused() {
    let without_responses = json!({
        "paths": { "/api/x": { "get": { "responses": { "4XX": { "$ref": "#/components/responses/E" } } } } },
        "components": { "responses": { "E": {} } },
    });
    assert_eq!(
        transform(without_responses),
        Err("E names no responses".to_string())
    );
}

#[test]
fn integers_lose_format_but_keep_bounds() {
    let mut schema = json!({ "a": { "type": "integer", "format": "uint64", "minimum": 0 },
                             "b": { "type": "integer", "minimum": 1 },
                             "d": { "type": "integer", "minimum": 0, "maximum": 9 }, "c": { "type": "string", "format": "uuid" } });
    without_integer_formats(&mut schema);
    let plain = json!({ "a": { "type": "integer" }, "b": { "type": "integer", "minimum": 1 },
                        "d": { "type": "integer", "minimum": 0, "maximum": 9 }, "c": { "type": "string", "format": "uuid" } });
    assert_eq!(schema, plain);
}

#[test]
fn every_error_response_has_description_and_schema() {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                if status.starts_with(['4', '5']) {
                    let schema = &response["content"]["application/json"]["schema"]["$ref"];
                    assert_eq!(
                        schema, "#/components/schemas/HTTPValidationError",
                        "{path} {status}"
                    );
                    assert!(
                        response["description"]
                            .as_str()
                            .is_some_and(|text| !text.is_empty()),
                        "{path} {status}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_document_is_valid_openapi() {
    let parsed: openapiv3::OpenAPI = serde_json::from_value(document()).unwrap();
    assert_eq!(parsed.openapi, "3.0.3");
}

#[test]
fn every_schema_but_the_published_has_an_example() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        let is_published = PUBLISHED.contains(&name.as_str());
        assert_eq!(schema.get("example").is_none(), is_published, "{name}");
    }
    assert!(names().all(|name| schemas.contains_key(name)));
}

/// A schema of OpenAPI 3.0 as JSON Schema, where null is a type, and which permits no member that is not declared.
fn as_json_schema(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let mut converted: Map<_, _> = members
                .iter()
                .filter(|(name, _)| *name != "example")
                .map(|(name, member)| (name.clone(), as_json_schema(member)))
                .collect();
            if members.contains_key("properties") {
                let closed = converted.entry("additionalProperties");
                closed.or_insert(json!(false));
            }
            if members.get("nullable") == Some(&json!(true)) {
                converted.shift_remove("nullable");
                return json!({ "anyOf": [converted, { "type": "null" }] });
            }
            converted.into()
        }
        Value::Array(items) => items.iter().map(as_json_schema).collect(),
        other => other.clone(),
    }
}

#[test]
fn examples_match_their_schemas() {
    let document = document();
    let components = as_json_schema(&document["components"]);
    for name in names() {
        let reference = format!("#/components/schemas/{name}");
        let schema = json!({ "$ref": reference, "components": components });
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        let example = &document["components"]["schemas"][name]["example"];
        let faults: Vec<_> = validator.iter_errors(example).collect();
        assert!(faults.is_empty(), "{name}: {faults:?}");
    }
}

#[test]
fn nullable_stands_beside_a_type() {
    fn check(value: &Value, place: &str) {
        match value {
            Value::Object(members) => {
                let is_nullable = members.get("nullable") == Some(&json!(true));
                assert!(!is_nullable || members.contains_key("type"), "{place}");
                for (name, member) in members.iter().filter(|(name, _)| *name != "example") {
                    check(member, &format!("{place}/{name}"));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| check(item, place)),
            _ => {}
        }
    }
    check(&document()["components"]["schemas"], "");
}
