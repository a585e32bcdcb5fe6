//! MD5 of parts, several at a time.
//!
//! One MD5 cannot be computed faster than its steps follow each other, but several can be computed side by side:
//! the compiler turns the arrays below into the vector instructions that every x86-64 and aarch64 machine has.
//! Four parts take less than half the time that one after the other would.

use std::io::{self, Read};

use md5::{Digest as _, Md5};

/// How many digests are computed side by side.
pub(crate) const LANES: usize = 4;

/// Bytes of a block of MD5 (RFC 1321, section 3.4).
const BLOCK: usize = 64;

/// A block of MD5.
type Block = [u8; BLOCK];

/// Bytes of each part that are read at once: those of all lanes stay in a processor's cache.
const CHUNK: usize = 64 * 1024;

/// An MD5.
pub(crate) type Digest = [u8; 16];

/// One word of each lane.
type Words = [u32; LANES];

/// MD5 of the first `length` bytes of a reader.
///
/// # Errors
///
/// Those of the reader, and `UnexpectedEof` if it has fewer bytes.
pub(crate) fn md5(mut reader: impl Read, length: u64) -> io::Result<Digest> {
    let mut digest = Md5::new();
    let mut buffer = vec![0; CHUNK];
    let mut left = length;
    while left > 0 {
        let chunk = &mut buffer[..chunk_of(left)];
        reader.read_exact(chunk)?;
        digest.update(&*chunk);
        left -= chunk.len() as u64;
    }
    Ok(digest.finalize().into())
}

/// MD5 of bytes in memory.
pub(crate) fn md5_of_bytes(bytes: &[u8]) -> Digest {
    Md5::digest(bytes).into()
}

/// MD5s of the first `length` bytes of several readers.
///
/// # Errors
///
/// Those of the readers, and `UnexpectedEof` if one has fewer bytes.
pub(crate) fn md5_lanes<R: Read>(
    mut readers: [R; LANES],
    length: u64,
) -> io::Result<[Digest; LANES]> {
    let mut buffers = vec![0; LANES * CHUNK];
    let mut lanes = Lanes::default();
    let mut left = length;
    loop {
        let size = chunk_of(left);
        for (reader, buffer) in readers.iter_mut().zip(buffers.chunks_exact_mut(CHUNK)) {
            reader.read_exact(&mut buffer[..size])?;
        }
        left -= size as u64;
        let pieces: [_; LANES] =
            std::array::from_fn(|lane| buffers[lane * CHUNK..][..size].as_chunks::<BLOCK>());
        lanes.update(pieces.map(|(blocks, _)| blocks));
        if left == 0 {
            return Ok(lanes.finish(length, pieces.map(|(_, tail)| tail)));
        }
    }
}

fn chunk_of(left: u64) -> usize {
    usize::try_from(left).unwrap_or(CHUNK).min(CHUNK)
}

/// The states of the digests, word by word (RFC 1321, section 3.3).
struct Lanes([Words; 4]);

impl Default for Lanes {
    fn default() -> Self {
        Self([0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476].map(|word| [word; LANES]))
    }
}

impl Lanes {
    /// Adds whole blocks, equally many to each lane.
    fn update(&mut self, [first, second, third, fourth]: [&[Block]; LANES]) {
        for (((first, second), third), fourth) in first.iter().zip(second).zip(third).zip(fourth) {
            self.compress([first, second, third, fourth]);
        }
    }

    /// Adds less than a block to each lane, and the padding (RFC 1321, sections 3.1 and 3.2).
    fn finish(mut self, length: u64, tails: [&[u8]; LANES]) -> [Digest; LANES] {
        let blocks = if tails[0].len() < BLOCK - 8 { 1 } else { 2 };
        let padded = tails.map(|tail| {
            let mut end = [[0; BLOCK]; 2];
            end[0][..tail.len()].copy_from_slice(tail);
            end[0][tail.len()] = 0x80;
            end[blocks - 1][BLOCK - 8..].copy_from_slice(&(length.wrapping_mul(8)).to_le_bytes());
            end
        });
        self.update(padded.each_ref().map(|end| &end[..blocks]));
        std::array::from_fn(|lane| {
            let mut digest = [0; 16];
            for (bytes, words) in digest.chunks_exact_mut(4).zip(&self.0) {
                bytes.copy_from_slice(&words[lane].to_le_bytes());
            }
            digest
        })
    }

