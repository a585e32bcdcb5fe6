//! The leaves of a file, read by several threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use ::parquet::file::metadata::ParquetMetaData;
use restow_api::{Column, ColumnType};

use super::fault::Fault;
use super::footer_statistics;
use super::leaf::Leaf;
use super::leaf_result::LeafResult;
use super::logical::Logical;
use super::meter::{Meter, Report};
use super::permit::Permits;
use super::record::{Budget as SampleBudget, Rows};
use crate::error::InspectError;
use crate::progress::{Progress, Reporter};
use crate::source::Source;
use crate::statistics::{Budget, Statistics};

/// Leaves that are read at a time; each holds at most its pages.
const THREADS: usize = 2;

/// What all threads share.
pub(super) struct Readers<'a> {
    pub(super) source: &'a Arc<dyn Source>,
    pub(super) metadata: &'a ParquetMetaData,
    /// Types of the leaves to read, from the first.
    pub(super) leaves: &'a [Logical],
    /// Whether the pages of a leaf are encrypted.
    pub(super) is_encrypted: &'a (dyn Fn(usize) -> bool + Sync),
    pub(super) sample: &'a SampleBudget,
    pub(super) max_page_bytes: u64,
    /// Most bytes that the long values of a leaf may take.
    pub(super) max_long_bytes: u64,
    /// For the pages that only one thread may hold.
    pub(super) permits: Arc<Permits>,
}

impl Readers<'_> {
    /// Reads all leaves. `progress` is what was read before.
    pub(super) fn read(
        &self,
        mut progress: Progress,
        reporter: &mut Reporter<'_>,
    ) -> Result<Vec<LeafResult>, InspectError> {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let next = AtomicUsize::new(0);
        let mut results: Vec<Option<LeafResult>> = Vec::new();
        results.resize_with(self.leaves.len(), || None);
        thread::scope(|scope| {
            let (sender, receiver) = channel();
            for _ in 0..THREADS.min(self.leaves.len()) {
                let (sender, is_stopped, next) = (sender.clone(), &is_stopped, &next);
                scope.spawn(move || self.run(next, &sender, is_stopped));
            }
            drop(sender);
            let collected = collect(&receiver, &mut progress, reporter, &mut results);
            // The threads end when they report the next time.
            is_stopped.store(collected.is_err(), Ordering::Relaxed);
            collected
        })?;
        reporter.report(progress)?;
        Ok(results.into_iter().flatten().collect())
    }

    /// Reads leaves in turn, until none is left.
    fn run(&self, next: &AtomicUsize, reports: &Sender<Report>, is_stopped: &Arc<AtomicBool>) {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(logical) = self.leaves.get(index) else {
                return;
            };
            let meter = Meter::new(
                self.max_page_bytes,
                self.max_long_bytes,
                Arc::clone(&self.permits),
                reports.clone(),
                Arc::clone(is_stopped),
            );
            let result = self.leaf(index, *logical, meter);
            let ends = matches!(result.fault, Some(Fault::Source(_) | Fault::Stopped));
            if reports.send(Report::Leaf(index, Box::new(result))).is_err() || ends {
                return;
            }
        }
    }

    fn leaf(&self, index: usize, logical: Logical, meter: Meter) -> LeafResult {
        let mut column = Column::new("", logical.column_type());
        if (self.is_encrypted)(index) {
            let fault = Some(Fault::Unsupported("encryption".to_owned()));
            footer_statistics::set_extremes(&mut column, self.metadata, index, logical);
            return LeafResult {
                levels: None,
                column,
                sample: Rows::new(),
                invalid: 0,
                fault,
            };
        }
        let leaf = Leaf {
            source: self.source,
            metadata: self.metadata,
            index,
            logical,
            meter: Arc::new(meter),
            budget: self.sample,
        };
        let outcome = leaf.read(Statistics::new(Budget::of_column(index)));
        let is_whole = outcome.fault.is_none();
        if is_whole {
            outcome.statistics.finish_into(&mut column);
            widen(&mut column, logical);
        } else {
            footer_statistics::set_extremes(&mut column, self.metadata, index, logical);
        }
        LeafResult {
            levels: is_whole.then_some(outcome.levels),
            column,
            sample: outcome.sample,
            invalid: outcome.invalid,
            fault: outcome.fault,
        }
    }
}

/// An integer has at most 64 bits with sign; a column with greater ones is of decimals.
fn widen(column: &mut Column, logical: Logical) {
    let is_unsigned = matches!(
        logical,
        Logical::Integer {
            bits: 64,
            is_signed: false
        }
    );
    let greatest = column
        .max
        .as_ref()
        .and_then(|max| max.as_str()?.parse::<u64>().ok());
    if is_unsigned && greatest.is_some_and(|greatest| i64::try_from(greatest).is_err()) {
        column.column_type = ColumnType::Decimal;
    }
}

/// Receives what the threads report, until all have ended.
fn collect(
    receiver: &Receiver<Report>,
    progress: &mut Progress,
    reporter: &mut Reporter<'_>,
    results: &mut [Option<LeafResult>],
) -> Result<(), InspectError> {
    for report in receiver {
        match report {
            Report::Bytes(0) => reporter.report(*progress)?,
            Report::Bytes(bytes) => {
                progress.bytes_done += bytes;
                reporter.advance(*progress)?;
            }
            Report::Leaf(index, mut result) => match result.fault.take() {
                Some(Fault::Source(error)) => return Err(InspectError::Read(error)),
                Some(Fault::Stopped) => return Err(InspectError::Stopped),
                fault => {
                    result.fault = fault;
                    results[index] = Some(*result);
                }
            },
        }
    }
    Ok(())
}
