//! How a client takes note of backups and restorations.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::client::Client;
use super::history::Event;
use super::model::Job;
use super::report::Section;

impl Client {
    /// Takes note of what has happened to the whole database since the last step.
    pub fn catch_up(&mut self, events: &[Event]) {
        for event in events.iter().skip(self.caught_up) {
            match event {
                Event::BackedUp => self.backup = self.model.clone(),
                Event::Restored => {
                    let lost = self.lost.note(&self.model, &self.backup);
                    let report = &self.api.shared.report;
                    report.add(Section::Versions, "lost by restorations", lost as u64);
                    self.model = self.backup.restored_after(&self.model);
                }
            }
        }
        self.caught_up = events.len();
    }

    /// Notes a job that has begun.
    pub fn note_job(&mut self, job: Job, requested_at: DateTime<Utc>) {
        self.lost.note_job(&job, requested_at);
        self.model.jobs.push(job);
    }

    /// Forgets a dataset that is deleted. What became of its jobs is unknown, so that a lost version of which one was
    /// to be committed again may have been removed with the dataset.
    pub fn forget(&mut self, dataset_id: Uuid) {
        let jobs = self.model.jobs.iter();
        for job in jobs.filter(|job| job.dataset_id == dataset_id && job.commit_requested) {
            self.lost.found(job.id);
        }
        self.model.forget(dataset_id);
    }
}
