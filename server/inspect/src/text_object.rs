//! Objects that are text.

use restow_api::{Finding, ReadOptions};

use crate::compression::Compression;
use crate::csv;
use crate::error::InspectError;
use crate::findings::Findings;
use crate::format::{Format, Kind};
use crate::inspection::Inspection;
use crate::json;
use crate::limits::Limits;
use crate::magic;
use crate::progress::Reporter;
use crate::source::Source;
use crate::stream::Stream;

/// Reads a text that begins with `head`.
pub(crate) fn inspect(
    source: &dyn Source,
    head: &[u8],
    kind: &Kind,
    options: &ReadOptions,
    limits: &Limits,
    reporter: Reporter<'_>,
) -> Result<Inspection, InspectError> {
    if let Some(mismatch) = mismatch_of_compression(kind, head) {
        return Ok(Inspection::rejected(mismatch));
    }
    let compression = compression(kind, head);
    let mut stream = Stream::open(source, compression, options, limits, reporter)?;
    let extension = kind.extension.as_deref().unwrap_or_default();
    let delimiter = options
        .delimiter
        .as_deref()
        .and_then(|delimiter| delimiter.bytes().next());
    match magic::mismatch_of_text(extension, stream.magic(), stream.is_wide(), delimiter) {
        Some(_) if kind.format == Format::Text => return Ok(Inspection::default()),
        Some(mismatch) => {
            let found = Compression::of_magic(stream.magic()).filter(|_| compression.is_none());
            return Ok(Inspection::rejected(match found {
                Some(found) => suggesting(mismatch, Some(found)),
                None => mismatch,
            }));
        }
        None => {}
    }
    let mut findings = Findings::default();
    let inspection = match kind.format {
        Format::Ndjson => Some(json::inspect_lines(
            &mut stream,
            options,
            limits,
            &mut findings,
        )?),
        Format::Json => Some(json::inspect_array(
            &mut stream,
            options,
            limits,
            &mut findings,
        )?),
        format => {
            let usual = if format == Format::Tsv { b'\t' } else { b',' };
            let is_certain = format != Format::Text || options.delimiter.is_some();
            let found = csv::inspect(
                &mut stream,
                usual,
                is_certain,
                options,
                limits,
                &mut findings,
            )?;
            found.map(|found| named_by_delimiter(found, format))
        }
    };
    let Some(mut inspection) = inspection else {
        let (findings, findings_total) = findings.finish();
        return Ok(Inspection {
            findings,
            findings_total,
            ..Inspection::default()
        });
    };
    if stream.is_cut() {
        inspection.row_count = None;
    }
    let encoding = stream.encoding().filter(|name| name != "utf-8");
    if inspection.dialect.is_none() && (encoding.is_some() || compression.is_some()) {
        inspection.dialect = Some(ReadOptions {
            encoding,
            ..ReadOptions::default()
        });
    }
    if let Some(dialect) = &mut inspection.dialect {
        dialect.compression = Some(Compression::as_stated(compression));
    }
    let mut all = stream.finish();
    let dropped = inspection.findings_total - inspection.findings.len() as u64;
    all.extend(inspection.findings);
    all.append(findings);
    let (findings, total) = all.finish();
    inspection.findings = findings;
    inspection.findings_total = total + dropped;
    Ok(inspection)
}

/// How the object is compressed: as stated, as named, or as its first bytes say.
fn compression(kind: &Kind, head: &[u8]) -> Option<Compression> {
    match kind.compression {
        // What the caller calls text may be compressed whatever its name is.
        None if kind.is_stated && !kind.is_compression_stated => Compression::of_magic(head),
        known => known,
    }
}

/// Why an object that begins with `head` is not compressed as it should be.
fn mismatch_of_compression(kind: &Kind, head: &[u8]) -> Option<Finding> {
    let mismatch = magic::mismatch(kind.compression?.extension(), head)?;
    match Compression::of_magic(head) {
        None if magic::mismatch_of_text("", head, false, None).is_some() => Some(mismatch),
        found => Some(suggesting(mismatch, found)),
    }
}

/// Adds the compression that was found as a suggestion: stated as a read option, it makes the object readable without a
/// new upload.
fn suggesting(mismatch: Finding, found: Option<Compression>) -> Finding {
    let suggestion = format!("compression={}", Compression::as_stated(found));
    Finding {
        suggestion: Some(suggestion),
        ..mismatch
    }
}

/// A `.txt` that is a table is published as what it is.
fn named_by_delimiter(found: Inspection, format: Format) -> Inspection {
    let delimiter = found
        .dialect
        .as_ref()
        .and_then(|dialect| dialect.delimiter.as_deref());
    let name = if delimiter == Some("\t") {
        "tsv"
    } else {
        "csv"
    };
    Inspection {
        format: (format == Format::Text).then(|| name.to_owned()),
        ..found
    }
}
