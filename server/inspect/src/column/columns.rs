//! The columns of a table, filled by two threads.
//!
//! The thread that reads collects rows in batches and hands them over; another one adds their values to the columns, one column
//! after the other. Where that takes longer than the reading, the thread that reads helps. Every column gets its values in the order of
//! the file, whatever the timing, so that the results are those of one thread.
//!
//! An object of a single batch is not worth a thread.

mod batch;
mod queue;

use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

pub(crate) use self::batch::Batch;
use self::queue::Queue;
use super::ColumnBuilder;

/// The columns of a table. Values come in batches.
pub(crate) struct Columns<B: Batch> {
    queue: Arc<Queue<B>>,
    /// None before the first full batch.
    worker: Option<JoinHandle<()>>,
    /// Columns that the next batch is the first to have.
    new: Vec<ColumnBuilder>,
    count: usize,
}

impl<B: Batch> Columns<B> {
    pub(crate) fn new() -> Self {
        Self {
            queue: Arc::new(Queue::new()),
            worker: None,
            new: Vec::new(),
            count: 0,
        }
    }

    /// Adds a column, which batches from now on have.
    pub(crate) fn add(&mut self, column: ColumnBuilder) {
        self.new.push(column);
        self.count += 1;
    }

    /// Number of columns.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Takes a batch over, and waits while too many wait already; returns an empty one for the next rows.
    pub(crate) fn push(&mut self, batch: B) -> B {
        if self.worker.is_none() {
            let queue = Arc::clone(&self.queue);
            let worker = Builder::new().name("inspect-columns".to_owned());
            // Without a second thread this one does all of it.
            self.worker = worker.spawn(move || queue.work()).ok();
        }
        self.hand_over(batch);
        self.queue.spare()
    }

    fn hand_over(&mut self, batch: B) {
        if self.count == 0 {
            return;
        }
        let new = std::mem::take(&mut self.new);
        if !self.queue.push(batch, new) {
            self.stop();
        }
    }

    /// The columns in their order, with the values of all batches and of the last one.
    pub(crate) fn finish(mut self, last: B) -> Vec<ColumnBuilder> {
        self.hand_over(last);
        if !self.queue.finish() {
            self.stop();
        }
        self.queue.columns()
    }

    /// Ends the other thread, and panics if it did.
    fn stop(&mut self) {
        self.queue.close();
        if let Some(Err(panic)) = self.worker.take().map(JoinHandle::join)
            && !std::thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

impl<B: Batch> Drop for Columns<B> {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests;
