//! The values of one leaf, from all row groups, in batches.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use ::parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use serde_json::Value;

use super::fault::Fault;
use super::levels::LevelCounts;
use super::logical::Logical;
use super::meter::Meter;
use super::pages::{Chunk, Pages};
use super::record::{Budget, Entry, Rows};
use super::scalar::{Physical, Scalar};
use crate::source::Source;
use crate::statistics::Statistics;

/// Most values, or rows of lists, that are read at once.
const BATCH: u64 = 4096;

/// Bytes that a batch of rows of lists should take.
const BATCH_BYTES: u64 = 1024 * 1024;

/// Bytes by which column chunks can be longer than old writers state.
const PADDING_BYTES: u64 = 100;

/// What is known of one leaf.
pub(super) struct Outcome {
    /// Counts of its levels, which tell where it is null; those of all rows only without a fault.
    pub(super) levels: LevelCounts,
    pub(super) statistics: Statistics,
    /// The first rows, fewer than wanted only with a fault.
    pub(super) sample: Rows,
    /// Values that should be text and are not.
    pub(super) invalid: u64,
    /// Why not all of it was read.
    pub(super) fault: Option<Fault>,
}

/// Reads one leaf.
pub(super) struct Leaf<'a> {
    pub(super) source: &'a Arc<dyn Source>,
    pub(super) metadata: &'a ParquetMetaData,
    /// Index of the leaf.
    pub(super) index: usize,
    pub(super) logical: Logical,
    pub(super) meter: Arc<Meter>,
    pub(super) budget: &'a Budget,
}

impl Leaf<'_> {
    /// Reads all row groups, until one cannot be read.
    pub(super) fn read(&self, statistics: Statistics) -> Outcome {
        let column = self
            .metadata
            .file_metadata()
            .schema_descr()
            .column(self.index);
        let mut outcome = Outcome {
            levels: LevelCounts::new(column.max_def_level(), column.max_rep_level()),
            statistics,
            sample: Rows::new(),
            invalid: 0,
            fault: None,
        };
        for group in self.metadata.row_groups() {
            // The decoders have assertions that damaged pages violate, and a panic must not end the worker. What was
            // added to the outcome before stays valid.
            let read = catch_unwind(AssertUnwindSafe(|| self.read_group(group, &mut outcome)));
            let read = read.unwrap_or_else(|_| Err(Fault::damaged("a page cannot be decoded")));
            if let Err(fault) = read {
                outcome.fault = Some(fault);
                break;
            }
        }
        outcome
    }

    fn read_group(&self, group: &RowGroupMetaData, outcome: &mut Outcome) -> Result<(), Fault> {
        let rows = u64::try_from(group.num_rows()).unwrap_or(0);
        if rows == 0 {
            return Ok(());
        }
        let chunk = self.chunk(group)?;
        let pages = Pages::new(Arc::clone(self.source), chunk, Arc::clone(&self.meter));
        let column = group.column(self.index).column_descr_ptr();
        let reader = get_column_reader(column, Box::new(pages));
        let before = outcome.levels.records();
        let mut batches = Batches {
            leaf: self,
            chunk,
            rows,
            outcome,
        };
        match reader {
            ColumnReader::BoolColumnReader(reader) => batches.read(reader),
            ColumnReader::Int32ColumnReader(reader) => batches.read(reader),
            ColumnReader::Int64ColumnReader(reader) => batches.read(reader),
            ColumnReader::Int96ColumnReader(reader) => batches.read(reader),
            ColumnReader::FloatColumnReader(reader) => batches.read(reader),
            ColumnReader::DoubleColumnReader(reader) => batches.read(reader),
            ColumnReader::ByteArrayColumnReader(reader) => batches.read(reader),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => batches.read(reader),
        }?;
        let found = outcome.levels.records() - before;
        if found == rows {
            Ok(())
        } else {
            let what = format!("its pages have {found} rows, the footer declares {rows}");
            Err(Fault::Damaged(what))
        }
    }

    /// Where the leaf lies in `group`.
    fn chunk(&self, group: &RowGroupMetaData) -> Result<Chunk, Fault> {
        let column = group
            .columns()
            .get(self.index)
            .ok_or_else(|| Fault::damaged("a row group lacks the column"))?;
        if column.file_path().is_some() {
            return Err(Fault::Unsupported("a column in another file".to_owned()));
        }
        // Some writers state 0 where there is no dictionary.
        let dictionary = column.dictionary_page_offset().filter(|offset| *offset > 0);
        let start = dictionary.map_or(column.data_page_offset(), |offset| {
            offset.min(column.data_page_offset())
        });
        let start = u64::try_from(start).ok();
        let length = u64::try_from(column.compressed_size()).ok();
        let end = start
            .zip(length)
            .and_then(|(start, length)| start.checked_add(length));
        let (Some(start), Some(end)) = (start, end.filter(|end| *end <= self.source.size())) else {
            return Err(Fault::damaged("its pages lie beyond the end of the file"));
        };
        let padding = if is_short(self.metadata.file_metadata().created_by()) {
            PADDING_BYTES
        } else {
            0
        };
        let end = (end + padding).min(self.source.size());
        Ok(Chunk {
            start,
            end,
            values: u64::try_from(column.num_values()).unwrap_or(0),
            codec: column.compression(),
            max_definition: column.column_descr().max_def_level(),
            max_repetition: column.column_descr().max_rep_level(),
        })
    }
}

