//! How much the statistics of a column may keep.

/// Columns, from the first, whose statistics keep as much as is useful.
const WIDE_COLUMNS: usize = 256;

/// Columns, from the first, whose statistics keep more than the least.
const MEDIUM_COLUMNS: usize = 1024;

/// What the statistics of one column may keep: about 90 KiB for each of the first columns, 7 KiB for each of the next, and
/// 2 KiB for each of the others, so that ten thousand columns take less than 50 MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Values that are counted one by one: up to so many distinct ones, their number is exact.
    pub(super) values: usize,
    /// Bytes of the texts of these values.
    pub(super) text_bytes: usize,
    /// Numbers that are kept for the histogram.
    pub(super) numbers: usize,
    /// Binary logarithm of the registers that estimate the number of distinct values.
    pub(super) lg_registers: u8,
}

impl Budget {
    /// The budget of the column with this index in its file.
    pub(crate) fn of_column(index: usize) -> Self {
        if index < WIDE_COLUMNS {
            Self {
                values: 1000,
                text_bytes: 16 * 1024,
                numbers: 2048,
                lg_registers: 12,
            }
        } else if index < MEDIUM_COLUMNS {
            Self {
                values: 50,
                text_bytes: 1024,
                numbers: 128,
                lg_registers: 9,
            }
        } else {
            Self {
                values: 16,
                text_bytes: 256,
                numbers: 48,
                lg_registers: 8,
            }
        }
    }
}