    /// One block of each lane: 64 steps, all of them unrolled (RFC 1321, section 3.4).
    fn compress(&mut self, blocks: [&Block; LANES]) {
        let message = message(blocks);
        let [mut a, mut b, mut c, mut d] = self.0;
        macro_rules! steps {
            ($($step:literal)*) => {$({
                const ROUND: usize = $step / 16;
                const WORD: usize = match ROUND {
                    0 => $step,
                    1 => (5 * $step + 1) % 16,
                    2 => (3 * $step + 5) % 16,
                    _ => (7 * $step) % 16,
                };
                let next = step::<ROUND>([a, b, c, d], message[WORD], SINES[$step], SHIFTS[ROUND][$step % 4]);
                (a, d, c, b) = (d, c, b, next);
            })*};
        }
        steps!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
        steps!(16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31);
        steps!(32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47);
        steps!(48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63);
        for (state, words) in self.0.iter_mut().zip([a, b, c, d]) {
            for (sum, word) in state.iter_mut().zip(words) {
                *sum = sum.wrapping_add(word);
            }
        }
    }
}

/// The words of a block of each lane, the lanes side by side. By rows of four words, since the compiler knows how to
/// transpose such squares.
#[inline(always)]
#[allow(clippy::inline_always, reason = "see `step`")]
fn message(blocks: [&Block; LANES]) -> [Words; 16] {
    let mut message = [[0; LANES]; 16];
    for quarter in 0..4 {
        let [first, second, third, fourth] = blocks.map(|block| row(block.as_chunks().0[quarter]));
        for column in 0..4 {
            message[4 * quarter + column] =
                [first[column], second[column], third[column], fourth[column]];
        }
    }
    message
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "see `step`")]
fn row(bytes: [u8; 16]) -> [u32; 4] {
    let words = bytes.as_chunks().0;
    [words[0], words[1], words[2], words[3]].map(u32::from_le_bytes)
}

#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "a call between steps would keep the lanes out of registers"
)]
fn step<const ROUND: usize>([a, b, c, d]: [Words; 4], word: Words, sine: u32, shift: u32) -> Words {
    std::array::from_fn(|lane| {
        let (b, c, d) = (b[lane], c[lane], d[lane]);
        let mixed = match ROUND {
            0 => d ^ (b & (c ^ d)),
            1 => c ^ (d & (b ^ c)),
            2 => b ^ c ^ d,
            _ => c ^ (b | !d),
        };
        let sum = a[lane]
            .wrapping_add(mixed)
            .wrapping_add(sine)
            .wrapping_add(word[lane]);
        b.wrapping_add(sum.rotate_left(shift))
    })
}

/// Rotations of the four rounds, each four in turn (RFC 1321, section 3.4).
const SHIFTS: [[u32; 4]; 4] = [
    [7, 12, 17, 22],
    [5, 9, 14, 20],
    [4, 11, 16, 23],
    [6, 10, 15, 21],
];

/// 2³² times the absolute sine of 1 to 64 radians, cut to an integer (RFC 1321, section 3.4).
#[rustfmt::skip]
const SINES: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];

#[cfg(test)]
mod tests {
    use super::{CHUNK, LANES, md5, md5_lanes};

    fn content(lane: usize, length: usize) -> Vec<u8> {
        (0..length)
            .map(|index| (((index * 31) >> 3) ^ index ^ (lane * 77)).to_le_bytes()[0])
            .collect()
    }

    #[test]
    fn lanes_equal_single_digests() {
        let around = |length: usize| length - 1..=length + 1;
        let lengths = (0..=130)
            .chain(around(CHUNK))
            .chain(around(3 * CHUNK))
            .chain([CHUNK + 55, CHUNK + 56]);
        for length in lengths {
            let contents: [Vec<u8>; LANES] = std::array::from_fn(|lane| content(lane, length));
            let readers = contents.each_ref().map(Vec::as_slice);
            let alone = readers.map(|reader| md5(reader, length as u64).unwrap());
            assert_eq!(
                md5_lanes(readers, length as u64).unwrap(),
                alone,
                "{length} bytes"
            );
        }
    }

    #[test]
    fn digests_match_the_rfc() {
        let digest = |text: &str| hex::encode(md5(text.as_bytes(), text.len() as u64).unwrap());
        assert_eq!(digest(""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(digest("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
    }

    #[test]
    fn short_reader_fails() {
        let short: [&[u8]; LANES] = [b"12345678", b"12345678", b"1234", b"12345678"];
        assert!(md5_lanes(short, 8).is_err());
        assert!(md5(&b"1234"[..], 8).is_err());
    }
}
