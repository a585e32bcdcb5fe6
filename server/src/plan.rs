//! The plan of an upload: how many parts, and how large. Pure.

use crate::error::Error;

/// Smallest part but the last that S3 takes: 5 MiB.
pub const S3_MIN_PART_SIZE: u64 = 5 * 1024 * 1024;

/// Largest part that S3 takes: 5 GiB.
pub const S3_MAX_PART_SIZE: u64 = 5 * 1024 * 1024 * 1024;

/// Most parts of one upload that S3 takes.
pub const S3_MAX_PARTS: u64 = 10_000;

/// Largest object that S3 takes: as many of the largest parts as there may be, about 48.8 TiB.
pub const S3_MAX_OBJECT_SIZE: u64 = S3_MAX_PART_SIZE * S3_MAX_PARTS;

/// What plans keep to. The defaults are S3's own limits; other stores have others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanLimits {
    /// Wanted size of a part in bytes.
    pub part_size: u64,
    /// Up to this size in bytes, inclusive, a file goes up in one part.
    pub single_part_limit: u64,
    /// Largest file in bytes.
    pub max_file_size: u64,
    /// Smallest part but the last in bytes.
    pub min_part_size: u64,
    /// Most parts.
    pub max_parts: u64,
}

impl Default for PlanLimits {
    fn default() -> Self {
        Self {
            part_size: 16 * 1024 * 1024,
            single_part_limit: 64 * 1024 * 1024,
            max_file_size: S3_MAX_OBJECT_SIZE,
            min_part_size: S3_MIN_PART_SIZE,
            max_parts: S3_MAX_PARTS,
        }
    }
}

impl PlanLimits {
    /// Whether plans can keep to all of the limits.
    ///
    /// # Errors
    /// Which limits are inconsistent, as a message.
    pub fn check(&self) -> Result<(), String> {
        if self.min_part_size == 0 {
            return Err("--min-part-size must be at least 1 byte".to_string());
        }
        if !(self.min_part_size..=S3_MAX_PART_SIZE).contains(&self.part_size) {
            return Err(format!(
                "--part-size must be between {} bytes and 5 GiB",
                self.min_part_size
            ));
        }
        if self.single_part_limit > S3_MAX_PART_SIZE {
            return Err("--single-part-limit must be at most 5 GiB".to_string());
        }
        if !(1..=S3_MAX_PARTS).contains(&self.max_parts) {
            return Err("--max-parts must be between 1 and 10,000".to_string());
        }
        if self.max_file_size == 0 {
            return Err("--max-file-size must be at least 1 byte".to_string());
        }
        Ok(())
    }

    /// Largest file in bytes that a plan can be made for.
    fn max_planned_size(&self) -> u64 {
        self.max_file_size.min(S3_MAX_PART_SIZE * self.max_parts)
    }
}

/// How a file of a known size goes up: in parts of one size, but for the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    file_size: u64,
    part_size: u64,
}

impl Plan {
    /// Plans the upload of a file of `file_size` bytes, at least 1.
    ///
    /// # Errors
    /// [`Error::FileTooLarge`].
    pub fn new(file_size: u64, limits: &PlanLimits) -> Result<Self, Error> {
        let limit = limits.max_planned_size();
        if file_size > limit {
            return Err(Error::FileTooLarge {
                limit,
                asked: file_size,
            });
        }
        if file_size <= limits.single_part_limit {
            return Ok(Self {
                file_size,
                part_size: file_size,
            });
        }
        let mut part_size = limits.part_size;
        while file_size.div_ceil(part_size) > limits.max_parts {
            part_size = (part_size * 2).min(S3_MAX_PART_SIZE);
        }
        Ok(Self {
            file_size,
            part_size: part_size.min(file_size),
        })
    }

    /// A plan as it was stored, from sizes in bytes, each at least 1.
    pub fn stored(file_size: u64, part_size: u64) -> Self {
        Self {
            file_size,
            part_size,
        }
    }

    /// Size of the file in bytes.
    pub fn file_size(&self) -> u64 {
        self.file_size
    }

    /// Size of every part but the last in bytes.
    pub fn part_size(&self) -> u64 {
        self.part_size
    }

