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
