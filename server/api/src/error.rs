//! The one error body of the API, and the table of its machine codes.

use dropshot::{Body, HttpError};
use http::{HeaderValue, Response, StatusCode, header};
use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::{InstanceType, Metadata, Schema, SchemaObject, SubschemaValidation};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Longest `input` that an error repeats, in code points of a string or bytes of JSON.
pub const MAX_INPUT: usize = 256;

/// Seconds after which a client may try again what was refused for lack of a dependency.
pub const RETRY_AFTER_SECONDS: u32 = 5;

macro_rules! error_types {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal, $status:ident;)+) => {
        /// Machine code of an error: what `type` says, and the status that it is answered with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorType { $($(#[doc = $doc])* $variant),+ }

        impl ErrorType {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// What the code says, in words.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),*).trim_ascii()),+ }
            }

            /// The code as clients see it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Status of an answer whose first error has this code.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }
        }
    };
}

error_types! {
    /// A required member is absent.
    Missing = "missing", UNPROCESSABLE_ENTITY;
    /// Not a string.
    StringType = "string_type", UNPROCESSABLE_ENTITY;
    /// Fewer code points than allowed.
    StringTooShort = "string_too_short", UNPROCESSABLE_ENTITY;
    /// More code points than allowed.
    StringTooLong = "string_too_long", UNPROCESSABLE_ENTITY;
    /// A string of another form than the pattern.
    StringPatternMismatch = "string_pattern_mismatch", UNPROCESSABLE_ENTITY;
    /// Not an integer.
    IntType = "int_type", UNPROCESSABLE_ENTITY;
    /// A number with a fraction where an integer is due.
    IntFromFloat = "int_from_float", UNPROCESSABLE_ENTITY;
    /// Not a boolean.
    BoolType = "bool_type", UNPROCESSABLE_ENTITY;
    /// Not a list.
    ListType = "list_type", UNPROCESSABLE_ENTITY;
    /// A list with fewer items than allowed.
    TooShort = "too_short", UNPROCESSABLE_ENTITY;
    /// A list with more items than allowed.
    TooLong = "too_long", UNPROCESSABLE_ENTITY;
    /// Below the minimum.
    GreaterThanEqual = "greater_than_equal", UNPROCESSABLE_ENTITY;
    /// Above the maximum.
    LessThanEqual = "less_than_equal", UNPROCESSABLE_ENTITY;
    /// Not a UUID in hyphenated form.
    UuidParsing = "uuid_parsing", UNPROCESSABLE_ENTITY;
    /// None of the values of an enumeration.
    Enum = "enum", UNPROCESSABLE_ENTITY;
    /// Not JSON.
    JsonInvalid = "json_invalid", UNPROCESSABLE_ENTITY;
    /// Not an object.
    ModelAttributesType = "model_attributes_type", UNPROCESSABLE_ENTITY;
    /// Any other fault of the schema.
    ValueError = "value_error", UNPROCESSABLE_ENTITY;
    /// The filename's extension is not among those that the server accepts.
    ExtensionNotAllowed = "extension_not_allowed", UNPROCESSABLE_ENTITY;
    /// No bearer token.
    NotAuthenticated = "not_authenticated", UNAUTHORIZED;
    /// A bearer token that is unknown, expired or revoked.
    InvalidToken = "invalid_token", UNAUTHORIZED;
    /// No such thing, or it belongs to somebody else.
    NotFound = "not_found", NOT_FOUND;
    /// The path takes other methods, which `Allow` names.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED;
    /// The body did not arrive in time.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT;
    /// The dataset has moved from the version that was to be replaced.
    VersionConflict = "version_conflict", CONFLICT;
    /// The job's state does not allow the operation.
    InvalidState = "invalid_state", CONFLICT;
    /// Parts are missing, wrong, or outside the plan.
    PartsMismatch = "parts_mismatch", CONFLICT;
    /// Another dataset of the principal has the name.
    NameTaken = "name_taken", CONFLICT;
    /// The body is larger than the operation takes.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE;
    /// The file is larger than the server takes.
    FileTooLarge = "file_too_large", PAYLOAD_TOO_LARGE;
    /// The file would go beyond what the principal may store.
    QuotaExceeded = "quota_exceeded", PAYLOAD_TOO_LARGE;
    /// The principal has as many jobs under way as it may.
    TooManyOpenJobs = "too_many_open_jobs", TOO_MANY_REQUESTS;
    /// The body is of another media type than JSON.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE;
    /// A dependency of the server does not answer.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE;
}

impl Serialize for ErrorType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl JsonSchema for ErrorType {
    fn schema_name() -> String {
        "ErrorType".to_string()
    }

    fn is_referenceable() -> bool {
        false
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

/// One step of the way to what an error is about: a member's name or an item's index.
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

/// One error: where, what in words, and what as a machine code.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ValidationError {
    /// Way to what the error is about.
    #[schemars(title = "Location", description = "")]
    pub loc: Vec<LocationItem>,
    /// What is wrong, in words.
    #[schemars(title = "Message", description = "")]
    pub msg: String,
    /// What is wrong, as a machine code.
    #[serde(rename = "type")]
    #[schemars(title = "Error Type", description = "")]
    pub error_type: ErrorType,
    /// What was sent, where it is short enough to repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "input_schema", description = "")]
    pub input: Option<Value>,
    /// Values that `msg` speaks of.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schemars(schema_with = "context_schema", description = "")]
    pub ctx: Map<String, Value>,
}

impl ValidationError {
    /// An error of a type, at a place, in words.
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

    /// Repeats what was sent, unless it is longer than [`MAX_INPUT`].
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

/// The body of every answer that is no success.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[allow(clippy::upper_case_acronyms, reason = "the published name")]
pub struct HTTPValidationError {
    /// The errors; never empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Detail", description = "")]
    pub detail: Vec<ValidationError>,
}

/// A refusal on its way to the client: one error or more, and the headers that its status demands.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    status: StatusCode,
    detail: Vec<ValidationError>,
}

impl From<ValidationError> for Failure {
    fn from(error: ValidationError) -> Self {
        Self {
            status: error.error_type.status(),
            detail: vec![error],
        }
    }
}

impl Failure {
    /// The refusal that names all of `errors`; `None` where there are none.
    pub fn of(errors: Vec<ValidationError>) -> Option<Self> {
        let status = errors.first()?.error_type.status();
        Some(Self {
            status,
            detail: errors,
        })
    }

    /// The refusal for lack of a dependency, which is named but not described.
    pub fn unavailable(dependency: &str) -> Self {
        ValidationError::new(
            ErrorType::Unavailable,
            ["server"],
            format!("The {dependency} does not answer at the moment; try again later"),
        )
        .with_context("dependency", dependency)
        .into()
    }

    /// Status of the answer: that of the first error's type.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body of the answer.
    pub fn into_body(self) -> HTTPValidationError {
        HTTPValidationError {
            detail: self.detail,
        }
    }

    /// The whole answer.
    pub fn into_response(self) -> Result<Response<Body>, HttpError> {
        let status = self.status();
        let body = serde_json::to_string(&self.into_body())
            .map_err(|error| HttpError::for_internal_error(error.to_string()))?;
        let mut response = Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "application/json");
        if status == StatusCode::UNAUTHORIZED {
            response = response.header(header::WWW_AUTHENTICATE, "Bearer");
        }
        if matches!(
            status,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
        ) {
            response = response.header(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS));
        }
        Ok(response.body(body.into())?)
    }
}
