//! What is known of one leaf after reading.

use restow_api::Column;

use super::fault::Fault;
use super::levels::LevelCounts;
use super::record::Rows;

/// What is known of one leaf after reading.
pub(super) struct LeafResult {
    /// Counts of all its levels; none with a fault.
    pub(super) levels: Option<LevelCounts>,
    /// The leaf as a column, of which only the statistics count.
    pub(super) column: Column,
    pub(super) sample: Rows,
    /// Values that should be text and are not.
    pub(super) invalid: u64,
    /// Why not all of it was read.
    pub(super) fault: Option<Fault>,
}
