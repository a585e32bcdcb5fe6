//! What the delta encodings of byte arrays claim.
//!
//! Their decoder allocates by the number of lengths that a page declares, and every value of `DELTA_BYTE_ARRAY` takes
//! a prefix of the one before it, so that a few bytes can expand to gigabytes. Both are added up here beforehand.

/// Most mini blocks of a block that any writer makes is 4; more than this is damage.
const MAX_MINI_BLOCKS: u64 = 512;

/// Bytes of the values in a page of `DELTA_LENGTH_BYTE_ARRAY` with at most `max_values`; none where it is damaged.
pub(super) fn suffix_bytes(data: &[u8], max_values: u64) -> Option<u64> {
    Some(Lengths::read(data, max_values)?.sum)
}

/// Bytes of the values in a page of `DELTA_BYTE_ARRAY` with at most `max_values`; none where it is damaged.
pub(super) fn value_bytes(data: &[u8], max_values: u64) -> Option<u64> {
    let prefixes = Lengths::read(data, max_values)?;
    let suffixes = Lengths::read(data.get(prefixes.end..)?, max_values)?;
    prefixes.sum.checked_add(suffixes.sum)
}

/// Numbers in `DELTA_BINARY_PACKED` that are lengths.
struct Lengths {
    sum: u64,
    /// Where the numbers end.
    end: usize,
}

impl Lengths {
    /// Reads at most `max_values` lengths; none where they are damaged, or one is negative.
    fn read(data: &[u8], max_values: u64) -> Option<Self> {
        let mut bits = Bits { data, at: 0 };
        let block_values = bits.varint()?;
        let mini_blocks = bits.varint()?;
        let count = bits.varint()?;
        if count > max_values || mini_blocks == 0 || mini_blocks > MAX_MINI_BLOCKS {
            return None;
        }
        let per_mini_block = block_values / mini_blocks;
        if per_mini_block == 0 || !per_mini_block.is_multiple_of(32) {
            return None;
        }
        let mut length = bits.zigzag()?;
        let mut sum = u64::from(u32::try_from(length).ok()?);
        let mut left = count.saturating_sub(1);
        if count == 0 {
            sum = 0;
        }
        while left > 0 {
            let min_delta = bits.zigzag()?;
            let widths = bits.bytes(usize::try_from(mini_blocks).ok()?)?;
            for width in widths {
                if left == 0 {
                    break;
                }
                let packed = bits.bytes(packed_bytes(per_mini_block, *width)?)?;
                for index in 0..per_mini_block.min(left) {
                    let delta = unpacked(packed, index, *width)?;
                    // The decoder wraps at 32 bits as well.
                    length = wrapped(length.wrapping_add(min_delta).wrapping_add(delta));
                    sum = sum.checked_add(u32::try_from(length).ok()?.into())?;
                }
                left = left.saturating_sub(per_mini_block);
            }
        }
        Some(Self { sum, end: bits.at })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "lengths have 32 bits and wrap"
)]
fn wrapped(length: i64) -> i64 {
    i64::from(length as i32)
}

fn packed_bytes(values: u64, width: u8) -> Option<usize> {
    if width > 32 {
        return None;
    }
    usize::try_from(values.checked_mul(width.into())? / 8).ok()
}

/// The number of `width` bits at `index`.
fn unpacked(packed: &[u8], index: u64, width: u8) -> Option<i64> {
    let start = index * u64::from(width);
    let first = usize::try_from(start / 8).ok()?;
    let mut word = [0; 8];
    let available = packed.get(first..)?;
    let length = available.len().min(word.len());
    word[..length].copy_from_slice(&available[..length]);
    let mask = (1_u64 << width) - 1;
    i64::try_from(u64::from_le_bytes(word) >> (start % 8) & mask).ok()
}

struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let bytes = self.data.get(self.at..)?.get(..count)?;
        self.at += count;
        Some(bytes)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.bytes(1)?[0];
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let zigzag = self.varint()?;
        let magnitude = i64::try_from(zigzag >> 1).ok()?;
        Some(if zigzag & 1 == 0 {
            magnitude
        } else {
            -magnitude - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Block of 128 values in 4 mini blocks, `count` values, the first of which is `first`.
    fn header(count: u8, first: u8) -> Vec<u8> {
        vec![0x80, 0x01, 4, count, first << 1]
    }

    #[test]
    fn lengths_are_added_up() {
        assert_eq!(Lengths::read(&header(1, 5), 1).unwrap().sum, 5);
        assert!(Lengths::read(&header(2, 5), 1).is_none());
        // Three values 5, 6, 7: a delta of 1 each, in no bits at all.
        let constant = [header(3, 5), vec![2, 0, 0, 0, 0]].concat();
        let lengths = Lengths::read(&constant, 3).unwrap();
        assert_eq!((lengths.sum, lengths.end), (18, constant.len()));
        // Deltas 1 and 3 of two bits each.
        let packed = [header(3, 5), vec![0, 2, 0, 0, 0, 0b1101], vec![0; 7]].concat();
        assert_eq!(Lengths::read(&packed, 3).unwrap().sum, 5 + 6 + 9);
        let negative = [header(2, 0), vec![1, 0, 0, 0, 0]].concat();
        assert!(Lengths::read(&negative, 2).is_none());
    }

    #[test]
    fn repeated_prefixes_are_added_up() {
        let prefixes = [header(100, 50), vec![0, 0, 0, 0, 0]].concat();
        let suffixes = [header(100, 1), vec![0, 0, 0, 0, 0]].concat();
        let page = [prefixes, suffixes].concat();
        assert_eq!(value_bytes(&page, 100), Some(5_100));
        assert_eq!(value_bytes(&page, 99), None);
    }
}