    /// Number of parts, at least 1 and at most 10,000.
    pub fn part_count(&self) -> u32 {
        u32::try_from(self.file_size.div_ceil(self.part_size)).unwrap_or(u32::MAX)
    }

    /// Whether the file goes up in one part.
    pub fn is_single(&self) -> bool {
        self.part_count() == 1
    }

    /// Size in bytes of a part by its number from 1; `None` where the plan has no such part.
    pub fn part_length(&self, part_number: u32) -> Option<u64> {
        let before = u64::from(part_number.checked_sub(1)?) * self.part_size;
        let rest = self.file_size.checked_sub(before)?;
        (rest > 0).then(|| rest.min(self.part_size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    fn plan(file_size: u64) -> Plan {
        Plan::new(file_size, &PlanLimits::default()).unwrap()
    }

    #[test]
    fn files_up_to_limit_have_one_part() {
        assert!(plan(1).is_single());
        assert!(plan(64 * MIB).is_single());
        let above = plan(64 * MIB + 1);
        assert_eq!((above.part_count(), above.part_size()), (5, 16 * MIB));
        assert_eq!(above.part_length(4), Some(16 * MIB));
        assert_eq!(above.part_length(5), Some(1));
    }

    #[test]
    fn part_lengths_add_up_to_file_size() {
        for file_size in [
            1,
            64 * MIB + 1,
            160 * MIB,
            160 * MIB + 7,
            S3_MAX_OBJECT_SIZE,
        ] {
            let plan = plan(file_size);
            let count = plan.part_count();
            let total: u64 = (1..=count)
                .map(|number| plan.part_length(number).unwrap())
                .sum();
            assert_eq!(total, file_size);
            assert_eq!(
                (plan.part_length(0), plan.part_length(count + 1)),
                (None, None)
            );
        }
    }

    #[test]
    fn part_size_doubles_beyond_max_parts() {
        assert_eq!(plan(10_000 * 16 * MIB).part_count(), 10_000);
        let one_more = plan(10_000 * 16 * MIB + 1);
        assert_eq!(
            (one_more.part_size(), one_more.part_count()),
            (32 * MIB, 5_001)
        );
        let largest = plan(S3_MAX_OBJECT_SIZE);
        assert_eq!(
            (largest.part_size(), largest.part_count()),
            (S3_MAX_PART_SIZE, 10_000)
        );
    }

    #[test]
    fn files_above_limit_are_rejected() {
        for asked in [S3_MAX_OBJECT_SIZE + 1, u64::MAX] {
            let refused = Plan::new(asked, &PlanLimits::default()).unwrap_err();
            assert!(
                matches!(refused, Error::FileTooLarge { limit: S3_MAX_OBJECT_SIZE, asked: a } if a == asked)
            );
        }
        let limits = PlanLimits {
            max_file_size: 100,
            ..PlanLimits::default()
        };
        assert!(matches!(
            Plan::new(101, &limits),
            Err(Error::FileTooLarge { limit: 100, .. })
        ));
        assert!(Plan::new(100, &limits).is_ok());
    }

    #[test]
    fn single_part_size_is_file_size() {
        let limits = PlanLimits {
            single_part_limit: 0,
            ..PlanLimits::default()
        };
        assert_eq!(
            Plan::new(5, &limits).unwrap(),
            Plan {
                file_size: 5,
                part_size: 5
            }
        );
    }

    #[test]
    fn inconsistent_limits_are_rejected() {
        assert_eq!(PlanLimits::default().check(), Ok(()));
        for odd in [
            PlanLimits {
                part_size: MIB,
                ..PlanLimits::default()
            },
            PlanLimits {
                part_size: 6 * 1024 * MIB,
                ..PlanLimits::default()
            },
            PlanLimits {
                single_part_limit: 6 * 1024 * MIB,
                ..PlanLimits::default()
            },
            PlanLimits {
                part_size: 0,
                min_part_size: 0,
                ..PlanLimits::default()
            },
            PlanLimits {
                max_parts: 0,
                ..PlanLimits::default()
            },
            PlanLimits {
                max_file_size: 0,
                ..PlanLimits::default()
            },
        ] {
            assert!(odd.check().is_err(), "{odd:?}");
        }
    }
}
