//! Schemas of OpenAPI 3.0 as JSON Schema, and the rules that a value does not keep.

use anyhow::{Result, anyhow};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, JsonType, ValidationError, Validator};
use serde_json::{Map, Value, json};

use crate::finding::Rule;

/// A fault of a value.
#[derive(Debug, PartialEq)]
pub struct Fault {
    /// The rule that is not kept.
    pub rule: Rule,
    /// JSON pointer to the value, or to the member that is missing or undocumented.
    pub pointer: String,
    /// What the schema demands there.
    pub expected: String,
    /// What is there.
    pub seen: String,
}

/// A validator for a JSON Schema whose references point into `components`.
///
/// # Errors
/// If the schema is none.
pub fn validator(schema: &Value, components: &Value) -> Result<Validator> {
    let whole = json!({ "allOf": [schema], "components": components });
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&whole)
        .map_err(|error| anyhow!("{error}"))
}

/// A schema of OpenAPI 3.0 as JSON Schema, where null is a type; members that are not declared are invalid.
pub fn json_schema(schema: Value) -> Value {
    match schema {
        Value::Object(members) => of_members(members),
        Value::Array(items) => items.into_iter().map(json_schema).collect(),
        other => other,
    }
}

fn of_members(members: Map<String, Value>) -> Value {
    let mut members: Map<_, _> = members
        .into_iter()
        .map(|(name, value)| (name, json_schema(value)))
        .collect();
    // A property may have this name, too: its value is a schema.
    let is_keyword = members.get("nullable").is_some_and(Value::is_boolean);
    let is_nullable = is_keyword && members.shift_remove("nullable") == Some(json!(true));
    let is_object = members.get("properties").is_some_and(Value::is_object);
    if is_object && members.get("type") == Some(&json!("object")) {
        members
            .entry("additionalProperties")
            .or_insert(json!(false));
    }
    if !is_nullable {
        return members.into();
    }
    match members.get("type").cloned() {
        // So that a fault names the type rather than the alternatives.
        Some(Value::String(name)) if !members.contains_key("enum") => {
            members.insert("type".to_string(), json!([name, "null"]));
            members.into()
        }
        _ => json!({ "anyOf": [members, { "type": "null" }] }),
    }
}

/// Everything that is wrong with a value.
pub fn faults(validator: &Validator, value: &Value) -> Vec<Fault> {
    validator
        .iter_errors(value)
        .flat_map(|error| of(&error))
        .collect()
}

fn of(error: &ValidationError) -> Vec<Fault> {
    let pointer = error.instance_path().to_string();
    let seen = error.instance().to_string();
    let fault = |rule, pointer, expected: String, seen| Fault {
        rule,
        pointer,
        expected,
        seen,
    };
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let pointer = format!("{pointer}/{name}");
            let expected = format!("the member {name}");
            vec![fault(
                Rule::MissingMember,
                pointer,
                expected,
                members_of(error.instance()),
            )]
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let of_name = |name: &String| {
                let value = error
                    .instance()
                    .get(name)
                    .unwrap_or(&Value::Null)
                    .to_string();
                let expected = "no undocumented member".to_string();
                fault(
                    Rule::UndocumentedMember,
                    format!("{pointer}/{name}"),
                    expected,
                    value,
                )
            };
            unexpected.iter().map(of_name).collect()
        }
        ValidationErrorKind::Type { kind } => {
            let seen = format!("{} {seen}", type_of(error.instance()));
            vec![fault(Rule::WrongType, pointer, types(kind), seen)]
        }
        // The value is not null, so the first alternative is the one that it should match.
        ValidationErrorKind::AnyOf { context } if is_nullable(context) => {
            context.first().into_iter().flatten().flat_map(of).collect()
        }
        kind => vec![fault(Rule::InvalidValue, pointer, demand(kind), seen)],
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(single) => single.to_string(),
        TypeKind::Multiple(types) => {
            let names: Vec<_> = types.iter().map(|name| name.to_string()).collect();
            names.join(" or ")
        }
    }
}

/// What a schema demands of a value of the right type.
fn demand(kind: &ValidationErrorKind) -> String {
    match kind {
        ValidationErrorKind::Format { format } => format!("the format {format}"),
        ValidationErrorKind::Enum { options } => format!("one of {options}"),
        kind => format!("a value that satisfies {} of its schema", kind.keyword()),
    }
}

/// Whether the alternatives are a schema and null.
fn is_nullable(context: &[Vec<ValidationError<'static>>]) -> bool {
    let is_null = |errors: &Vec<ValidationError<'static>>| match errors.as_slice() {
        [error] => {
            let null = TypeKind::Single(JsonType::Null);
            matches!(error.kind(), ValidationErrorKind::Type { kind } if types(kind) == types(&null))
        }
        _ => false,
    };
    context.len() == 2 && context.last().is_some_and(is_null)
}

fn members_of(value: &Value) -> String {
    let names: Vec<_> = value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    format!("members {}", names.join(", "))
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_fault_is_found_at_its_place() {
        let components = json_schema(json!({ "schemas": { "Error": {
            "type": "object", "required": ["msg"], "properties": { "msg": { "type": "string" } },
        } } }));
        let schema = json_schema(json!({
            "type": "object",
            "required": ["id", "urls"],
            "properties": {
                "id": { "type": "string", "format": "uuid" },
                "urls": { "type": "array", "items": { "type": "string" } },
                "size": { "type": "integer", "nullable": true },
                "error": { "nullable": true, "allOf": [{ "$ref": "#/components/schemas/Error" }] },
            },
        }));
        let validator = validator(&schema, &components).unwrap();
        let of = |value: Value| -> Vec<_> {
            faults(&validator, &value)
                .into_iter()
                .map(|fault| (fault.rule, fault.pointer))
                .collect()
        };
        let id = "0193f0c2-6f1e-7c3a-9f39-2c1b5a7d4e10";
        let at = |rule, pointer: &str| vec![(rule, pointer.to_string())];
        assert_eq!(
            of(json!({ "id": id, "urls": ["u"], "size": null, "error": null })),
            []
        );
        assert_eq!(of(json!({ "id": id })), at(Rule::MissingMember, "/urls"));
        assert_eq!(
            of(json!({ "id": id, "urls": [1] })),
            at(Rule::WrongType, "/urls/0")
        );
        assert_eq!(
            of(json!({ "id": id, "urls": [], "size": "1" })),
            at(Rule::WrongType, "/size")
        );
        assert_eq!(
            of(json!({ "id": "1", "urls": [] })),
            at(Rule::InvalidValue, "/id")
        );
        assert_eq!(
            of(json!({ "id": id, "urls": [], "x": 1 })),
            at(Rule::UndocumentedMember, "/x")
        );
        let error = json!({ "id": id, "urls": [], "error": {} });
        assert_eq!(of(error), at(Rule::MissingMember, "/error/msg"));
    }

    #[test]
    fn wrong_type_names_both_types() {
        let schema = json!({ "type": ["integer", "null"] });
        let validator = validator(&schema, &json!({})).unwrap();
        let fault = faults(&validator, &json!("7")).remove(0);
        assert!(fault.expected.contains("integer"), "{}", fault.expected);
        assert_eq!(fault.seen, "string \"7\"");
    }
}
