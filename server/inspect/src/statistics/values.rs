//! How many distinct values there are, and which are the most frequent.

use std::fmt::Display;
use std::hash::Hasher;

use datasketches::hll::{Coupon, HllSketch, HllType};
use foldhash::SharedSeed;
use foldhash::quality::FoldHasher;
use restow_api::DistinctCount;

use super::budget::Budget;
use crate::sample::shortened;

/// Bytes of a frequent value that are kept.
const MAX_TEXT_BYTES: usize = 256;

/// Of the values that are not counted yet, one in so many is admitted once the table is full.
const ADMISSION: u64 = 4;

/// Any number without pattern: with zero, texts of different lengths would have the same hash.
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// Counts of the values so far, told apart by a 64-bit hash.
///
/// While there are no more distinct values than the budget allows, all of them are counted. Beyond that their number is estimated by a
/// `HyperLogLog` sketch, and values compete for the table: one that is admitted is counted from then on, so that its count is at
/// most the true one, and whenever the table is full the rarer half of it is dropped.
#[derive(Debug)]
pub(crate) struct Values {
    /// Position in `entries` plus one, or 0; open addressing with a power of two of slots.
    slots: Vec<u16>,
    entries: Vec<Entry>,
    budget: Budget,
    text_bytes: usize,
    /// Values that are at most so frequent get no text back after theirs was dropped.
    rare: u64,
    /// Values that were not in the full table.
    misses: u64,
    /// All values so far, unless `entries` has all of them.
    sketch: Option<Box<HllSketch>>,
}

/// A value that is counted.
#[derive(Debug)]
pub(crate) struct Entry {
    hash: u64,
    pub(crate) count: u64,
    /// The value as a number, for histograms.
    pub(crate) number: f64,
    /// How the value is shown; none while it is too rare for its bytes.
    pub(crate) text: Option<Box<str>>,
    /// Whether the value is counted since its first occurrence.
    pub(crate) is_exact: bool,
}

/// The hash that tells values apart; it is the same in every process.
#[inline]
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FoldHasher::with_seed(SEED, SharedSeed::global_fixed());
    hasher.write(bytes);
    hasher.finish()
}

