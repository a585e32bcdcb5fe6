//! Validation by the document: one validator for each type, compiled from the schema that the document is derived
//! from. Faults are reported in pydantic's vocabulary.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, Validator};
use schemars::JsonSchema;
use schemars::r#gen::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value, json};

use crate::error::{ErrorType, LocationItem, ValidationError};

/// Maximum number of faults in one response. Valid clients stay far below, and an attacker must not get a response
/// much larger than the request.
const MAX_FAULTS: usize = 1_000;

/// What texts that are shown again must match: no control characters.
pub const TEXT_PATTERN: &str = r"^[^\x00-\x1f\x7f]*$";

/// The compiled schema of a type that a request can contain.
pub struct RequestSchema {
    validator: Validator,
    schema: Value,
}

static COMPILED: LazyLock<RwLock<HashMap<TypeId, Arc<RequestSchema>>>> =
    LazyLock::new(RwLock::default);

impl RequestSchema {
    /// The schema of `T`, compiled at its first use.
    pub fn of<T: JsonSchema + 'static>() -> Arc<Self> {
        let id = TypeId::of::<T>();
        if let Some(found) = COMPILED
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
        {
            return Arc::clone(found);
        }
        let compiled = Arc::new(Self::compile::<T>());
        COMPILED
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, Arc::clone(&compiled));
        compiled
    }

    /// # Panics
    /// If the schema of `T` is no valid JSON Schema, which the document's own test finds first.
    fn compile<T: JsonSchema>() -> Self {
        // In draft 7, `format: uuid` is only an annotation.
        let settings =
            SchemaSettings::draft2019_09().with(|settings| settings.inline_subschemas = true);
        let mut schema = json!(settings.into_generator().into_root_schema_for::<T>());
        add_null_to_enumerations(&mut schema);
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .expect("schemars writes valid JSON Schema");
        Self { validator, schema }
    }

    /// Parses a `T` from `value`, or reports its faults (at most 1,000) in the order of declaration; `place` is the part
    /// of the request that contains the value.
    pub fn read<T: DeserializeOwned>(
        &self,
        place: &str,
        value: Value,
    ) -> Result<T, Vec<ValidationError>> {
        let errors = self.validator.iter_errors(&value).take(MAX_FAULTS);
        let mut faults: Vec<_> = errors.map(|error| self.fault(place, &error)).collect();
        if !faults.is_empty() {
            faults.sort_by(|a, b| a.0.cmp(&b.0));
            return Err(faults.into_iter().map(|(_, fault)| fault).collect());
        }
        serde_json::from_value(whole_numbers(value)).map_err(|error| {
            vec![ValidationError::new(
                ErrorType::ValueError,
                [place],
                format!("Value error, {error}"),
            )]
        })
    }

    /// Parses the text of every member whose type is integer or boolean, since parameters in paths and queries are text.
    pub fn with_scalars_parsed(&self, mut members: Map<String, Value>) -> Map<String, Value> {
        for (name, value) in &mut members {
            let json_type = self.schema["properties"][name.as_str()]["type"].to_string();
            let integer = json_type.contains("integer");
            if json_type.contains("boolean")
                && let Some(parsed) = value.as_str().and_then(|text| text.parse::<bool>().ok())
            {
                *value = Value::Bool(parsed);
            }
            let digits = |text: &&str| {
                text.trim_start_matches('-')
                    .bytes()
                    .all(|byte| byte.is_ascii_digit())
            };
            let text = value.as_str().filter(|_| integer).filter(digits);
            if let Some(number) = text.and_then(|text| text.parse::<Number>().ok()) {
                *value = Value::Number(number);
            }
        }
        members
    }

    /// Whether the type is the query of a paginated list: it has a `page_token`.
    pub fn is_paginated(&self) -> bool {
        self.schema["properties"].get("page_token").is_some()
    }

    /// The fault, and its place in the order of declaration.
    fn fault(
        &self,
        place: &str,
        error: &jsonschema::ValidationError<'_>,
    ) -> (Vec<usize>, ValidationError) {
        let mut loc = vec![LocationItem::from(place)];
        loc.extend(error.instance_path().iter().map(|segment| match segment {
            jsonschema::paths::LocationSegment::Property(name) => {
                LocationItem::Name(name.to_string())
            }
            jsonschema::paths::LocationSegment::Index(index) => LocationItem::Index(index as u64),
        }));
        if let ValidationErrorKind::Required { property } = error.kind() {
            loc.push(property.as_str().unwrap_or_default().into());
        }
        let mut fault = describe(error.kind(), error.instance());
        fault.loc.clone_from(&loc);
        (self.order_of(&loc[1..]), fault.with_input(error.instance()))
    }

    fn order_of(&self, loc: &[LocationItem]) -> Vec<usize> {
        let mut schema = &self.schema;
        loc.iter()
            .map(|item| match item {
                LocationItem::Name(name) => {
                    let properties = schema["properties"].as_object();
                    let position =
                        properties.and_then(|members| members.keys().position(|key| key == name));
                    schema = &schema["properties"][name.as_str()];
                    position.unwrap_or(usize::MAX)
                }
                LocationItem::Index(index) => {
                    schema = &schema["items"];
                    usize::try_from(*index).unwrap_or(usize::MAX)
                }
            })
            .collect()
    }
}

