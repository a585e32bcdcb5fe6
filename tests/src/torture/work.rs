//! The work of one client from the beginning of the run to its end.

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;

use super::api::{Ended, Phase};
use super::client::Client;
use super::plan;
use super::report::Section;
use super::step::Step;

impl Client {
    /// Runs one step after the other until the run enters its next phase, then finishes its open jobs.
    pub async fn run(mut self) -> Self {
        let mut number = 0;
        let shared = Arc::clone(&self.api.shared);
        while self.api.phase() == Phase::Work {
            let events = shared.history.events.read().await;
            self.catch_up(&events);
            let mut generator = plan::generator(self.seed, self.number, number);
            let step = Step::any(&mut generator);
            number += 1;
            // Errors are recorded where they occur.
            let outcome = match step.run(&mut self, &mut generator).await {
                Ok(()) => "",
                Err(Ended::GaveUp) => ", timed out",
                Err(Ended::Violated) => ", violated",
            };
            self.api
                .shared
                .report
                .count(Section::Steps, &format!("{step:?}{outcome}"));
            drop(events);
            self.api
                .pause(Duration::from_millis(generator.random_range(0..400)))
                .await;
        }
        let mut generator = plan::generator(self.seed, self.number, u64::MAX);
        let events = shared.history.events.read().await;
        self.catch_up(&events);
        // As above.
        let _ = self.finish(&mut generator).await;
        self
    }
}
