//! How the bytes of an object are read: stated by the caller, remembered by the dataset, or detected.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;

string_enum! {
    /// A format with rows and columns.
    Format, "Format" {
        /// Delimited text; the delimiter is detected unless it is stated.
        Csv = "csv",
        /// Text delimited by tabs, without quoting unless the head of the file proves it.
        Tsv = "tsv",
        /// One JSON object a line.
        Ndjson = "ndjson",
        /// One JSON array of objects.
        Json = "json",
        /// Apache Parquet.
        Parquet = "parquet",
    }
}

string_enum! {
    /// How an object is compressed as a whole.
    Compression, "Compression" {
        /// Not at all.
        None = "none",
        /// By gzip.
        Gzip = "gzip",
        /// By zstd.
        Zstd = "zstd",
    }
}

/// How to read an object. Every option is optional: what is stated is believed, and everything else is detected in the
/// first MiB of the object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadOptions {
    /// Format of the object. By default that of the filename's extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Compression of text as a whole. By default that of the filename's last extension, `gz` or `zst`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compression: Option<Compression>,
    /// Character between the fields of delimited text: one ASCII character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "Delimiter",
        length(min = 1, max = 1),
        regex(pattern = r"^[\x01-\x09\x0B\x0C\x0E-\x7F]$")
    )]
    pub delimiter: Option<String>,
    /// Character around fields that contain the delimiter or line breaks; empty if there is no quoting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "Quote",
        length(max = 1),
        regex(pattern = r"^[\x01-\x09\x0B\x0C\x0E-\x7F]?$")
    )]
    pub quote: Option<String>,
    /// Character before a quote within a quoted field; empty if quotes are doubled instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "Escape",
        length(max = 1),
        regex(pattern = r"^[\x01-\x09\x0B\x0C\x0E-\x7F]?$")
    )]
    pub escape: Option<String>,
    /// Character encoding, by its name in the WHATWG Encoding Standard: `utf-8`, `utf-16le`, `windows-1252`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Encoding", length(min = 1, max = 40))]
    pub encoding: Option<String>,
    /// Whether the first row contains the names of the columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Header")]
    pub header: Option<bool>,
    /// Lines to skip at the beginning, before the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Skip Lines", range(min = 0, max = 1_000_000))]
    pub skip_lines: Option<u64>,
    /// Character at the beginning of lines to skip; empty if there are no comments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "Comment",
        length(max = 1),
        regex(pattern = r"^[\x01-\x09\x0B\x0C\x0E-\x7F]?$")
    )]
    pub comment: Option<String>,
    /// Decimal mark of numbers: `.` or `,`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "Decimal",
        length(min = 1, max = 1),
        regex(pattern = r"^[.,]$")
    )]
    pub decimal: Option<String>,
    /// Texts that mean null in addition to the empty field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Null Values", length(max = 100))]
    pub null_values: Option<Vec<NullValue>>,
    /// False to publish the object as it is, without columns and without a row count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Inspect")]
    pub inspect: Option<bool>,
}

/// A text that means null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NullValue(pub String);

impl JsonSchema for NullValue {
    fn schema_name() -> String {
        "NullValue".to_string()
    }

    fn is_referenceable() -> bool {
        false
    }

    fn json_schema(generator: &mut schemars::r#gen::SchemaGenerator) -> schemars::schema::Schema {
        let mut schema = String::json_schema(generator).into_object();
        schema.string().max_length = Some(100);
        schema.into()
    }
}

impl ReadOptions {
    /// Whether nothing is stated.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
