//! How a file is divided into parts.

use std::num::NonZeroU64;
use std::ops::Range;

use crate::error::{Error, Result};

/// Number of a part, from 1.
pub(super) type PartNumber = NonZeroU64;

/// A range of the file that is uploaded with one PUT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub number: PartNumber,
    /// Offset of its first byte in the file.
    pub offset: u64,
    /// Length in bytes.
    pub length: u64,
}

impl Part {
    /// The range of the file in bytes.
    pub fn range(self) -> Range<u64> {
        self.offset..self.offset + self.length
    }
}

/// The parts of a file: all of one size but the last, which may be shorter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    file_size: u64,
    part_size: u64,
    parts: u64,
}

impl Plan {
    /// The plan of the server; no part size means one part.
    pub fn new(file_size: NonZeroU64, part_size: Option<i64>) -> Result<Self> {
        let file_size = file_size.get();
        let size = part_size.map_or(Some(file_size), |size| {
            u64::try_from(size).ok().filter(|size| *size > 0)
        });
        let plan = size.map(|part_size| Self {
            file_size,
            part_size,
            parts: file_size.div_ceil(part_size),
        });
        plan.ok_or_else(|| Error::InvalidResponse(format!("part size {part_size:?}")))
    }

    /// The same plan, if the number of URLs is the number of parts.
    pub fn with_urls(self, urls: usize) -> Result<Self> {
        if self.parts == urls as u64 {
            return Ok(self);
        }
        Err(Error::InvalidResponse(format!(
            "{urls} URLs for {} parts",
            self.parts
        )))
    }

    /// Size of the file in bytes.
    pub fn file_size(self) -> u64 {
        self.file_size
    }

    /// Size in bytes of each part but the last.
    pub fn part_size(self) -> u64 {
        self.part_size
    }

    /// Number of parts.
    pub fn count(self) -> u64 {
        self.parts
    }

    /// All parts, in order.
    pub fn parts(self) -> impl Iterator<Item = Part> {
        (1..=self.parts)
            .filter_map(PartNumber::new)
            .filter_map(move |number| self.part(number))
    }

    /// One part; `None` if the plan has no such number.
    pub fn part(self, number: PartNumber) -> Option<Part> {
        let offset = (number.get() - 1).checked_mul(self.part_size)?;
        let length = self.file_size.checked_sub(offset)?.min(self.part_size);
        (length > 0).then_some(Part {
            number,
            offset,
            length,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use super::{Part, Plan};

    const SEVEN: NonZeroU64 = NonZeroU64::new(7).unwrap();
    const SIX: NonZeroU64 = NonZeroU64::new(6).unwrap();

    fn ranges(plan: Plan) -> Vec<(u64, u64, u64)> {
        plan.parts()
            .map(
                |Part {
                     number,
                     offset,
                     length,
                 }| (number.get(), offset, length),
            )
            .collect()
    }

    #[test]
    fn parts_cover_the_file() {
        assert_eq!(ranges(Plan::new(SEVEN, None).unwrap()), [(1, 0, 7)]);
        assert_eq!(
            ranges(Plan::new(SEVEN, Some(3)).unwrap()),
            [(1, 0, 3), (2, 3, 3), (3, 6, 1)]
        );
        assert_eq!(
            ranges(Plan::new(SIX, Some(3)).unwrap()),
            [(1, 0, 3), (2, 3, 3)]
        );
    }

    #[test]
    fn unknown_part_numbers_are_none() {
        let plan = Plan::new(SIX, Some(3)).unwrap();
        assert_eq!(plan.part(3.try_into().unwrap()), None);
        assert_eq!(plan.part(NonZeroU64::MAX), None);
    }

    #[test]
    fn plan_with_wrong_url_count_fails() {
        for (part_size, urls) in [(None, 2), (Some(3), 2), (Some(0), 1), (Some(-1), 1)] {
            assert!(
                Plan::new(SEVEN, part_size)
                    .and_then(|plan| plan.with_urls(urls))
                    .is_err()
            );
        }
    }
}
