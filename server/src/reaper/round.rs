//! What one round of the reaper counts, and how many rows it reads at a time.

/// Rows that are read at a time.
pub(super) const BATCH: i64 = 100;

/// Events that are read at a time: there are some for each change, and they are small.
pub(super) const EVENT_BATCH: i64 = 1_000;

/// What one round of the reaper did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaped {
    /// Jobs that expired.
    pub expired: u64,
    /// Jobs whose deadline was put off, since parts still arrive.
    pub extended: u64,
    /// Jobs of which nothing is left in S3.
    pub cleaned: u64,
    /// Whole objects of jobs that were never completed according to their rows; they are left in place.
    pub unknown: u64,
    /// What the database or S3 did not do, and is tried again.
    pub failed: u64,
    /// Versions that were retired.
    pub retired: u64,
    /// Objects of retired versions and deleted datasets that were removed.
    pub removed: u64,
    /// Uploads that no job knew of and that were removed.
    pub swept: u64,
    /// Deleted datasets that were forgotten.
    pub forgotten: u64,
    /// Rows of jobs that ended long ago and were forgotten.
    pub forgotten_jobs: u64,
}

impl Reaped {
    /// What was done, by name.
    pub(super) fn counts(&self) -> [(&'static str, u64); 10] {
        [
            ("expired", self.expired),
            ("extended", self.extended),
            ("cleaned", self.cleaned),
            ("unknown", self.unknown),
            ("failed", self.failed),
            ("retired", self.retired),
            ("removed", self.removed),
            ("swept", self.swept),
            ("forgotten", self.forgotten),
            ("forgotten_jobs", self.forgotten_jobs),
        ]
    }
}
