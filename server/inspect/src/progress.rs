//! The progress of an inspection.

use std::ops::ControlFlow;

use crate::error::StopRequested;

/// The progress of an inspection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the object that were read. Of a Parquet file some are not: its page index and padding.
    pub bytes_done: u64,
    /// Rows that were read; those of the last few hundred KiB may be missing.
    pub rows: u64,
}

/// Receives the progress at least every 4 MiB and at the end; `Break` stops the inspection.
pub type ProgressCallback<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

/// Calls the progress callback at intervals.
pub(crate) struct Reporter<'a> {
    callback: &'a mut ProgressCallback<'a>,
    reported: u64,
}

impl<'a> Reporter<'a> {
    /// Bytes between two reports.
    const INTERVAL: u64 = 4 * 1024 * 1024;

    pub(crate) fn new(callback: &'a mut ProgressCallback<'_>) -> Self {
        Self {
            callback,
            reported: 0,
        }
    }

    /// Reports `progress` when it is [`Self::INTERVAL`] past what was last reported.
    pub(crate) fn advance(&mut self, progress: Progress) -> Result<(), StopRequested> {
        if progress.bytes_done - self.reported < Self::INTERVAL {
            return Ok(());
        }
        self.report(progress)
    }

    /// Reports `progress`.
    pub(crate) fn report(&mut self, progress: Progress) -> Result<(), StopRequested> {
        self.reported = progress.bytes_done;
        match (self.callback)(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(StopRequested),
        }
    }
}
