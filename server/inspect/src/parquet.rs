//! Parquet, from its footer and the pages of its columns.
//!
//! ```text
//! footer ── thrift            what it declares, checked before it is decoded
//! schema ── logical           fields with their levels and types, as columns
//! readers                     two threads, each reads a leaf at a time through all row groups
//!  └─ leaf                    batches of values: statistics, counts of levels, first rows
//!      ├─ pages               headers checked, pages unpacked: page_header, codec, delta
//!      └─ scalar              a value as what it stands for: civil, decimal
//! columns ── levels, record   nulls and nested values of the sample, from the levels of the leaves
//!         └─ footer_statistics  what is known of a column whose pages cannot be read
//! ```
//!
//! - A column is a field of the schema's root; a group is one column, an object or a list, with columns in it.
//! - Statistics and nulls come from every value. A column whose pages are encrypted, larger than the limits or written in a
//!   way that is not supported has those that its footer states exactly, and a finding.
//! - A page that cannot be decoded makes its column damaged, and hides no other.

mod civil;
mod codec;
mod columns;
mod decimal;
mod delta;
mod fault;
mod footer;
mod footer_statistics;
mod leaf;
mod leaf_result;
mod levels;
mod logical;
mod meter;
mod page_header;
mod pages;
mod permit;
mod readers;
mod record;
mod repair;
mod scalar;
mod schema;
mod thrift;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::file::metadata::{
    FooterTail, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    ParquetStatisticsPolicy,
};
use bytes::Bytes;
use restow_api::{FindingType, Severity};

use self::columns::Table;
use self::fault::Fault;
use self::footer::Shape;
use self::logical::Logical;
use self::readers::Readers;
use self::record::Budget;
use self::schema::{Kind, Node};
use crate::compression::UNSUSPECTED_BYTES;
use crate::error::InspectError;
use crate::findings::{Findings, finding};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::progress::{Progress, Reporter};
use crate::source::{Source, read_exact};

/// Magic number at both ends, and the length of the footer before the second.
const TAIL_BYTES: u64 = 8;
const MAGIC_BYTES: u64 = 4;

/// The decoded footer, whose row groups have as many rows as they were checked to have.
///
/// A damaged footer can state a number twice, of which two readers take another one each.
fn same_rows(metadata: ParquetMetaData, rows: u64) -> Result<ParquetMetaData, Fault> {
    let decoded = metadata
        .row_groups()
        .iter()
        .try_fold(0_i64, |sum, group| sum.checked_add(group.num_rows()));
    if decoded.and_then(|decoded| u64::try_from(decoded).ok()) == Some(rows) {
        Ok(metadata)
    } else {
        Err(Fault::damaged(
            "its row groups state their number of rows in two ways",
        ))
    }
}

/// Reads the footer and all pages.
pub(crate) fn inspect(
    source: &Arc<dyn Source>,
    limits: &Limits,
    reporter: Reporter<'_>,
) -> Result<Inspection, InspectError> {
    let mut findings = Findings::default();
    let inspection = match read_footer(&**source, limits)? {
        Ok(footer) => inspect_footer(source, &footer, limits, reporter, &mut findings)?,
        Err(fault) => {
            findings.push(unread(&fault));
            Inspection::default()
        }
    };
    let (findings, findings_total) = findings.finish();
    Ok(Inspection {
        findings,
        findings_total,
        ..inspection
    })
}

