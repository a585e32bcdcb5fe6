//! What clients know of that a restored backup does not: versions that are lost, of which no object may be destroyed, and
//! objects that may stay without a row.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::{Job, Model, Version};
use crate::invariants::object_key;

/// A version that was acknowledged, and that a restored backup does not have.
#[derive(Clone, Debug)]
pub struct LostVersion {
    /// Key of its object.
    pub key: String,
    /// What it was.
    pub version: Version,
}

/// What a client knows of beyond its model.
#[derive(Debug, Default)]
pub struct Lost {
    /// Key of each job's object, and when the job was requested.
    begun: Vec<(DateTime<Utc>, String)>,
    /// Lost versions by their job.
    versions: BTreeMap<Uuid, LostVersion>,
}

impl Lost {
    /// Keys of the objects that may be in the bucket without a row: those of jobs that were requested before that time.
    pub fn keys_before(&self, time: DateTime<Utc>) -> impl Iterator<Item = String> {
        let before = self.begun.iter().filter(move |(begun, _)| *begun <= time);
        before.map(|(_, key)| key.clone())
    }

    /// The lost versions.
    pub fn versions(&self) -> impl Iterator<Item = &LostVersion> {
        self.versions.values()
    }

    /// A job that is committed again is a version as any other.
    pub fn found(&mut self, job_id: Uuid) {
        self.versions.remove(&job_id);
    }

    /// Notes a job that was requested then.
    pub fn note_job(&mut self, job: &Job, requested_at: DateTime<Utc>) {
        self.begun.push((requested_at, job_key(job)));
    }

    /// Notes the versions that a backup does not have. One that may be retired, or whose dataset is deleted, is not lost
    /// by the restoration. Returns how many there are.
    pub fn note(&mut self, newest: &Model, backup: &Model) -> usize {
        let before = self.versions.len();
        for job in &newest.jobs {
            let is_backed_up = |known: &Job| known.id == job.id && known.version.is_some();
            let dataset = newest.datasets.iter().find(|it| it.id == job.dataset_id);
            let version = job.version.zip(dataset);
            let Some(version) = version.and_then(|(number, it)| it.versions.get(&number)) else {
                continue;
            };
            if !version.may_be_retired && !backup.jobs.iter().any(is_backed_up) {
                let (key, version) = (job_key(job), version.clone());
                self.versions.insert(job.id, LostVersion { key, version });
            }
        }
        self.versions.len() - before
    }
}

fn job_key(job: &Job) -> String {
    object_key("", job.dataset_id, job.id, &job.content.filename)
}

#[cfg(test)]
mod tests {
    use super::super::content::Content;
    use super::super::model::Dataset;
    use super::super::plan;
    use super::*;

    fn model(committed: usize) -> Model {
        let mut dataset = Dataset::new(Uuid::nil(), "d".to_string());
        let mut generator = plan::generator(1, 2, 3);
        let mut jobs = Vec::new();
        for number in 1..=3 {
            let content = Content::any(&mut generator, false);
            let mut job = Job::new(Uuid::from_u128(number), &dataset, content, Utc::now());
            if number <= committed as u128 {
                job.version = i64::try_from(number).ok();
                dataset.commit(job.version.unwrap_or_default(), job.to_version());
            }
            jobs.push(job);
        }
        Model {
            datasets: vec![dataset],
            jobs,
        }
    }

    #[test]
    fn versions_after_backup_are_lost() {
        let mut lost = Lost::default();
        assert_eq!(lost.note(&model(3), &model(1)), 2);
        lost.found(Uuid::from_u128(2));
        let keys: Vec<_> = lost.versions().map(|lost| lost.key.clone()).collect();
        let (dataset, job) = (Uuid::nil(), Uuid::from_u128(3));
        assert_eq!(keys.len(), 1);
        assert!(keys[0].starts_with(&format!("datasets/{dataset}/{job}")));
    }

    #[test]
    fn restored_model_knows_only_the_backup() {
        let mut newest = model(3);
        newest.jobs[2].cancel_requested = true;
        let restored = model(1).restored_after(&newest);
        assert_eq!(restored.datasets[0].current, Some(1));
        let gone: Vec<_> = restored.jobs.iter().map(|job| job.may_be_gone).collect();
        assert_eq!(gone, [false, false, true]);
    }
}
