//! Objects that are text.

use restow_api::ReadOptions;

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
    let compression = match kind.compression {
        // What the caller calls text may be compressed whatever its name is.
        None if kind.is_stated => Compression::of_magic(head),
        named => named,
    };
    let mismatch = kind
        .compression
        .and_then(|compression| magic::mismatch(compression.extension(), head));
    if let Some(mismatch) = mismatch {
        return Ok(Inspection::rejected(mismatch));
    }
    let mut stream = Stream::open(source, compression, options, limits, reporter)?;
    let extension = kind.extension.as_deref().unwrap_or_default();
    let delimiter = options
        .delimiter
        .as_deref()
        .and_then(|delimiter| delimiter.bytes().next());
    match magic::mismatch_of_text(extension, stream.magic(), stream.is_wide(), delimiter) {
        Some(_) if kind.format == Format::Text => return Ok(Inspection::default()),
        Some(mismatch) => return Ok(Inspection::rejected(mismatch)),
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
    if let (None, Some(_)) = (&inspection.dialect, &encoding) {
        inspection.dialect = Some(ReadOptions {
            encoding,
            ..ReadOptions::default()
        });
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
