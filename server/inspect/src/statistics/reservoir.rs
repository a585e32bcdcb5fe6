//! A bounded sample of numbers, and the histogram that comes from it.

use restow_api::Histogram;

use super::moments::as_f64;

const BINS: usize = 20;

/// A uniform sample of the numbers so far: all of them while there are few.
///
/// After Li's algorithm L: the numbers to skip are drawn at once, so that most numbers cost a comparison. The generator has a fixed
/// seed, so that the same file has the same histogram.
#[derive(Debug)]
pub(super) struct Reservoir {
    kept: Vec<f64>,
    capacity: usize,
    seen: u64,
    /// Position of the number that is kept next, from 1.
    next: u64,
    weight: f64,
    random: u64,
}

impl Reservoir {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            kept: Vec::new(),
            capacity,
            seen: 0,
            next: 0,
            weight: 1.0,
            random: 0x9E37_79B9_7F4A_7C15,
        }
    }

    pub(super) fn add(&mut self, number: f64) {
        self.seen += 1;
        if self.kept.len() < self.capacity {
            self.kept.push(number);
            if self.kept.len() == self.capacity {
                self.skip();
            }
        } else if self.seen == self.next {
            let index = self.below_capacity();
            self.kept[index] = number;
            self.skip();
        }
    }

    /// Draws the position of the next number to keep.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "the distance is positive, and saturates"
    )]
    fn skip(&mut self) {
        self.weight *= (self.uniform().ln() / self.capacity as f64).exp();
        let distance = (self.uniform().ln() / (1.0 - self.weight).ln()).floor();
        self.next = self.seen.saturating_add(1).saturating_add(distance as u64);
    }

    fn below_capacity(&mut self) -> usize {
        usize::try_from(self.draw() % self.capacity as u64).unwrap_or(0)
    }

    /// A number above 0 and below 1.
    fn uniform(&mut self) -> f64 {
        (as_f64(self.draw() >> 12) + 0.5) / as_f64(1 << 52)
    }

    /// Marsaglia's xorshift.
    fn draw(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    /// The histogram from `min` to `max`, which are the least and greatest of all numbers.
    pub(super) fn histogram(&self, min: f64, max: f64) -> Option<Histogram> {
        let numbers = self.kept.iter().map(|number| (*number, 1));
        let mut histogram = histogram(min, max, numbers)?;
        if self.seen > self.kept.len() as u64 {
            scale(&mut histogram.counts, self.seen);
            histogram.is_exact = false;
        }
        Some(histogram)
    }
}

/// The exact histogram of numbers with their counts. The last range contains its end.
pub(super) fn histogram(
    min: f64,
    max: f64,
    numbers: impl IntoIterator<Item = (f64, u64)>,
) -> Option<Histogram> {
    let width = (max - min) / as_f64(BINS as u64);
    if !width.is_finite() || !min.is_finite() {
        return None;
    }
    let mut counts = vec![0; BINS];
    for (number, count) in numbers {
        counts[bin(number, min, width)] += count;
    }
    Some(Histogram {
        start: min,
        width,
        counts,
        is_exact: true,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no number is below the least, and the cast saturates"
)]
fn bin(number: f64, min: f64, width: f64) -> usize {
    if width > 0.0 {
        (((number - min) / width) as usize).min(BINS - 1)
    } else {
        0
    }
}

/// Scales `counts` so that their sum is `total`.
fn scale(counts: &mut [u64], total: u64) {
    let sampled = u128::from(counts.iter().sum::<u64>().max(1));
    let (mut before, mut sum) = (0, 0);
    for count in counts {
        sum += u128::from(*count);
        let scaled = (sum * u128::from(total) + sampled / 2) / sampled;
        *count = u64::try_from(scaled - before).unwrap_or(u64::MAX);
        before = scaled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reservoir(capacity: usize, numbers: impl IntoIterator<Item = f64>) -> Reservoir {
        let mut reservoir = Reservoir::new(capacity);
        numbers.into_iter().for_each(|number| reservoir.add(number));
        reservoir
    }

    #[test]
    fn few_numbers_are_exact() {
        let histogram = reservoir(100, (0..=40).map(f64::from))
            .histogram(0.0, 40.0)
            .unwrap();
        assert!(histogram.is_exact);
        assert_eq!((histogram.start, histogram.width), (0.0, 2.0));
        assert_eq!(histogram.counts[0], 2);
        assert_eq!(histogram.counts[19], 3);
        assert_eq!(histogram.counts.iter().sum::<u64>(), 41);
    }

    #[test]
    fn one_value_is_in_first_bin() {
        let histogram = reservoir(10, [7.0, 7.0]).histogram(7.0, 7.0).unwrap();
        assert_eq!((histogram.width, histogram.counts[0]), (0.0, 2));
    }

    #[test]
    fn many_numbers_are_scaled() {
        let rows = 1_000_000_u32;
        let histogram = reservoir(2048, (0..rows).map(f64::from))
            .histogram(0.0, f64::from(rows - 1))
            .unwrap();
        assert!(!histogram.is_exact);
        assert_eq!(histogram.counts.iter().sum::<u64>(), u64::from(rows));
        for count in histogram.counts {
            assert!((30_000..70_000).contains(&count), "{count}");
        }
    }

    #[test]
    fn endless_range_has_none() {
        assert_eq!(reservoir(10, [0.0]).histogram(-1e308, 1e308), None);
    }
}
