//! Columns: their types, and statistics of all their values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::string_enum::string_enum;

string_enum! {
    /// The narrowest type that fits every value of a column.
    ColumnType, "Column Type" {
        /// All values are null.
        Null = "null",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A whole number of at most 64 bits with sign.
        Integer = "integer",
        /// A number with a fraction or an exponent.
        Float = "float",
        /// A number of fixed precision, or a whole number beyond 64 bits.
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

/// One column of a dataset's version. Statistics come from every row; what is not known is null. For a token without the
/// scope `read`, so are the statistics that show values: `min`, `max`, `mean`, `stddev`, `top` and `histogram`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    /// Name of the column in the file.
    #[schemars(title = "Name")]
    pub name: String,
    /// Narrowest type that fits every value of the column.
    #[serde(rename = "type")]
    #[schemars(title = "Type")]
    pub column_type: ColumnType,
    /// The full type in Arrow's notation, like `int32`, `decimal128(10, 2)` or `list<string>`; for text the type that holds
    /// every value. Null if the values are of different types.
    #[schemars(title = "Data Type")]
    pub data_type: Option<String>,
    /// Whether the file declares that the column can contain null values; null if the format does not declare it.
    #[schemars(title = "Nullable")]
    pub nullable: Option<bool>,
    /// Number of null values.
    #[schemars(title = "Nulls")]
    pub nulls: Option<u64>,
    /// Least value: a number, or text where JSON has no exact number.
    #[schemars(title = "Min")]
    pub min: Option<Value>,
    /// Greatest value: a number, or text where JSON has no exact number.
    #[schemars(title = "Max")]
    pub max: Option<Value>,
    /// Number of distinct values.
    pub distinct: Option<DistinctCount>,
    /// Mean of the numbers.
    #[schemars(title = "Mean")]
    pub mean: Option<f64>,
    /// Standard deviation of the numbers, of a sample (divided by their number less one).
    #[schemars(title = "Stddev")]
    pub stddev: Option<f64>,
    /// Length of the shortest text, in characters.
    #[schemars(title = "Min Length")]
    pub min_length: Option<u64>,
    /// Length of the longest text, in characters.
    #[schemars(title = "Max Length")]
    pub max_length: Option<u64>,
    /// Up to five most frequent values, most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Top")]
    pub top: Vec<TopValue>,
    /// Distribution of numbers and times.
    pub histogram: Option<Histogram>,
    /// Pattern of dates that are not written as `YYYY-MM-DD`, like `DD/MM/YYYY`. Text all of whose values are dates in
    /// several patterns has all of these: `DD/MM/YYYY|MM/DD/YYYY`.
    #[schemars(title = "Date Pattern")]
    pub date_pattern: Option<String>,
    /// Columns within an object or a list; a list has one, called `element`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(title = "Fields")]
    pub fields: Vec<Column>,
}

impl Column {
    /// A column of which only the name and type are known.
    pub fn new(name: impl Into<String>, column_type: ColumnType) -> Self {
        Self {
            name: name.into(),
            column_type,
            data_type: None,
            nullable: None,
            nulls: None,
            min: None,
            max: None,
            distinct: None,
            mean: None,
            stddev: None,
            min_length: None,
            max_length: None,
            top: Vec::new(),
            histogram: None,
            date_pattern: None,
            fields: Vec::new(),
        }
    }

    /// The same without statistics that show values: what remains says how the column is made up.
    #[must_use]
    pub fn without_values(self) -> Self {
        let fields = self.fields.into_iter().map(Self::without_values);
        Self {
            min: None,
            max: None,
            mean: None,
            stddev: None,
            top: Vec::new(),
            histogram: None,
            fields: fields.collect(),
            ..self
        }
    }
}

/// A number of distinct values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DistinctCount {
    /// The number, without null.
    #[schemars(title = "Value")]
    pub value: u64,
    /// Relative standard error of the number: 0 if it is exact.
    #[schemars(title = "Error")]
    pub error: f64,
}

/// A frequent value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TopValue {
    /// The value, as in the sample.
    #[schemars(title = "Value")]
    pub value: Value,
    /// How often it occurs.
    #[schemars(title = "Count")]
    pub count: u64,
    /// Whether the count is exact; otherwise it is at most the true number.
    #[schemars(title = "Is Exact")]
    pub is_exact: bool,
}

/// How values are distributed over 20 ranges of equal width between the least and the greatest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Histogram {
    /// Lower end of the first range; times are seconds since 1970-01-01T00:00:00Z.
    #[schemars(title = "Start")]
    pub start: f64,
    /// Width of each range.
    #[schemars(title = "Width")]
    pub width: f64,
    /// Number of values in each range.
    #[schemars(title = "Counts")]
    pub counts: Vec<u64>,
    /// Whether the numbers are exact; otherwise they are scaled from a sample of the values.
    #[schemars(title = "Is Exact")]
    pub is_exact: bool,
}
