//! Inspects an uploaded object: its format, columns, number of rows and first rows.
//!
//! The object is read once, front to back (Parquet: its footer and a few pages), in memory that does not
//! grow with it. [`inspect`] is synchronous; the caller gives it a [`Source`], a thread and a callback that
//! receives the progress and can stop it.
//!
//! ```text
//! inspect ── magic      first bytes against the extension
//!         ├─ csv        csv, tsv: arrow-csv, types from every row      ┐ text: narrowest type of a value
//!         ├─ ndjson     ndjson, jsonl: serde_json                      ┘ sample: its bounded first rows
//!         └─ parquet    footer and first pages
//! schema_diff           columns of two versions compared
//! ```
//!
//! Two rules apply everywhere. A [`Source`] that fails is [`InspectError::Read`], never invalid content, since invalid
//! content fails the client's upload. And no size that the object declares is used before it is checked
//! against [`Limits`].

mod column;
mod csv;
mod diff;
mod error;
mod format;
mod inspection;
mod limits;
mod magic;
mod ndjson;
mod parquet;
mod progress;
mod sample;
mod source;
mod stream;
mod text;
mod utf8;

use std::sync::Arc;

pub use self::diff::{schema_diff, unknown_diff};
pub use self::error::{ContentError, ContentErrorCode, InspectError};
pub use self::inspection::Inspection;
pub use self::limits::Limits;
pub use self::progress::{Progress, ProgressCallback};
pub use self::source::Source;

use self::format::Format;
use self::progress::Reporter;
use self::stream::Stream;

/// Reads the object behind `source` and returns what it contains.
///
/// `extension` is that of the object's name, in lower case and without the dot; it decides the format, and the
/// first bytes must agree with it. `csv` and `tsv` are delimited text with a header row, `ndjson` and `jsonl` a
/// JSON object a line, `parquet` is Parquet; of any other object only the first bytes are read.
///
/// # Errors
///
/// [`InspectError::Read`] when `source` fails or ends early, [`InspectError::Content`] when the object is not in the
/// format of its extension, is damaged or exceeds `limits`, [`InspectError::Stopped`] when `progress` breaks.
pub fn inspect(
    source: &Arc<dyn Source>,
    extension: Option<&str>,
    limits: &Limits,
    progress: &mut ProgressCallback<'_>,
) -> Result<Inspection, InspectError> {
    let reporter = Reporter::new(progress);
    // Also where it says nothing: what cannot be read is not inspected.
    let head = magic::head(&**source)?;
    let Some(extension) = extension else {
        return Ok(Inspection::default());
    };
    let format = Format::of_extension(extension);
    magic::check(format, extension, &head)?;
    let mut inspection = match format {
        Format::Csv => csv::inspect(Stream::open(&**source, reporter)?, b',', limits)?,
        Format::Tsv => csv::inspect(Stream::open(&**source, reporter)?, b'\t', limits)?,
        Format::Ndjson => ndjson::inspect(Stream::open(&**source, reporter)?, limits)?,
        Format::Parquet => parquet::inspect(source, limits, reporter)?,
        Format::Other => Inspection::default(),
    };
    inspection.format = Some(format_of_extension(extension));
    Ok(inspection)
}

/// The name of the format that `extension`, in lower case and without the dot, stands for.
pub fn format_of_extension(extension: &str) -> String {
    let format = Format::of_extension(extension);
    format.name().unwrap_or(extension).to_owned()
}

/// Whether objects of a format, given by its name or by an extension in lower case and without the dot, have rows and
/// columns.
pub fn has_rows(format: &str) -> bool {
    Format::of_extension(format) != Format::Other
}
