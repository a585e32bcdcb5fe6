//! What is handed over from the thread that reads.

use crate::column::ColumnBuilder;

/// Values of some rows.
pub(crate) trait Batch: Default + Send + Sync + 'static {
    /// Bytes that its buffers take.
    fn bytes(&self) -> usize;

    /// Removes all values, and keeps the buffers if they are not larger than usual.
    fn clear(&mut self);

    /// Adds the values of the column with this index to `column`.
    fn add_to(&self, index: usize, column: &mut ColumnBuilder);
}
