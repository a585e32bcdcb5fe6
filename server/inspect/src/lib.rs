//! Inspects an uploaded object: its format, columns, number of rows and first rows.
//!
//! The object is read once, front to back (Parquet: its footer, and then column by column), in memory that does not
//! grow with it. [`inspect`] is synchronous; the caller gives it a [`Source`], a thread and a callback that
//! receives the progress and can stop it.
//!
//! ```text
//! inspect ── format       format and compression, by the filename or as stated
//!         ├─ magic        first bytes against the extension
//!         ├─ text_object  decompressed and decoded by stream
//!         │   ├─ csv      csv, tsv: held to the dialect that its head has    ┐ column: type and statistics
//!         │   └─ json     ndjson, jsonl, json: serde_json                    ┘ sample: its bounded first rows
//!         └─ parquet      footer and pages, two columns at a time
//! schema_diff           columns of two versions compared
//! ```
//!
//! Rows of text are added to their columns by a second thread (`column`); the callback is called by the first one.
//!
//! Two rules apply everywhere. A [`Source`] that fails is [`InspectError::Read`], never invalid content, since invalid
//! content fails the client's upload. And no size that the object declares is used before it is checked
//! against [`Limits`].

mod column;
mod compression;
mod csv;
mod dialect;
mod diff;
mod encoding;
mod error;
mod findings;
mod format;
mod inspection;
mod json;
mod limits;
mod magic;
mod object;
mod parquet;
mod progress;
mod sample;
mod source;
mod statistics;
mod stream;
mod text;
mod text_object;

use std::sync::Arc;

pub use self::diff::{Base, Side, next_schema, refused, schema_diff};
pub use self::error::InspectError;
pub use self::findings::MAX_FINDINGS;
pub use self::inspection::Inspection;
pub use self::limits::Limits;
pub use self::progress::{Progress, ProgressCallback};
pub use self::source::Source;

use restow_api::ReadOptions;

use self::compression::Compression;
use self::format::{Format, Kind};
use self::progress::Reporter;

/// Reads the object behind `source` and returns what it contains.
///
/// `filename` decides the format by its extension unless `options` state it, and the first bytes must agree with it.
/// `csv`, `tsv` and `tab` are delimited text, `txt` where it looks like that, `ndjson` and `jsonl` a JSON object a line,
/// each also followed by `gz` or `zst`; `parquet` is Parquet. Of any other object only the first bytes are read.
///
/// # Errors
///
/// [`InspectError::Read`] when `source` fails or ends early, [`InspectError::Stopped`] when `progress` breaks. An object
/// that cannot be read as it stands is no error: its inspection has a finding that is one.
pub fn inspect(
    source: &Arc<dyn Source>,
    filename: &str,
    options: &ReadOptions,
    limits: &Limits,
    progress: &mut ProgressCallback<'_>,
) -> Result<Inspection, InspectError> {
    let kind = Kind::new(filename, options);
    if options.inspect == Some(false) {
        return Ok(Inspection {
            format: kind.published(),
            ..Inspection::default()
        });
    }
    let reporter = Reporter::new(progress);
    // Also where it says nothing: what cannot be read is not inspected.
    let head = magic::head(&**source)?;
    let pointer = dialect::pointer(&head, source.size());
    let mut inspection = if let Some(pointer) = pointer {
        Inspection::rejected(pointer)
    } else if kind.format.is_text() {
        text_object::inspect(&**source, &head, &kind, options, limits, reporter)?
    } else {
        let extension = kind.extension.as_deref();
        match extension.and_then(|extension| magic::mismatch(extension, &head)) {
            Some(mismatch) => Inspection::rejected(mismatch),
            None if kind.format == Format::Parquet => parquet::inspect(source, limits, reporter)?,
            None => Inspection::default(),
        }
    };
    inspection.format = inspection.format.or_else(|| kind.published());
    Ok(inspection)
}

/// The name of the format that a file of this name is in: that of its extension, in front of `gz` or `zst` where the
/// content is read. None without an extension.
pub fn format_of_filename(filename: &str) -> Option<String> {
    Kind::new(filename, &ReadOptions::default()).published()
}

/// The compression of the text in a file of this name, which is that of its last extension.
pub fn compression_of_filename(filename: &str) -> restow_api::Compression {
    Compression::as_stated(Kind::new(filename, &ReadOptions::default()).compression)
}

/// Whether every object of a format, given by the name that [`Inspection::format`] has, has rows and columns. Those of
/// `json` and `txt` may have none.
pub fn has_rows(format: &str) -> bool {
    match Format::of_extension(format) {
        Format::Csv | Format::Tsv | Format::Ndjson | Format::Parquet => true,
        Format::Json | Format::Text | Format::Other => false,
    }
}
