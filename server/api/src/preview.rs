//! The result of inspecting an uploaded object, and its difference from the current version.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::string_enum::string_enum;

string_enum! {
    /// The narrowest type that fits every value of a column.
    ColumnType, "Column Type" {
        /// All values are null.
        Null = "null",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A whole number of at most 64 bits.
        Integer = "integer",
        /// A number with a fraction or an exponent, or a whole number beyond 64 bits.
        Float = "float",
        /// A number of fixed precision.
        Decimal = "decimal",
        /// A calendar date.
        Date = "date",
        /// A time of day.
        Time = "time",
        /// A date with a time of day.
        Timestamp = "timestamp",
        /// Text.
        String = "string",
        /// Bytes that are not text.
        Binary = "binary",
        /// A nested object.
        Object = "object",
        /// A nested list.
        Array = "array",
    }
}

/// One column of a dataset's version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    /// Name of the column in the file.
    #[schemars(title = "Name")]
    pub name: String,
    /// Narrowest type that fits every value of the column.
    #[serde(rename = "type")]
    #[schemars(title = "Type")]
    pub column_type: ColumnType,
    /// Number of null values; null if the file does not state it.
    #[schemars(title = "Nulls")]
    pub nulls: Option<u64>,
}

/// A column whose type differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnChange {
    /// Name of the column.
    #[schemars(title = "Name")]
    pub name: String,
    /// Type in the current version.
    #[schemars(title = "From")]
    pub from: ColumnType,
    /// Type in the uploaded object.
    #[schemars(title = "To")]
    pub to: ColumnType,
}

/// How the columns of an uploaded object differ from those of the dataset's current version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SchemaDiff {
    /// Version that the object is compared with; null when the dataset has none.
    #[schemars(title = "Current Version")]
    pub current_version: Option<u64>,
    /// Columns that only the uploaded object has.
    #[schemars(title = "Added")]
    pub added: Vec<Column>,
    /// Columns that only the current version has.
    #[schemars(title = "Removed")]
    pub removed: Vec<Column>,
    /// Columns that both have, with different types.
    #[schemars(title = "Changed")]
    pub changed: Vec<ColumnChange>,
    /// Whether readers of the current version can read the object: no column is removed, and no column changes to
    /// a type that cannot hold every value of the old one. False if the columns of one of the two are not known.
    #[schemars(title = "Compatible")]
    pub compatible: bool,
}

/// The result of the inspection, to check before committing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    /// Job whose object was inspected.
    #[schemars(title = "Job Id")]
    pub job_id: Uuid,
    /// Detected format: `csv`, `tsv`, `ndjson`, `parquet`; or the extension of a file of any other format,
    /// whose content is not inspected.
    #[schemars(title = "Format")]
    pub format: Option<String>,
    /// Number of rows; null for a format without rows, and if the inspection reached its time limit.
    #[schemars(title = "Row Count")]
    pub row_count: Option<u64>,
    /// Columns in the order of the file; empty if the inspection reached its time limit.
    #[schemars(title = "Columns")]
    pub columns: Vec<Column>,
    /// First rows, at most five, each with one value per column.
    #[schemars(title = "Sample")]
    pub sample: Vec<Vec<serde_json::Value>>,
    /// Difference from the dataset's current version.
    pub schema_diff: SchemaDiff,
}
