//! The columns and the sample, from the schema and what was read of the leaves.

use ::parquet::file::metadata::ParquetMetaData;
use restow_api::{Column, Finding, FindingType, Severity};
use serde_json::Value;

use super::fault::Fault;
use super::footer_statistics;
use super::leaf_result::LeafResult;
use super::record;
use super::schema::{Kind, Node};
use crate::findings::{Findings, finding};
use crate::sample::bounded;

/// A file of which the leaves were read, those of the first columns.
pub(super) struct Table<'a> {
    pub(super) metadata: &'a ParquetMetaData,
    pub(super) fields: &'a [Node],
    pub(super) leaves: &'a [LeafResult],
    pub(super) rows: u64,
}

impl Table<'_> {
    /// The columns with their statistics, and what is to be said about each.
    pub(super) fn columns(&self, findings: &mut Findings) -> Vec<Column> {
        let column = |field: &Node| {
            let mut column = field.column();
            if self.is_read(field) {
                self.fill(&mut column, field);
                self.judge(&column, field, findings);
            } else if self.rows == 0 {
                column.nulls = Some(0);
            }
            column
        };
        self.fields.iter().map(column).collect()
    }

    /// Whether the field is one of those that are read.
    fn is_read(&self, field: &Node) -> bool {
        field.first_leaf + field.leaves() <= self.leaves.len()
    }

    fn fill(&self, column: &mut Column, node: &Node) {
        column.nulls = self.nulls(node);
        for (child, field) in column.fields.iter_mut().zip(node.children()) {
            self.fill(child, field);
        }
        if let (Kind::Leaf(_), Some(leaf)) = (&node.kind, self.leaves.get(node.first_leaf)) {
            let read = leaf.column.clone();
            *column = Column {
                name: std::mem::take(&mut column.name),
                data_type: column.data_type.take(),
                nullable: column.nullable,
                nulls: column.nulls,
                ..read
            };
        }
    }

    /// How often `node` is null, from the levels of any leaf in it, else from the footer.
    fn nulls(&self, node: &Node) -> Option<u64> {
        if self.rows == 0 || !node.is_nullable {
            return Some(0);
        }
        let mut leaves = node.first_leaf..node.first_leaf + node.leaves();
        let levels = leaves
            .clone()
            .find_map(|leaf| self.leaves.get(leaf)?.levels.as_ref());
        if let Some(levels) = levels {
            return Some(levels.nulls(node));
        }
        let schema = self.metadata.file_metadata().schema_descr();
        leaves.find_map(|leaf| {
            let nulls = footer_statistics::nulls(self.metadata, leaf)?;
            // The number is of everything that is null or empty on the way to the leaf: of this field alone, if nothing
            // else can be.
            let is_only = schema.column(leaf).max_def_level() == 1 && node.definition == 1;
            // A damaged footer may state more than there are rows.
            (nulls == 0 || (is_only && nulls <= self.rows)).then_some(nulls)
        })
    }

    /// Adds what is to be said about a column that was read.
    fn judge(&self, column: &Column, field: &Node, findings: &mut Findings) {
        let schema = self.metadata.file_metadata().schema_descr();
        for leaf in field.first_leaf..field.first_leaf + field.leaves() {
            let result = &self.leaves[leaf];
            let path = schema.column(leaf).path().string();
            if let Some(fault) = &result.fault {
                findings.push(about(column, fault_finding(&path, fault)));
            }
            if result.invalid > 0 {
                let msg = format!(
                    "Column \"{path}\" has {} values that are not valid UTF-8: they are null in the sample and missing in its statistics. Write the text in UTF-8.",
                    result.invalid
                );
                let mut finding = finding(FindingType::InvalidEncoding, Severity::Warning, msg);
                finding.count = Some(result.invalid);
                findings.push(about(column, finding));
            }
        }
        if column.nulls.is_none() {
            let msg = format!(
                "Column \"{}\" has an unknown number of nulls: its pages are not read, and the footer does not have it. Write the file with statistics.",
                column.name
            );
            let finding = finding(FindingType::UnknownNulls, Severity::Warning, msg);
            findings.push(about(column, finding));
        }
    }

    /// At most `max_rows` first rows. A column that cannot be read is null in them.
    pub(super) fn sample(
        &self,
        max_rows: usize,
        max_value_bytes: usize,
        findings: &mut Findings,
    ) -> Vec<Vec<Value>> {
        let longest = self.leaves.iter().map(|leaf| leaf.sample.len()).max();
        let count = max_rows.min(longest.unwrap_or(0));
        let mut rows = vec![Vec::with_capacity(self.fields.len()); count];
        for field in self.fields {
            let mut missing = 0_u64;
            for (index, row) in rows.iter_mut().enumerate() {
                let value = self.value(field, index);
                missing += u64::from(value.is_none());
                row.push(value.map_or(Value::Null, |value| bounded(value, max_value_bytes)));
            }
            if self.is_read(field) && (missing > 0 || (count == 0 && self.has_fault(field))) {
                let name = &field.name;
                let msg = format!(
                    "Column \"{name}\" lacks values in the sample, since it cannot be read."
                );
                let mut finding = finding(FindingType::SampleIncomplete, Severity::Warning, msg);
                finding.column = Some(name.clone());
                finding.count = (missing > 0).then_some(missing);
                findings.push(finding);
            }
        }
        rows
    }

    fn has_fault(&self, field: &Node) -> bool {
        self.leaves[field.first_leaf..field.first_leaf + field.leaves()]
            .iter()
            .any(|leaf| leaf.fault.is_some())
    }

    /// The value of `field` in a row; none where it was not read.
    fn value(&self, field: &Node, row: usize) -> Option<Value> {
        let leaves = self
            .leaves
            .get(field.first_leaf..field.first_leaf + field.leaves())?;
        let entries = leaves
            .iter()
            .map(|leaf| leaf.sample.get(row).map(Vec::as_slice));
        record::value(field, &entries.collect::<Vec<_>>())
    }
}

fn about(column: &Column, mut finding: Finding) -> Finding {
    finding.column = Some(column.name.clone());
    finding
}

fn fault_finding(path: &str, fault: &Fault) -> Finding {
    let (finding_type, severity, rest) = match fault {
        Fault::Unsupported(_) => (
            FindingType::UnsupportedCodec,
            Severity::Warning,
            "its statistics are those of the footer. Write it with another codec or encoding to have it read",
        ),
        Fault::Bounded(_) => (
            FindingType::InspectionBounded,
            Severity::Warning,
            "its statistics are those of the footer. Write it in smaller pages or with shorter values to have it read",
        ),
        Fault::Damaged(_) | Fault::Source(_) | Fault::Stopped => (
            FindingType::Damaged,
            Severity::Error,
            "write the file again and upload it",
        ),
    };
    let msg = format!("Column \"{path}\" cannot be read: {fault}; {rest}.");
    finding(finding_type, severity, msg)
}
