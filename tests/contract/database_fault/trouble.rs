//! Faults of the writes of an operation.

use anyhow::{Result, ensure};
use restow_tests::DatabaseProxy;
use restow_tests::database_proxy::Fault;

/// Writes that meet a fault, once each: the retry of a write succeeds, and then the next one fails.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) writes: Vec<&'static str>,
    /// The fault of each write, in turn.
    pub(super) faults: Vec<Fault>,
}

impl Trouble {
    pub(super) fn begin(&self, proxy: &DatabaseProxy) {
        for (write, fault) in self.writes.iter().zip(self.faults.iter().cycle()) {
            proxy.inject(write, 1..=1, fault.clone());
        }
    }

    pub(super) fn end(&self, proxy: &DatabaseProxy) -> Result<()> {
        let met = proxy.heal();
        ensure!(
            met == self.writes.len(),
            "{met} writes of {} met a fault",
            self.writes.len()
        );
        Ok(())
    }

    /// Whether the database executes writes whose responses are errors.
    pub(super) fn loses_replies(&self) -> bool {
        self.faults
            .iter()
            .any(|fault| matches!(fault, Fault::LoseReply))
    }
}
