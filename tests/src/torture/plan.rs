//! What a seed decides: what every client and the saboteur are going to do, whatever comes of it.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Number of the saboteur among those who act; clients count from 0.
pub const SABOTEUR: u64 = u64::MAX;

/// Number of the saboteur for what it does to the whole deployment.
pub const WHOLE: u64 = u64::MAX - 1;

/// A generator for one step of one who acts. Each step has its own, so that what came of the steps before changes
/// nothing of the plan.
pub fn generator(seed: u64, actor: u64, step: u64) -> StdRng {
    let mut bytes = [0; 32];
    for (to, word) in bytes.chunks_exact_mut(8).zip([seed, actor, step]) {
        to.copy_from_slice(&word.to_le_bytes());
    }
    StdRng::from_seed(bytes)
}

/// A random item by weight; `None` where there are none.
pub fn choose<T: Copy>(generator: &mut StdRng, weighted: &[(u32, T)]) -> Option<T> {
    let total = weighted
        .iter()
        .map(|(weight, _)| weight)
        .sum::<u32>()
        .max(1);
    let mut left = generator.random_range(0..total);
    weighted.iter().find_map(|(weight, thing)| {
        let chosen = left < *weight;
        left = left.wrapping_sub(*weight);
        chosen.then_some(*thing)
    })
}

/// Any one of the things; `None` where there are none.
pub fn any<'a, T>(generator: &mut StdRng, things: &'a [T]) -> Option<&'a T> {
    if things.is_empty() {
        None
    } else {
        things.get(generator.random_range(0..things.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_alone_decides_each_step() {
        let first = |seed, actor, step| generator(seed, actor, step).random::<u64>();
        assert_eq!(first(1, 2, 3), first(1, 2, 3));
        let others = [
            first(2, 2, 3),
            first(1, 3, 3),
            first(1, 2, 4),
            first(1, SABOTEUR, 3),
        ];
        assert!(!others.contains(&first(1, 2, 3)));
    }

    #[test]
    fn things_without_weight_are_never_chosen() {
        let mut generator = generator(7, 0, 0);
        let chosen: Vec<_> = (0..100)
            .filter_map(|_| choose(&mut generator, &[(0, 'a'), (3, 'b'), (1, 'c')]))
            .collect();
        assert_eq!(chosen.len(), 100);
        assert!(!chosen.contains(&'a') && chosen.contains(&'b') && chosen.contains(&'c'));
        assert_eq!(choose::<char>(&mut generator, &[]), None);
    }
}