fn inspect_footer(
    source: &Arc<dyn Source>,
    footer: &Bytes,
    limits: &Limits,
    reporter: Reporter<'_>,
    findings: &mut Findings,
) -> Result<Inspection, InspectError> {
    let (shape, rows) = match footer::check(footer, limits) {
        Ok(checked) => checked,
        Err(fault) => {
            findings.push(unread(&fault));
            return Ok(Inspection::default());
        }
    };
    if i64::try_from(rows) != Ok(shape.rows) {
        let msg = format!(
            "The footer declares {} rows, but its row groups have {rows}: readers disagree on such files, so write it again.",
            shape.rows
        );
        findings.push(finding(FindingType::Damaged, Severity::Warning, msg));
    }
    let progress = Progress {
        bytes_done: footer.len() as u64 + TAIL_BYTES,
        rows,
    };
    let metadata = match shape.row_groups_fault() {
        None => decode(footer).and_then(|metadata| same_rows(metadata, rows)),
        Some(fault) => {
            findings.push(unread(&fault));
            return Ok(schema_only(&shape, footer, rows, findings));
        }
    };
    match metadata {
        Ok(metadata) => Ok(File {
            source,
            metadata,
            shape,
            rows,
            limits,
        }
        .read(progress, reporter, findings)?),
        Err(fault) => {
            findings.push(unread(&fault));
            Ok(schema_only(&shape, footer, rows, findings))
        }
    }
}

/// What the schema alone says.
fn schema_only(shape: &Shape, footer: &Bytes, rows: u64, findings: &mut Findings) -> Inspection {
    let columns = match decode(&shape.without_row_groups(footer)) {
        Ok(metadata) => {
            let fields = schema::fields(metadata.file_metadata().schema());
            fields.iter().map(Node::column).collect()
        }
        Err(fault) => {
            findings.push(unread(&fault));
            Vec::new()
        }
    };
    Inspection {
        row_count: Some(rows),
        columns,
        ..Inspection::default()
    }
}

/// Why rows and columns are not read.
fn unread(fault: &Fault) -> restow_api::Finding {
    let finding_type = match fault {
        Fault::Unsupported(_) => FindingType::UnsupportedCodec,
        Fault::Bounded(_) => FindingType::InspectionBounded,
        fault => {
            let msg = format!("The Parquet file is damaged: {fault}. Write and upload it again.");
            return finding(FindingType::Damaged, Severity::Error, msg);
        }
    };
    let msg = format!("The columns cannot be read: {fault}. The file can be committed as it is.");
    finding(finding_type, Severity::Warning, msg)
}

/// A file whose footer is decoded.
struct File<'a> {
    source: &'a Arc<dyn Source>,
    metadata: ParquetMetaData,
    shape: Shape,
    rows: u64,
    limits: &'a Limits,
}

impl File<'_> {
    fn max_long_bytes(&self) -> u64 {
        let of_size = self
            .source
            .size()
            .saturating_mul(self.limits.max_decompression_ratio);
        of_size
            .max(UNSUSPECTED_BYTES)
            .min(self.limits.max_decompressed_bytes)
    }

    fn read(
        &self,
        progress: Progress,
        mut reporter: Reporter<'_>,
        findings: &mut Findings,
    ) -> Result<Inspection, InspectError> {
        let fields = schema::fields(self.metadata.file_metadata().schema());
        report_names(&fields, self.limits, findings);
        let mut types = Vec::new();
        for field in fields.iter().take(self.limits.max_columns) {
            collect_types(field, &mut types);
        }
        let budget = Budget::new(self.limits, self.rows);
        let readers = Readers {
            source: self.source,
            metadata: &self.metadata,
            leaves: &types,
            is_encrypted: &|leaf| self.shape.encrypted.contains(&leaf),
            sample: &budget,
            max_page_bytes: self.limits.max_page_bytes as u64,
            max_long_bytes: self.max_long_bytes(),
            permits: Arc::default(),
        };
        let leaves = readers.read(progress, &mut reporter)?;
        let table = Table {
            metadata: &self.metadata,
            fields: &fields,
            leaves: &leaves,
            rows: self.rows,
        };
        let columns = table.columns(findings);
        let fitting = budget.rows();
        let max_value_bytes = self.limits.max_sample_value_bytes;
        let sample = table.sample(fitting, max_value_bytes, findings);
        if fitting < budget.max_rows {
            let msg = format!(
                "The sample has {fitting} rows instead of {}, since their values are long.",
                budget.max_rows
            );
            findings.push(finding(FindingType::SampleIncomplete, Severity::Info, msg));
        }
        Ok(Inspection {
            row_count: Some(self.rows),
            columns,
            sample,
            ..Inspection::default()
        })
    }
}

