//! What many runs come to.

/// The value in the middle, or the mean of the two that share it; not a number of no values.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => f64::NAN,
        (length, middle) if length % 2 == 1 => sorted[middle],
        (_, middle) => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// The least and the greatest value; infinite of no values.
pub fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold(
        (f64::INFINITY, f64::NEG_INFINITY),
        |(least, greatest), value| (least.min(*value), greatest.max(*value)),
    )
}

/// The least value that so large a part of the values does not exceed; not a number of no values.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is the number of a value"
)]
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let number = (sorted.len() as f64 * part).ceil().max(1.0) as usize;
    sorted.get(number - 1).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "nothing is rounded")]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[3.0]), 3.0);
        assert_eq!(median(&[9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 9.0, 2.0]), 3.0);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn so_many_values_are_within_a_quantile() {
        let values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(quantile(&values, 0.5), 100.0);
        assert_eq!(quantile(&values, 0.99), 198.0);
        assert_eq!(quantile(&values, 1.0), 200.0);
        assert_eq!(quantile(&[7.0], 0.01), 7.0);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn the_range_holds_all() {
        assert_eq!(range(&[3.0, 1.0, 2.0]), (1.0, 3.0));
    }
}
