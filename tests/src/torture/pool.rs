//! Identifiers that clients share, so that they try those of other principals.

use std::sync::Mutex;

use rand::rngs::StdRng;
use uuid::Uuid;

use super::plan;
use crate::rules::locked;

/// Most identifiers that are kept.
const CAPACITY: usize = 400;

/// A dataset, and a job of it.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Who they belong to.
    pub principal: &'static str,
    /// The dataset.
    pub dataset_id: Uuid,
    /// The job.
    pub job_id: Uuid,
}

/// The shared identifiers.
#[derive(Debug, Default)]
pub struct Pool(Mutex<Vec<Known>>);

impl Pool {
    /// Shares an identifier.
    pub fn publish(&self, known: Known) {
        let mut pool = locked(&self.0);
        if pool.len() == CAPACITY {
            pool.remove(0);
        }
        pool.push(known);
    }

    /// An identifier of another principal, if there is one.
    pub fn foreign(&self, generator: &mut StdRng, principal: &str) -> Option<Known> {
        let pool = locked(&self.0);
        let foreign: Vec<Known> = pool
            .iter()
            .filter(|known| known.principal != principal)
            .copied()
            .collect();
        plan::any(generator, &foreign).copied()
    }
}
