//! Mean and standard deviation in one pass.

/// Values that are summed before the sums are merged into the mean.
const BLOCK: u32 = 256;

/// The moments of the numbers so far.
///
/// Numbers are summed in blocks, as their differences from the mean so far: differences are small, so that squares of them lose no
/// digits, and a division comes once a block only. Blocks are merged as by Chan, Golub and `LeVeque`.
#[derive(Debug, Default)]
pub(super) struct Moments {
    count: u64,
    mean: f64,
    /// Sum of the squared differences from the mean.
    squares: f64,
    shift: f64,
    block_count: u32,
    block_sum: f64,
    block_squares: f64,
}

impl Moments {
    pub(super) fn add(&mut self, number: f64) {
        if self.block_count == 0 {
            self.shift = if self.count == 0 { number } else { self.mean };
        }
        let difference = number - self.shift;
        self.block_sum += difference;
        self.block_squares += difference * difference;
        self.block_count += 1;
        if self.block_count == BLOCK {
            self.merge();
        }
    }

    fn merge(&mut self) {
        if self.block_count == 0 {
            return;
        }
        let block = f64::from(self.block_count);
        let block_mean = self.shift + self.block_sum / block;
        let block_squares = self.block_squares - self.block_sum * self.block_sum / block;
        let before = as_f64(self.count);
        let total = before + block;
        let delta = block_mean - self.mean;
        self.mean += delta * block / total;
        self.squares += block_squares.max(0.0) + delta * delta * before * block / total;
        self.count += u64::from(self.block_count);
        (self.block_count, self.block_sum, self.block_squares) = (0, 0.0, 0.0);
    }

    /// Mean and standard deviation, where they are finite; the latter of at least two numbers.
    pub(super) fn finish(mut self) -> (Option<f64>, Option<f64>) {
        self.merge();
        let mean = (self.count > 0).then_some(self.mean);
        let stddev = (self.count > 1).then(|| (self.squares / as_f64(self.count - 1)).sqrt());
        (
            mean.filter(|mean| mean.is_finite()),
            stddev.filter(|stddev| stddev.is_finite()),
        )
    }
}

/// Counts of rows are far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "a count of rows is exact")]
pub(super) fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(numbers: impl IntoIterator<Item = f64>) -> (Option<f64>, Option<f64>) {
        let mut moments = Moments::default();
        numbers.into_iter().for_each(|number| moments.add(number));
        moments.finish()
    }

    #[test]
    fn few_numbers() {
        assert_eq!(moments([]), (None, None));
        assert_eq!(moments([2.5]), (Some(2.5), None));
        assert_eq!(moments([1.0, 2.0, 3.0, 4.0]).0, Some(2.5));
        let stddev = moments([1.0, 2.0, 3.0, 4.0]).1.unwrap();
        assert!((stddev - (5.0_f64 / 3.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn large_offset_loses_no_digits() {
        let numbers = (0..100_000).map(|row| 1e12 + f64::from(row % 10));
        let (mean, stddev) = moments(numbers);
        assert!((mean.unwrap() - (1e12 + 4.5)).abs() < 1e-3);
        let expected = (8.25_f64 * 100_000.0 / 99_999.0).sqrt();
        assert!((stddev.unwrap() - expected).abs() < 1e-6);
    }

    #[test]
    fn first_number_far_off() {
        let numbers = std::iter::once(1e15).chain((0..10_000).map(f64::from));
        let (mean, stddev) = moments(numbers);
        let expected = (1e15 + 9999.0 * 5000.0) / 10_001.0;
        assert!(((mean.unwrap() - expected) / expected).abs() < 1e-12);
        assert!(((stddev.unwrap() - 1e15 / 10_001.0_f64.sqrt()) / stddev.unwrap()).abs() < 1e-3);
    }

    #[test]
    fn overflow_is_unknown() {
        assert_eq!(moments([1e308, -1e308, 1e308]).1, None);
    }
}
