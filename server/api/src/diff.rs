//! The difference between two versions of a dataset, judged from the readers' side.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::string_enum::string_enum;

string_enum! {
    /// What a difference means for readers.
    Verdict, "Verdict" {
        /// The bytes are the same.
        Identical = "identical",
        /// Every value fits what readers of the dataset had to cope with so far.
        Compatible = "compatible",
        /// Some values do not fit, or it is not known whether they do.
        Breaking = "breaking",
    }
}

string_enum! {
    /// A kind of change.
    ChangeKind, "Change Kind" {
        /// A column is new. Compatible.
        ColumnAdded = "column_added",
        /// A column is missing. Breaking.
        ColumnRemoved = "column_removed",
        /// A missing column has the content of a new one: it may have been renamed. Breaking.
        ColumnRenamed = "column_renamed",
        /// The type of a column changed, and every value fits the schema. Compatible.
        TypeFits = "type_fits",
        /// The type of a column changed, and values do not fit the schema. Breaking.
        TypeBreaks = "type_breaks",
        /// A column that never contained null values contains some. Breaking where the schema declares that it
        /// cannot contain null values.
        NullsAppeared = "nulls_appeared",
        /// Columns are in another order. Breaking for delimited text without a header.
        OrderChanged = "order_changed",
        /// The format, or the compression of the whole file, changed. Breaking.
        FormatChanged = "format_changed",
        /// Delimiter, quoting, encoding, header or decimal mark changed. Breaking.
        DialectChanged = "dialect_changed",
        /// There are fewer rows. Compatible.
        RowsLost = "rows_lost",
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What changed.
    pub kind: ChangeKind,
    /// Column that changed, with the names of nested fields separated by dots; null if it concerns the whole object.
    #[schemars(title = "Column")]
    pub column: Option<String>,
    /// State in the schema of the dataset, or in the version that is compared with; null if there was none.
    #[schemars(title = "From")]
    pub from: Option<Value>,
    /// State in the object; null if there is none.
    #[schemars(title = "To")]
    pub to: Option<Value>,
    /// Whether readers cannot cope with it.
    #[schemars(title = "Breaking")]
    pub breaking: bool,
    /// What changed, for people.
    #[schemars(title = "Message")]
    pub msg: String,
}

/// A number before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The number in the version that is compared with; null if it is not known.
    #[schemars(title = "From")]
    pub from: Option<u64>,
    /// The number in the object; null if it is not known.
    #[schemars(title = "To")]
    pub to: Option<u64>,
}

/// How an object differs from a version of its dataset, judged against the schema that readers know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SchemaDiff {
    /// Version that the object is compared with; null when the dataset had none.
    #[schemars(title = "Current Version")]
    pub current_version: Option<u64>,
    /// What the difference means for readers.
    pub verdict: Verdict,
    /// The changes, breaking ones first.
    #[schemars(title = "Changes")]
    pub changes: Vec<Change>,
    /// Number of rows.
    pub row_count: Difference,
    /// Size of the file in bytes.
    pub file_size: Difference,
}

/// Which versions to compare.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DiffQuery {
    /// Version to compare with.
    #[schemars(range(min = 1))]
    pub from: u64,
    /// Version that is compared. By default the current one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub to: Option<u64>,
}
