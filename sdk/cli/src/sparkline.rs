//! Histograms as a line of block characters.

use restow_sdk::generated::types::Histogram;

/// Blocks of growing height.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One character for each range: a blank for none, and the higher the more values it has.
pub fn sparkline(histogram: &Histogram) -> String {
    let most = histogram.counts.iter().copied().max().unwrap_or_default();
    histogram
        .counts
        .iter()
        .map(|count| block(*count, most))
        .collect()
}

fn block(count: i64, most: i64) -> char {
    if count <= 0 {
        return ' ';
    }
    let eighths = (i128::from(count) * 8 + i128::from(most) - 1) / i128::from(most);
    let index = usize::try_from(eighths - 1).unwrap_or_default();
    BLOCKS[index.min(BLOCKS.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(counts: &[i64]) -> String {
        sparkline(&Histogram {
            counts: counts.to_vec(),
            is_exact: true,
            start: 0.0,
            width: 1.0,
        })
    }

    #[test]
    fn height_is_the_share_of_the_most_frequent() {
        assert_eq!(shown(&[0, 1, 50, 51, 100]), " ▁▄▅█");
        assert_eq!(shown(&[i64::MAX, 1, 0]), "█▁ ");
        assert_eq!(shown(&[0, 0]), "  ");
        assert_eq!(shown(&[]), "");
    }
}