/// Whether the writer left the header of the dictionary out of the size of a column chunk: parquet-mr before 1.2.9.
fn is_short(created_by: Option<&str>) -> bool {
    let Some(rest) = created_by.and_then(|writer| writer.strip_prefix("parquet-mr")) else {
        return false;
    };
    let version = rest
        .trim_start()
        .strip_prefix("version ")
        .unwrap_or_default();
    let mut numbers = version
        .split(|c: char| !c.is_ascii_digit())
        .map(str::parse::<u32>);
    let mut next = || numbers.next().and_then(Result::ok).unwrap_or(0);
    (next(), next(), next()) < (1, 2, 9)
}

/// Reads the values of one column chunk.
struct Batches<'a> {
    leaf: &'a Leaf<'a>,
    chunk: Chunk,
    rows: u64,
    outcome: &'a mut Outcome,
}

impl Batches<'_> {
    fn read<T: Physical>(&mut self, mut reader: ColumnReaderImpl<T>) -> Result<(), Fault> {
        let (mut definitions, mut repetitions, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let meter = &self.leaf.meter;
        // Values of the present page that are still to come.
        let mut left = 0;
        loop {
            definitions.clear();
            repetitions.clear();
            values.clear();
            meter.begin();
            let (records, _, levels) = reader.read_records(
                self.batch(left),
                Some(&mut definitions),
                Some(&mut repetitions),
                &mut values,
            )?;
            if records == 0 && levels == 0 {
                return Ok(());
            }
            left = (left + meter.take_page_values()).saturating_sub(levels as u64);
            self.add::<T>(levels, &definitions, &repetitions, &values)?;
            meter.add_values(levels as u64)?;
        }
    }

    /// How many rows to read when `left` values of a page are still to come.
    ///
    /// A batch ends with its page, so that no more than one page is in memory, and begins a page with a single row, since only
    /// then the size of the page is known. Rows of lists can go beyond a page, and are as many as take few bytes.
    fn batch(&self, left: u64) -> usize {
        let batch = if self.chunk.max_repetition == 0 {
            left.clamp(1, BATCH)
        } else {
            let row_bytes = (self.chunk.end - self.chunk.start) / self.rows;
            (BATCH_BYTES / row_bytes.max(1))
                .clamp(1, BATCH)
                .min(left.max(1))
        };
        usize::try_from(batch).unwrap_or(1)
    }

    /// Adds a batch. Without levels every value is present.
    fn add<T: Physical>(
        &mut self,
        levels: usize,
        definitions: &[i16],
        repetitions: &[i16],
        values: &[T::T],
    ) -> Result<(), Fault> {
        // A batch has whole rows, so that the last row of the sample gets no further items.
        if self.outcome.sample.len() < self.leaf.budget.max_rows {
            let sample = Sampler {
                leaf: self.leaf,
                max_definition: self.chunk.max_definition,
                rows: &mut self.outcome.sample,
            };
            sample.add::<T>(levels, definitions, repetitions, values);
        }
        let outcome = &mut *self.outcome;
        outcome.levels.add(levels, definitions, repetitions);
        for value in values {
            let scalar = T::scalar(value, self.leaf.logical);
            self.leaf.meter.load_value(scalar.bytes())?;
            let is_sound = scalar.add_to(&mut outcome.statistics);
            outcome.invalid += u64::from(!is_sound);
        }
        Ok(())
    }
}

/// Keeps the first rows of a leaf.
struct Sampler<'a> {
    leaf: &'a Leaf<'a>,
    max_definition: i16,
    rows: &'a mut Rows,
}

impl Sampler<'_> {
    fn add<T: Physical>(
        self,
        levels: usize,
        definitions: &[i16],
        repetitions: &[i16],
        values: &[T::T],
    ) {
        let budget = self.leaf.budget;
        let mut values = values.iter();
        for index in 0..levels {
            let definition = definitions
                .get(index)
                .copied()
                .unwrap_or(self.max_definition);
            let repetition = repetitions.get(index).copied().unwrap_or(0);
            if repetition == 0 || self.rows.is_empty() {
                if self.rows.len() == budget.max_rows {
                    return;
                }
                self.rows.push(Vec::new());
            }
            let present = if definition == self.max_definition {
                values.next()
            } else {
                None
            };
            let row = self.rows.len() - 1;
            // Each entry takes at least two bytes in the value, which is cut at this length.
            if self.rows[row].len() > budget.max_value_bytes {
                continue;
            }
            let scalar = present.map(|value| T::scalar(value, self.leaf.logical));
            let value = self.value(row, scalar.as_ref());
            self.rows[row].push(Entry {
                definition,
                repetition,
                value,
            });
        }
    }

    fn value(&self, row: usize, scalar: Option<&Scalar<'_>>) -> Value {
        let budget = self.leaf.budget;
        let value = scalar.map_or(Value::Null, |scalar| {
            scalar.json(self.leaf.logical, budget.max_value_bytes)
        });
        let bytes = if value.is_null() {
            0
        } else {
            value.to_string().len()
        };
        if budget.admits(row, bytes) {
            value
        } else {
            Value::Null
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_writers_state_short_chunks() {
        assert!(is_short(Some("parquet-mr")));
        assert!(is_short(Some("parquet-mr version 1.2.8 (build 1)")));
        assert!(!is_short(Some("parquet-mr version 1.12.0-2018 (build 1)")));
        assert!(!is_short(Some("parquet-cpp-arrow version 1.0.0")));
        assert!(!is_short(None));
    }
}
