//! The errors of the API: the table of their machine codes, the one body that carries them, and a whole response.

mod body;
mod failure;

use http::StatusCode;
use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::Schema;
use serde::Serialize;

pub use self::body::{HTTPValidationError, LocationItem, MAX_INPUT, ValidationError};
pub use self::failure::{Failure, RETRY_AFTER_SECONDS};

macro_rules! error_types {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal, $status:ident;)+) => {
        /// Machine code of an error: the value of `type`, and the status of the response.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorType { $($(#[doc = $doc])* $variant),+ }

        impl ErrorType {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The meaning of the code, for people.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),*).trim_ascii()),+ }
            }

            /// The code as clients see it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Status of a response whose first error has this code.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }
        }
    };
}

error_types! {
    /// A required member is missing.
    Missing = "missing", UNPROCESSABLE_ENTITY;
    /// Not a string.
    StringType = "string_type", UNPROCESSABLE_ENTITY;
    /// Fewer code points than allowed.
    StringTooShort = "string_too_short", UNPROCESSABLE_ENTITY;
    /// More code points than allowed.
    StringTooLong = "string_too_long", UNPROCESSABLE_ENTITY;
    /// A string that does not match the pattern.
    StringPatternMismatch = "string_pattern_mismatch", UNPROCESSABLE_ENTITY;
    /// Not an integer.
    IntType = "int_type", UNPROCESSABLE_ENTITY;
    /// A number with a fraction where an integer is expected.
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
    /// Not one of the values of an enumeration.
    Enum = "enum", UNPROCESSABLE_ENTITY;
    /// Not JSON.
    JsonInvalid = "json_invalid", UNPROCESSABLE_ENTITY;
    /// Not an object.
    ModelAttributesType = "model_attributes_type", UNPROCESSABLE_ENTITY;
    /// Any other violation of the schema.
    ValueError = "value_error", UNPROCESSABLE_ENTITY;
    /// The server does not accept the filename's extension.
    ExtensionNotAllowed = "extension_not_allowed", UNPROCESSABLE_ENTITY;
    /// The server is not configured to trust the issuer.
    UnknownIssuer = "unknown_issuer", UNPROCESSABLE_ENTITY;
    /// The idempotency key was used for another request.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY;
    /// Events are not sent to the URL.
    WebhookUrlNotAllowed = "webhook_url_not_allowed", UNPROCESSABLE_ENTITY;
    /// No bearer token.
    NotAuthenticated = "not_authenticated", UNAUTHORIZED;
    /// A bearer token that is unknown, expired or revoked.
    InvalidToken = "invalid_token", UNAUTHORIZED;
    /// A token or a principal that may not do this.
    Forbidden = "forbidden", FORBIDDEN;
    /// The resource does not exist, or belongs to another principal.
    NotFound = "not_found", NOT_FOUND;
    /// The path does not support the method; `Allow` lists the supported ones.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED;
    /// The body did not arrive in time.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT;
    /// The current version is not the one that the request replaces.
    VersionConflict = "version_conflict", CONFLICT;
    /// The job's state does not allow the operation.
    InvalidState = "invalid_state", CONFLICT;
    /// Parts are missing, wrong or not planned.
    PartsMismatch = "parts_mismatch", CONFLICT;
    /// The commit would make changes that the policy of the dataset refuses.
    BreakingChange = "breaking_change", CONFLICT;
    /// Another dataset of the principal has this name.
    NameTaken = "name_taken", CONFLICT;
    /// The dataset has the maximum number of webhooks.
    TooManyWebhooks = "too_many_webhooks", CONFLICT;
    /// The body is larger than the operation accepts.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE;
    /// The file is larger than the server accepts.
    FileTooLarge = "file_too_large", PAYLOAD_TOO_LARGE;
    /// The file would exceed the principal's storage quota.
    QuotaExceeded = "quota_exceeded", PAYLOAD_TOO_LARGE;
    /// The principal has the maximum number of open jobs.
    TooManyOpenJobs = "too_many_open_jobs", TOO_MANY_REQUESTS;
    /// The caller, or its address, has sent too many requests, or requested too many URLs.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS;
    /// The principal has the maximum number of open streams of events.
    TooManyStreams = "too_many_streams", TOO_MANY_REQUESTS;
    /// The media type of the body is not JSON.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE;
    /// A dependency of the server is unavailable.
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
