//! What clients upload.

use std::fmt::Write;

use bytes::Bytes;

use crate::torture::content::{PART_SIZE, noise};

/// Rows of a small file.
const ROWS: u64 = 100;

/// Bytes of the second part of a large file.
const SECOND_PART: usize = 1_000;

/// What is uploaded once.
#[derive(Clone, Debug)]
pub struct Content {
    /// Name that it is uploaded under.
    pub filename: &'static str,
    /// Its bytes, different for every seed.
    pub bytes: Bytes,
}

impl Content {
    /// Rows of text, uploaded in one part.
    pub fn small(seed: u64) -> Self {
        let mut text = "number,word\n".to_string();
        for row in 0..ROWS {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{row},word {seed}");
        }
        Self {
            filename: "rows.csv",
            bytes: text.into(),
        }
    }

    /// Bytes of no format, uploaded in two parts.
    pub fn large(seed: u64) -> Self {
        Self {
            filename: "noise.bin",
            bytes: noise(PART_SIZE + SECOND_PART, seed),
        }
    }
}