/// Reports names that occur twice, and columns beyond the limit.
fn report_names(fields: &[Node], limits: &Limits, findings: &mut Findings) {
    let mut names: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
    names.sort_unstable();
    let mut twice: Vec<&str> = names
        .windows(2)
        .filter(|pair| pair[0] == pair[1])
        .map(|pair| pair[0])
        .collect();
    twice.dedup();
    if !twice.is_empty() {
        let msg = "Several columns have the same name: give each its own, since readers that go by name find only one of them.";
        let mut finding = finding(FindingType::DuplicateNames, Severity::Warning, msg);
        finding.count = Some(twice.len() as u64);
        finding.examples = twice.iter().take(5).map(ToString::to_string).collect();
        findings.push(finding);
    }
    let (count, limit) = (fields.len(), limits.max_columns);
    if count > limit {
        let msg = format!(
            "There are {count} columns: of those behind the first {limit} only names and types are known."
        );
        let mut finding = finding(FindingType::InspectionBounded, Severity::Warning, msg);
        finding.count = Some((count - limit) as u64);
        findings.push(finding);
    }
}

/// The types of the leaves of `field`, in order.
fn collect_types(field: &Node, types: &mut Vec<Logical>) {
    if let Kind::Leaf(logical) = field.kind {
        types.push(logical);
    }
    for child in field.children() {
        collect_types(child, types);
    }
}

/// The footer, or why it cannot be read.
fn read_footer(source: &dyn Source, limits: &Limits) -> Result<Result<Bytes, Fault>, InspectError> {
    let size = source.size();
    if size < MAGIC_BYTES + TAIL_BYTES {
        return Ok(Err(Fault::damaged("it is too short")));
    }
    let tail = read_exact(source, size - TAIL_BYTES, TAIL_BYTES)?;
    let Ok(tail) = FooterTail::try_from(&*tail) else {
        let what = "it does not end with a Parquet footer and may be truncated";
        return Ok(Err(Fault::damaged(what)));
    };
    if tail.is_encrypted_footer() {
        return Ok(Err(Fault::Unsupported(
            "encryption of the footer".to_owned(),
        )));
    }
    let length = tail.metadata_length() as u64;
    if length > size - MAGIC_BYTES - TAIL_BYTES {
        return Ok(Err(Fault::damaged("it is shorter than its footer")));
    }
    let limit = limits.max_footer_bytes;
    if length > limit as u64 {
        return Ok(Err(Fault::Bounded(format!(
            "the footer has {length} bytes, more than the maximum of {limit}"
        ))));
    }
    Ok(Ok(read_exact(source, size - TAIL_BYTES - length, length)?))
}

/// Decodes a footer; without the statistics of columns, if they cannot be decoded.
fn decode(footer: &[u8]) -> Result<ParquetMetaData, Fault> {
    let options = ParquetMetaDataOptions::default()
        .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
    let without = options
        .clone()
        .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll);
    decode_with(footer, &options)
        .or_else(|_| decode_with(footer, &without))
        .or_else(|what| match repair::repaired(footer) {
            Some(footer) => decode_with(&footer, &options),
            None => Err(what),
        })
        .map_err(|what| Fault::damaged(format!("its footer is damaged: {what}")))
}

fn decode_with(footer: &[u8], options: &ParquetMetaDataOptions) -> Result<ParquetMetaData, String> {
    // The decoder has assertions that damaged footers violate, and a panic must not end the worker. It only reads
    // the bytes, so that no state is left inconsistent.
    let decode = || ParquetMetaDataReader::decode_metadata_with_options(footer, Some(options));
    match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(Ok(metadata)) => Ok(metadata),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("its numbers contradict each other".to_owned()),
    }
}
