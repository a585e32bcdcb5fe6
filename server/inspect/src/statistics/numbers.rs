//! Mean, standard deviation and histogram of the numbers or times of a column.

use restow_api::Column;

use super::budget::Budget;
use super::moments::Moments;
use super::reservoir::{Reservoir, histogram};
use super::values::Values;

/// The numbers so far; times in seconds.
#[derive(Debug)]
pub(crate) struct Numbers {
    moments: Moments,
    reservoir: Reservoir,
    least: f64,
    greatest: f64,
    /// Whether there is a number, and neither NaN nor an infinity among them.
    is_finite: bool,
}

impl Numbers {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            moments: Moments::default(),
            reservoir: Reservoir::new(budget.numbers),
            least: f64::INFINITY,
            greatest: f64::NEG_INFINITY,
            is_finite: true,
        }
    }

    #[inline]
    pub(crate) fn add(&mut self, number: f64) {
        self.moments.add(number);
        self.add_time(number);
    }

    /// Adds a number of which there is no mean.
    #[inline]
    pub(crate) fn add_time(&mut self, seconds: f64) {
        self.is_finite &= seconds.is_finite();
        self.least = self.least.min(seconds);
        self.greatest = self.greatest.max(seconds);
        self.reservoir.add(seconds);
    }

    /// Sets mean, standard deviation and histogram. `values` are the same values, if
    /// their numbers are known: where they are all counted, the histogram is exact.
    pub(crate) fn finish_into(self, column: &mut Column, values: Option<&Values>) {
        if !self.is_finite || self.least > self.greatest {
            return;
        }
        let (least, greatest) = (self.least, self.greatest);
        column.histogram = match values.and_then(Values::exact) {
            Some(entries) => {
                let numbers = entries.iter().map(|entry| (entry.number, entry.count));
                histogram(least, greatest, numbers)
            }
            None => self.reservoir.histogram(least, greatest),
        };
        (column.mean, column.stddev) = self.moments.finish();
    }
}