/// Adds null to the values of each enumeration whose type admits it: schemars adds it to the type alone, while the
/// document says `nullable`.
fn add_null_to_enumerations(schema: &mut Value) {
    let types = schema.get("type").and_then(Value::as_array);
    let is_nullable = types.is_some_and(|types| types.contains(&json!("null")));
    match schema {
        Value::Object(members) => {
            if let Some(Value::Array(values)) = members.get_mut("enum").filter(|_| is_nullable) {
                values.push(Value::Null);
            }
            members.values_mut().for_each(add_null_to_enumerations);
        }
        Value::Array(items) => items.iter_mut().for_each(add_null_to_enumerations),
        _ => {}
    }
}

/// Describes a fault of the schema in pydantic's wording; the caller sets its location.
fn describe(kind: &ValidationErrorKind, instance: &Value) -> ValidationError {
    use ErrorType as E;
    let fault = |error_type, msg: String| ValidationError::new(error_type, [], msg);
    match kind {
        ValidationErrorKind::Required { .. } => fault(E::Missing, "Field required".into()),
        ValidationErrorKind::Type { kind } => type_fault(kind, instance),
        ValidationErrorKind::MinLength { limit } => {
            fault(E::StringTooShort, format!("String should have at least {}", counted(*limit, "character")))
                .with_context("min_length", *limit)
        }
        ValidationErrorKind::MaxLength { limit } => {
            fault(E::StringTooLong, format!("String should have at most {}", counted(*limit, "character")))
                .with_context("max_length", *limit)
        }
        ValidationErrorKind::Minimum { limit } => {
            let limit = whole_numbers(limit.clone());
            fault(E::GreaterThanEqual, format!("Input should be greater than or equal to {limit}"))
                .with_context("ge", limit)
        }
        ValidationErrorKind::Maximum { limit } => {
            let limit = whole_numbers(limit.clone());
            fault(E::LessThanEqual, format!("Input should be less than or equal to {limit}")).with_context("le", limit)
        }
        ValidationErrorKind::MinItems { limit } => length_fault(E::TooShort, "least", "min_length", *limit, instance),
        ValidationErrorKind::MaxItems { limit } => length_fault(E::TooLong, "most", "max_length", *limit, instance),
        ValidationErrorKind::Pattern { pattern } => {
            fault(E::StringPatternMismatch, format!("String should match pattern '{pattern}'"))
                .with_context("pattern", pattern.as_str())
        }
        ValidationErrorKind::Format { format } if format == "uuid" => fault(
            E::UuidParsing,
            "Input should be a valid UUID, written as 32 hexadecimal digits with hyphens after the 8th, 12th, 16th \
             and 20th"
                .into(),
        ),
        ValidationErrorKind::Enum { options } => {
            let expected = alternatives(options);
            fault(E::Enum, format!("Input should be {expected}")).with_context("expected", expected)
        }
        other => fault(E::ValueError, format!("Value error, the schema's {} does not hold", other.keyword())),
    }
}

fn type_fault(kind: &TypeKind, instance: &Value) -> ValidationError {
    let expects = |json_type: JsonType| match kind {
        TypeKind::Single(single) => *single == json_type,
        TypeKind::Multiple(set) => set.contains(json_type),
    };
    let (error_type, msg) = if expects(JsonType::Integer) {
        if instance.is_f64() {
            (
                ErrorType::IntFromFloat,
                "Input should be a valid integer, got a number with a fractional part",
            )
        } else {
            (ErrorType::IntType, "Input should be a valid integer")
        }
    } else if expects(JsonType::String) {
        (ErrorType::StringType, "Input should be a valid string")
    } else if expects(JsonType::Array) {
        (ErrorType::ListType, "Input should be a valid list")
    } else if expects(JsonType::Boolean) {
        (ErrorType::BoolType, "Input should be a valid boolean")
    } else {
        (
            ErrorType::ModelAttributesType,
            "Input should be a valid dictionary or object to extract fields from",
        )
    };
    ValidationError::new(error_type, [], msg)
}

fn length_fault(
    error_type: ErrorType,
    bound: &str,
    name: &str,
    limit: u64,
    instance: &Value,
) -> ValidationError {
    let length = instance.as_array().map_or(0, Vec::len);
    let msg = format!(
        "List should have at {bound} {} after validation, not {length}",
        counted(limit, "item")
    );
    ValidationError::new(error_type, [], msg)
        .with_context("field_type", "List")
        .with_context(name, limit)
        .with_context("actual_length", length)
}

fn counted(count: u64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// `'a', 'b' or 'c'`.
fn alternatives(options: &Value) -> String {
    let quoted: Vec<_> = options
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match quoted.split_last() {
        Some((last, [])) => format!("'{last}'"),
        Some((last, rest)) => format!("'{}' or '{last}'", rest.join("', '")),
        None => String::new(),
    }
}

/// Converts every number without a fraction to an integer: `12.0` and `1e30` are integers in JSON Schema, but not
/// for serde. A number beyond 64 bits becomes the nearest 64-bit integer.
fn whole_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(whole_number(number)),
        Value::Array(items) => items.into_iter().map(whole_numbers).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (name, whole_numbers(member)))
            .collect(),
        other => other,
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts from floats saturate, which is intended"
)]
fn whole_number(number: Number) -> Number {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 => {
            if float < 0.0 {
                (float as i64).into()
            } else {
                (float as u64).into()
            }
        }
        _ => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::InspectJobRequest;

    #[test]
    fn nullable_enumeration_admits_null() {
        let schema = RequestSchema::of::<InspectJobRequest>();
        let read = |format: Value| {
            let body = json!({ "read_options": { "format": format } });
            schema.read::<InspectJobRequest>("body", body)
        };
        assert_eq!(read(Value::Null).unwrap().read_options.format, None);
        assert_eq!(
            read(json!("xml")).unwrap_err()[0].error_type,
            ErrorType::Enum
        );
    }
}
