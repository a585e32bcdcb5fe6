//! Counts of the levels of a leaf, from which the nulls of all fields around it follow.

use super::schema::Node;

/// How often each pair of definition and repetition level occurs.
#[derive(Debug)]
pub(super) struct LevelCounts {
    /// For each definition level the counts by repetition level.
    counts: Vec<Vec<u64>>,
}

impl LevelCounts {
    pub(super) fn new(max_definition: i16, max_repetition: i16) -> Self {
        let size = |level: i16| usize::try_from(level).unwrap_or(0) + 1;
        Self {
            counts: vec![vec![0; size(max_repetition)]; size(max_definition)],
        }
    }

    /// Adds `levels` values. Levels that are all the greatest, or all 0 for repetition, may be empty.
    pub(super) fn add(&mut self, levels: usize, definitions: &[i16], repetitions: &[i16]) {
        let last = self.counts.len() - 1;
        if definitions.is_empty() {
            self.counts[last][0] += levels as u64;
        } else if repetitions.is_empty() {
            for definition in definitions {
                self.counts[index(*definition).min(last)][0] += 1;
            }
        } else {
            for (definition, repetition) in definitions.iter().zip(repetitions) {
                let counts = &mut self.counts[index(*definition).min(last)];
                let last = counts.len() - 1;
                counts[index(*repetition).min(last)] += 1;
            }
        }
    }

    /// Rows: each begins at repetition level 0.
    pub(super) fn records(&self) -> u64 {
        self.counts.iter().map(|counts| counts[0]).sum()
    }

    /// How often `node`, a field around the leaf or the leaf itself, is null where what is around it is present.
    pub(super) fn nulls(&self, node: &Node) -> u64 {
        if !node.is_nullable {
            return 0;
        }
        let below = index(node.definition).checked_sub(1);
        let counts = below.and_then(|below| self.counts.get(below));
        let repetitions = ..=index(node.repetition);
        counts
            .and_then(|counts| counts.get(repetitions))
            .map_or(0, |counts| counts.iter().sum())
    }
}

fn index(level: i16) -> usize {
    usize::try_from(level).unwrap_or(0)
}
