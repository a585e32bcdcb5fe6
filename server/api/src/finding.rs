//! Findings: what an inspection has to say about the content of an object.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;

string_enum! {
    /// How serious a finding is.
    Severity, "Severity" {
        /// How the object was read.
        Info = "info",
        /// Probably not what was meant; the object can be committed.
        Warning = "warning",
        /// The object cannot be read as it stands, and its job is rejected.
        Error = "error",
    }
}

string_enum! {
    /// What is found.
    FindingType, "Finding Type" {
        /// Fields are separated by another character than the one that the filename suggests.
        DelimiterDetected = "delimiter_detected",
        /// The text is in another encoding than UTF-8 without a byte order mark, or is compressed.
        EncodingDetected = "encoding_detected",
        /// Lines before the header, or comment lines, were skipped.
        PreambleSkipped = "preamble_skipped",
        /// The first row looks like data: there may be no header.
        HeaderLooksLikeData = "header_looks_like_data",
        /// Columns of the header have no name.
        HeaderMissingNames = "header_missing_names",
        /// Several columns have the same name.
        DuplicateNames = "duplicate_names",
        /// Delimited text has only one column.
        SingleColumn = "single_column",
        /// Rows have another number of fields than the header.
        RaggedRows = "ragged_rows",
        /// Text follows a closing quote.
        TextAfterQuote = "text_after_quote",
        /// Quoted fields contain line breaks.
        QuotedLineBreaks = "quoted_line_breaks",
        /// A quoted field is never closed.
        UnclosedQuote = "unclosed_quote",
        /// Bytes are not valid in the encoding of the text.
        InvalidEncoding = "invalid_encoding",
        /// The text contains NUL characters.
        NulBytes = "nul_bytes",
        /// All values of a column but some that look like null markers have a narrower type.
        NullMarkers = "null_markers",
        /// The values of a column have types that do not go together.
        MixedTypes = "mixed_types",
        /// JSON objects contain a key several times; the last value counts.
        DuplicateKeys = "duplicate_keys",
        /// A number is not valid JSON (`NaN`, `Infinity`) or does not fit.
        InvalidNumber = "invalid_number",
        /// A line or the object is not valid JSON, or not the JSON that its format wants.
        InvalidJson = "invalid_json",
        /// The content is JSON, not the format of the filename.
        LooksLikeJson = "looks_like_json",
        /// The object is a Git LFS pointer instead of the data.
        LooksLikePointer = "looks_like_pointer",
        /// The content is in another format than the one that the filename or the caller states.
        ContentMismatch = "content_mismatch",
        /// The object is damaged or truncated.
        Damaged = "damaged",
        /// There is no row and no header.
        NoRows = "no_rows",
        /// Some values of the sample cannot be decoded and are null.
        SampleIncomplete = "sample_incomplete",
        /// The number of null values of a column is not known.
        UnknownNulls = "unknown_nulls",
        /// A compression codec, an encoding or an encryption that is not supported.
        UnsupportedCodec = "unsupported_codec",
        /// A limit of the inspection was reached: what is beyond it is not known.
        InspectionBounded = "inspection_bounded",
    }
}

/// One thing that an inspection found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What is found.
    #[serde(rename = "type")]
    pub finding_type: FindingType,
    /// How serious it is.
    pub severity: Severity,
    /// What is found and what to do about it, for people.
    #[schemars(title = "Message")]
    pub msg: String,
    /// Column that it concerns; null if it concerns the whole object.
    #[schemars(title = "Column")]
    pub column: Option<String>,
    /// First line of the file that it concerns, from 1; null where it concerns no line.
    #[schemars(title = "Line")]
    pub line: Option<u64>,
    /// How often it occurs; null where it is not counted.
    #[schemars(title = "Count")]
    pub count: Option<u64>,
    /// Up to five values or places, as text. Empty for a token without the scope `read`.
    #[schemars(title = "Examples")]
    pub examples: Vec<String>,
    /// What to do; null if there is nothing to do.
    #[schemars(title = "Suggestion")]
    pub suggestion: Option<String>,
}
