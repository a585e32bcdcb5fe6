//! The one error body of the API.

use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::{InstanceType, Metadata, Schema, SchemaObject, SubschemaValidation};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ErrorType;

/// Maximum length of an `input` that an error repeats, in code points of a string or bytes of JSON.
pub const MAX_INPUT: usize = 256;

/// One element of an error's location: a member's name or an item's index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LocationItem {
    /// `body`, `path`, `query`, `header`, or the name of a member.
    Name(String),
    /// Index of an item, counted from 0, or an offset into the body in bytes.
    Index(u64),
}

impl From<&str> for LocationItem {
    fn from(name: &str) -> Self {
        Self::Name(name.to_string())
    }
}

impl JsonSchema for LocationItem {
    fn schema_name() -> String {
        "LocationItem".to_string()
    }

    fn is_referenceable() -> bool {
        false
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let of = |instance_type: InstanceType| {
            SchemaObject {
                instance_type: Some(instance_type.into()),
                ..Default::default()
            }
            .into()
        };
        SchemaObject {
            subschemas: Some(Box::new(SubschemaValidation {
                any_of: Some(vec![of(InstanceType::String), of(InstanceType::Integer)]),
                ..Default::default()
            })),
            ..Default::default()
        }
        .into()
    }
}

fn titled(title: &str, instance_type: Option<InstanceType>) -> Schema {
    SchemaObject {
        instance_type: instance_type.map(Into::into),
        metadata: Some(Box::new(Metadata {
            title: Some(title.to_string()),
            ..Default::default()
        })),
        ..Default::default()
    }
    .into()
}

fn input_schema(_: &mut SchemaGenerator) -> Schema {
    titled("Input", None)
}

fn context_schema(_: &mut SchemaGenerator) -> Schema {
    titled("Context", Some(InstanceType::Object))
}

/// One error: its location, a message, and a machine code.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ValidationError {
    /// Location of the error.
    #[schemars(title = "Location", description = "")]
    pub loc: Vec<LocationItem>,
    /// What is wrong, for people.
    #[schemars(title = "Message", description = "")]
    pub msg: String,
    /// What is wrong, for programs.
    #[serde(rename = "type")]
    #[schemars(title = "Error Type", description = "")]
    pub error_type: ErrorType,
    /// The invalid input, where it is short enough to repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "input_schema", description = "")]
    pub input: Option<Value>,
    /// Values that `msg` mentions.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schemars(schema_with = "context_schema", description = "")]
    pub ctx: Map<String, Value>,
}

impl ValidationError {
    /// An error of a type, at a location, with a message.
    pub fn new<const N: usize>(
        error_type: ErrorType,
        loc: [&str; N],
        msg: impl Into<String>,
    ) -> Self {
        Self {
            loc: loc.into_iter().map(LocationItem::from).collect(),
            msg: msg.into(),
            error_type,
            input: None,
            ctx: Map::new(),
        }
    }

    /// Adds the invalid input, unless it is longer than [`MAX_INPUT`].
    #[must_use]
    pub fn with_input(mut self, input: &Value) -> Self {
        let short = match input {
            Value::String(text) => text.chars().nth(MAX_INPUT).is_none(),
            other => other.to_string().len() <= MAX_INPUT,
        };
        self.input = short.then(|| input.clone());
        self
    }

    /// Adds a value to `ctx`.
    #[must_use]
    pub fn with_context(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.ctx.insert(name.to_string(), value.into());
        self
    }
}

/// The body of every error response.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[allow(clippy::upper_case_acronyms, reason = "the published name")]
pub struct HTTPValidationError {
    /// The errors; never empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Detail", description = "")]
    pub detail: Vec<ValidationError>,
}
