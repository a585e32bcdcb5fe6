//! Rows of concurrent requests, which PostgreSQL writes together: each is what it would be alone.

use anyhow::Result;
use chrono::{Duration, DurationRound};
use uuid::Uuid;

use super::fixture::{at_once, sites};
use crate::clock;
use crate::quota::Quota;
use crate::store::NewJob;

const JOBS: u64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_jobs_are_each_their_own() -> Result<()> {
    for site in sites().await? {
        let (one, other, gone) = (
            site.dataset().await?,
            site.dataset().await?,
            site.dataset().await?,
        );
        let deleted = site
            .store
            .delete_dataset(site.principal.id, gone, clock::now());
        deleted.await?;
        let jobs: Vec<NewJob> = (0..JOBS)
            .map(|number| {
                let dataset_id = [one, other, gone][usize::try_from(number % 3).unwrap()];
                let mut job = site.new_job(dataset_id);
                job.filename = format!("{number} ∆.csv");
                job.deadline = (job.deadline + Duration::seconds(number.cast_signed()))
                    .duration_trunc(Duration::milliseconds(1))
                    .unwrap();
                job
            })
            .collect();
        let creations = jobs.iter().map(|job| {
            let (store, job) = (site.store.clone(), job.clone());
            async move {
                let created = store.create_job(&job, Quota::default(), None).await?;
                let upload_id = format!("upload of {}", job.filename);
                // Where there is no job, there is none to record an upload of.
                let recorded = store.set_upload(job.id, &upload_id).await?;
                Ok::<_, crate::error::Error>((created, recorded))
            }
        });
        for (job, outcome) in jobs.iter().zip(at_once(creations).await?) {
            let (created, recorded) = outcome?;
            let is_created = job.dataset_id != gone;
            assert_eq!(created, is_created.then_some(job.id), "on {}", site.url);
            assert_eq!(recorded, is_created, "on {}", site.url);
            let row = site.store.find_job(site.principal.id, job.id).await?;
            assert_eq!(row.is_some(), is_created);
            let Some(row) = row else { continue };
            let upload_id = format!("upload of {}", job.filename);
            assert_eq!(row.upload_id, Some(upload_id));
            assert_eq!(row.filename.0, job.filename);
            assert_eq!(row.dataset_id, job.dataset_id);
            assert_eq!(row.deadline, job.deadline);
            assert_eq!(row.s3_key, job.s3_key);
        }
        let events = site.count("SELECT count(*) FROM events WHERE type = 'job.created'");
        assert_eq!(events.await?, i64::try_from(JOBS * 2 / 3)?);
    }
    Ok(())
}

/// What the database refuses of one row keeps none of the others from being written.
#[tokio::test(flavor = "multi_thread")]
async fn refused_job_is_the_only_one() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let first = site.awaiting(dataset_id).await?;
        let mut jobs: Vec<NewJob> = (0..JOBS).map(|_| site.new_job(dataset_id)).collect();
        // Another job has this key.
        jobs[7].s3_key.clone_from(&first.s3_key);
        let creations = jobs.iter().map(|job| {
            let (store, job) = (site.store.clone(), job.clone());
            async move { store.create_job(&job, Quota::default(), None).await }
        });
        let outcomes: Vec<Option<Uuid>> = at_once(creations)
            .await?
            .into_iter()
            .map(|outcome| outcome.ok().flatten())
            .collect();
        for (number, (job, outcome)) in jobs.iter().zip(outcomes).enumerate() {
            assert_eq!(outcome, (number != 7).then_some(job.id), "on {}", site.url);
        }
    }
    Ok(())
}
