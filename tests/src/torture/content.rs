//! What clients upload: made again from its description whenever it is needed, so that nothing is kept in memory.

use std::fmt::Write;

use bytes::Bytes;
use rand::RngExt;
use rand::rngs::StdRng;
use sha2::{Digest as _, Sha256};

use super::plan;

/// Size in bytes of every part but the last, and largest file of one part: the least that S3 takes.
pub const PART_SIZE: usize = 5 * 1024 * 1024;

/// SHA-256 of content.
pub type Digest = [u8; 32];

/// SHA-256 of bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// What kind of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Delimited text with so many rows.
    Csv(i64),
    /// JSON with so many rows.
    Ndjson(i64),
    /// So many bytes of no format.
    Noise(usize),
    /// Not in the format of its extension.
    Mismatch,
    /// JSON that breaks off.
    Malformed,
}

/// What is uploaded once.
#[derive(Clone, Debug)]
pub struct Content {
    kind: Kind,
    seed: u64,
    /// Name that it is uploaded under.
    pub filename: String,
}

impl Content {
    /// Any content; `big` has more than one part.
    pub fn any(generator: &mut StdRng, big: bool) -> Self {
        let small = [
            (5, Kind::Csv(0)),
            (3, Kind::Ndjson(0)),
            (3, Kind::Noise(0)),
            (1, Kind::Mismatch),
            (1, Kind::Malformed),
        ];
        let kind = match plan::choose(generator, &small) {
            _ if big => Kind::Noise(generator.random_range(PART_SIZE + 1..3 * PART_SIZE)),
            Some(Kind::Ndjson(_)) => Kind::Ndjson(generator.random_range(1..120)),
            Some(Kind::Noise(_)) => Kind::Noise(generator.random_range(1..6_000)),
            Some(odd @ (Kind::Mismatch | Kind::Malformed)) => odd,
            _ => Kind::Csv(generator.random_range(0..200)),
        };
        let seed = generator.random();
        let extension = match kind {
            Kind::Csv(_) | Kind::Mismatch => ".csv",
            Kind::Ndjson(_) | Kind::Malformed => ".ndjson",
            Kind::Noise(_) => plan::any(generator, &[".bin", ".dat", ""])
                .copied()
                .unwrap_or_default(),
        };
        let stem = plan::any(
            generator,
            &[
                "rows",
                "with space",
                "ünï→cödé",
                "a\"quoted\"",
                "per%cent",
                "naïve 数据",
            ],
        );
        Self {
            kind,
            seed,
            filename: format!("{}{extension}", stem.copied().unwrap_or_default()),
        }
    }

    /// Its bytes.
    pub fn bytes(&self) -> Bytes {
        match self.kind {
            Kind::Csv(rows) => csv(rows, self.seed),
            Kind::Ndjson(rows) => ndjson(rows, self.seed),
            Kind::Noise(size) => noise(size, self.seed),
            Kind::Mismatch => Bytes::from(
                [
                    b"\x89PNG\r\n\x1a\n\0\0".as_slice(),
                    &self.seed.to_be_bytes(),
                ]
                .concat(),
            ),
            Kind::Malformed => format!("{{\"number\": 1}}\n{{\"number\": {}", self.seed).into(),
        }
    }

    /// The bytes of a part, numbered from 1.
    pub fn part(&self, number: usize) -> Bytes {
        let bytes = self.bytes();
        let start = (number - 1) * PART_SIZE;
        bytes.slice(start.min(bytes.len())..(start + PART_SIZE).min(bytes.len()))
    }

    /// How many parts it has.
    pub fn parts(&self) -> usize {
        match self.kind {
            Kind::Noise(size) => size.div_ceil(PART_SIZE),
            _ => 1,
        }
    }

    /// How many rows the inspection is to find; `None` where the format has none.
    pub fn rows(&self) -> Option<i64> {
        match self.kind {
            Kind::Csv(rows) | Kind::Ndjson(rows) => Some(rows),
            _ => None,
        }
    }

    /// Whether it can become a version.
    pub fn is_good(&self) -> bool {
        !matches!(self.kind, Kind::Mismatch | Kind::Malformed)
    }

    /// Whether other bytes in the place of a part are as good.
    pub fn is_noise(&self) -> bool {
        matches!(self.kind, Kind::Noise(_))
    }

    /// MIME type that goes with it.
    pub fn content_type(&self) -> &'static str {
        match self.kind {
            Kind::Csv(_) | Kind::Mismatch => "text/csv",
            Kind::Ndjson(_) | Kind::Malformed => "application/x-ndjson",
            Kind::Noise(_) => "application/octet-stream",
        }
    }
}

/// Bytes of no format, different for every seed.
pub fn noise(size: usize, seed: u64) -> Bytes {
    // A generator of this kind may not begin with zero.
    let mut state = seed | 1;
    let mut bytes = vec![0; size.next_multiple_of(8)];
    for word in bytes.chunks_exact_mut(8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        word.copy_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes.into()
}

fn csv(rows: i64, seed: u64) -> Bytes {
    let mut text = "number,word\n".to_string();
    for row in 0..rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{row},word {seed}");
    }
    text.into()
}

fn ndjson(rows: i64, seed: u64) -> Bytes {
    let mut text = String::new();
    for row in 0..rows {
        let _ = writeln!(text, "{{\"number\": {row}, \"word\": \"{seed}\"}}");
    }
    text.into()
}