impl Values {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            slots: vec![0; 16],
            entries: Vec::new(),
            budget,
            text_bytes: 0,
            rare: 0,
            misses: 0,
            sketch: None,
        }
    }

    /// Adds a value that is `number` as a number and is shown as `text`.
    #[inline]
    pub(crate) fn add(&mut self, hash: u64, number: f64, text: impl Display) {
        let slot = self.slot(hash);
        let index = usize::from(self.slots[slot]);
        if index == 0 {
            self.miss(hash, number, &text, slot);
            return;
        }
        let entry = &mut self.entries[index - 1];
        entry.count += 1;
        if entry.text.is_none() && entry.count > self.rare {
            self.keep_text(index - 1, &text);
        }
    }

    /// The slot of the value with this hash, or the empty slot where it belongs.
    #[inline]
    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = low_bits(hash) & mask;
        loop {
            let index = usize::from(self.slots[slot]);
            if index == 0 || self.entries[index - 1].hash == hash {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    fn miss(&mut self, hash: u64, number: f64, text: &impl Display, slot: usize) {
        let is_full = self.entries.len() == self.budget.values;
        if is_full && self.sketch.is_none() {
            self.sketch = self.sketch_of_entries();
        }
        if let Some(sketch) = &mut self.sketch {
            sketch.update_with_coupon(Coupon::from_value(hash));
            self.misses += 1;
            if !self.misses.is_multiple_of(ADMISSION) {
                return;
            }
        }
        if is_full {
            self.drop_rare();
            let slot = self.slot(hash);
            self.admit(hash, number, slot);
        } else {
            self.admit(hash, number, slot);
        }
        // Behind that a text is kept when its value comes again, since most do not.
        if self.sketch.is_none() {
            self.keep_text(self.entries.len() - 1, text);
        }
    }

    fn admit(&mut self, hash: u64, number: f64, slot: usize) {
        self.entries.push(Entry {
            hash,
            count: 1,
            number,
            text: None,
            is_exact: self.sketch.is_none(),
        });
        self.slots[slot] = position(self.entries.len());
        if self.entries.len() * 2 > self.slots.len() {
            self.index(self.slots.len() * 2);
        }
    }

    /// Makes `slots` anew from `entries`.
    fn index(&mut self, slots: usize) {
        self.slots.clear();
        self.slots.resize(slots, 0);
        for index in 0..self.entries.len() {
            let slot = self.slot(self.entries[index].hash);
            self.slots[slot] = position(index + 1);
        }
    }

    fn sketch_of_entries(&self) -> Option<Box<HllSketch>> {
        let mut sketch = HllSketch::new(self.budget.lg_registers, HllType::Hll8).ok()?;
        for entry in &self.entries {
            sketch.update_with_coupon(Coupon::from_value(entry.hash));
        }
        Some(Box::new(sketch))
    }

    /// Drops the rarer half of the values.
    fn drop_rare(&mut self) {
        let kept = self.budget.values / 2;
        self.entries
            .select_nth_unstable_by(kept, |a, b| b.count.cmp(&a.count).then(a.hash.cmp(&b.hash)));
        for entry in self.entries.drain(kept..) {
            self.text_bytes -= entry.text.map_or(0, |text| text.len());
        }
        self.index(self.slots.len());
    }

    fn keep_text(&mut self, index: usize, text: &impl Display) {
        let text = shortened(&text.to_string(), MAX_TEXT_BYTES);
        if self.text_bytes + text.len() > self.budget.text_bytes {
            self.drop_texts();
            if self.entries[index].count <= self.rare {
                return;
            }
        }
        self.text_bytes += text.len();
        self.entries[index].text = Some(text.into());
    }

    /// Drops the texts of the rarer values: what remains is at most half of the budget, and belongs to the most frequent.
    fn drop_texts(&mut self) {
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        // By their hashes where they are equally frequent, so that nothing depends on where they are.
        order.sort_unstable_by_key(|index| {
            let entry = &self.entries[*index];
            (std::cmp::Reverse(entry.count), entry.hash)
        });
        let mut bytes = 0;
        for index in order {
            let entry = &mut self.entries[index];
            let length = entry.text.as_ref().map_or(0, |text| text.len());
            if bytes + length > self.budget.text_bytes / 2 || entry.count <= self.rare {
                self.rare = self.rare.max(entry.count);
                entry.text = None;
            } else {
                bytes += length;
            }
        }
        self.text_bytes = bytes;
    }

    /// Number of distinct values.
    pub(crate) fn distinct(&self) -> DistinctCount {
        match &self.sketch {
            Some(sketch) => DistinctCount {
                // The first of each value was not in the table, which was full before the sketch began.
                value: rounded(sketch.estimate()).min(self.budget.values as u64 + self.misses),
                error: 1.04 / f64::from(1_u32 << self.budget.lg_registers).sqrt(),
            },
            None => DistinctCount {
                value: self.entries.len() as u64,
                error: 0.0,
            },
        }
    }

    /// Makes numbers that are equal one value, as `1.5` and `1.50` are, where all values are counted.
    pub(crate) fn merge_equal_numbers(&mut self) {
        if self.sketch.is_some() {
            return;
        }
        let entries = &mut self.entries;
        // The form that is most frequent is the one that is shown.
        entries.sort_by(|a, b| {
            // A negative zero is a zero.
            let by_number = (a.number + 0.0).total_cmp(&(b.number + 0.0));
            by_number
                .then(b.count.cmp(&a.count))
                .then_with(|| a.text.cmp(&b.text))
        });
        entries.dedup_by(|next, kept| {
            let is_equal = (next.number + 0.0).total_cmp(&(kept.number + 0.0)).is_eq();
            if is_equal {
                kept.count += next.count;
            }
            is_equal
        });
    }

    /// All distinct values, where all are known with their counts.
    pub(crate) fn exact(&self) -> Option<&[Entry]> {
        self.sketch.is_none().then_some(&self.entries)
    }

    /// The most frequent values of which the text is known, most frequent first. Where not all values are counted, one that came
    /// once is not frequent.
    pub(crate) fn top(self, count: usize) -> Vec<Entry> {
        let least = if self.sketch.is_some() { 2 } else { 1 };
        let mut entries = self.entries;
        entries.retain(|entry| entry.count >= least && entry.text.is_some());
        entries.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
        entries.truncate(count);
        entries
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
fn low_bits(hash: u64) -> usize {
    hash as usize
}

/// The position of an entry, from 1, as a slot has it. Budgets are far below its range.
#[expect(clippy::cast_possible_truncation, reason = "budgets are small")]
fn position(position: usize) -> u16 {
    position as u16
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate is positive, and far below 2^53"
)]
fn rounded(estimate: f64) -> u64 {
    estimate.round() as u64
}

#[cfg(test)]
mod tests;
