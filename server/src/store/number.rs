//! Numbers as the databases have them.

/// What a counter or a size is to the database.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
