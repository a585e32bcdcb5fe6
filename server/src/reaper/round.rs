//! What one round of the reaper counts, and how many rows it reads at a time.

/// Rows that are read at a time.
pub(super) const BATCH: i64 = 100;

/// What one round of the reaper did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaped {
    /// Jobs that expired.
    pub expired: u64,
    /// Jobs whose deadline was extended, since parts still arrive.
    pub extended: u64,
    /// Jobs of which nothing is left in S3.
    pub cleaned: u64,
    /// Requests to S3 that failed and are retried.
    pub failed: u64,
    /// Versions that were retired.
    pub retired: u64,
    /// Objects of retired versions and deleted datasets that were removed.
    pub removed: u64,
    /// Uploads that no job knew of and that were removed.
    pub swept: u64,
    /// Deleted datasets whose rows were removed.
    pub forgotten: u64,
}
