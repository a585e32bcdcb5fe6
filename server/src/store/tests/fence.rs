//! The fence: what a claim may write after another process has claimed the job, or after its release.

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use restow_api::job::JobStatus;
use restow_inspect::Inspection;

use super::fixture::{Site, reason, sites};
use crate::clock;
use crate::store::{Claim, Store};

/// Every write that a claim admits. None of them says that it was done.
async fn write_everything(store: &Store, claim: Claim, now: DateTime<Utc>) -> Result<()> {
    let later = now + TimeDelta::hours(1);
    assert!(
        !store.extend_lease(claim, later, Some((7, Some(7)))).await?,
        "extend_lease"
    );
    assert!(
        !store.mark_requested(claim, now, later).await?,
        "mark_requested"
    );
    assert!(
        !store.finish_completion(claim, "late", now).await?,
        "finish_completion"
    );
    assert!(
        !store
            .return_to_upload(claim, Some("late"), &reason(), later)
            .await?,
        "return_to_upload"
    );
    assert!(
        !store
            .finish_as_ready(claim, &Inspection::default(), later)
            .await?,
        "finish_inspection"
    );
    assert!(!store.fail(claim, &reason(), now).await?, "fail");
    store.note_death(claim, &reason(), later).await?;
    store.release(claim, later).await?;
    Ok(())
}

async fn assert_void(site: &Site, claim: Claim) -> Result<()> {
    let before = site.row(claim.job_id).await?;
    write_everything(&site.store, claim, clock::now()).await?;
    assert_eq!(site.row(claim.job_id).await?, before, "on {}", site.url);
    assert!(
        site.store.find_inspection(claim.job_id).await?.is_none(),
        "an inspection was kept"
    );
    Ok(())
}

#[tokio::test]
async fn a_completion_that_was_overtaken_changes_nothing() -> Result<()> {
    for site in sites().await? {
        let old = site.completing(site.dataset().await?).await?.claim();
        let new = site
            .claim_next(clock::now() + TimeDelta::minutes(2))
            .await?
            .context("it is not due")?
            .claim();
        assert_eq!(new.attempt, old.attempt + 1);
        assert_void(&site, old).await?;
        assert!(
            site.store
                .finish_completion(new, "etag", clock::now())
                .await?,
            "the new claim is void, too"
        );
        assert_void(&site, old).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_inspection_that_was_overtaken_changes_nothing() -> Result<()> {
    for site in sites().await? {
        let old = site.inspecting(site.dataset().await?).await?.claim();
        let later = clock::now() + TimeDelta::minutes(2);
        let new = site
            .claim_next(later)
            .await?
            .context("it is not due")?
            .claim();
        assert_void(&site, old).await?;
        assert!(
            site.store
                .finish_as_ready(new, &Inspection::default(), later)
                .await?,
            "the new claim is void, too"
        );
        assert_eq!(site.status(new.job_id).await?, JobStatus::Ready);
        let before = site.row(old.job_id).await?;
        write_everything(&site.store, old, later).await?;
        assert_eq!(site.row(old.job_id).await?, before);
    }
    Ok(())
}

#[tokio::test]
async fn released_claim_changes_nothing() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let completion = site.completing(dataset_id).await?.claim();
        site.store
            .release(completion, clock::now() + TimeDelta::hours(1))
            .await?;
        assert_void(&site, completion).await?;

        let finished = site.completing(dataset_id).await?.claim();
        assert!(
            site.store
                .finish_completion(finished, "etag", clock::now())
                .await?
        );
        assert_void(&site, finished).await?;

        let inspection = site
            .claim_next(clock::now())
            .await?
            .context("it is not due")?
            .claim();
        site.store
            .release(inspection, clock::now() + TimeDelta::hours(1))
            .await?;
        assert_void(&site, inspection).await?;
    }
    Ok(())
}

#[tokio::test]
async fn claim_on_ended_job_changes_nothing() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let cancelled = site.inspecting(dataset_id).await?.claim();
        assert!(
            site.store
                .cancel_job(cancelled.job_id, clock::now())
                .await?
                .is_some()
        );
        assert_void(&site, cancelled).await?;

        let failed = site.inspecting(dataset_id).await?.claim();
        assert!(site.store.fail(failed, &reason(), clock::now()).await?);
        assert_void(&site, failed).await?;

        let returned = site.completing(dataset_id).await?.claim();
        assert!(
            site.store
                .return_to_upload(returned, None, &reason(), clock::now())
                .await?
        );
        assert_void(&site, returned).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_claim_that_is_held_may_write() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let claim = site.completing(dataset_id).await?.claim();
        // A lease that has run out is valid until another process claims the job.
        let past = clock::now() - TimeDelta::hours(1);
        assert!(site.store.extend_lease(claim, past, None).await?);
        assert!(site.store.mark_requested(claim, past, past).await?);
        assert_eq!(site.row(claim.job_id).await?.asked_at, Some(past));
        assert!(
            site.store
                .return_to_upload(claim, Some("another"), &reason(), past)
                .await?
        );
        let row = site.row(claim.job_id).await?;
        assert_eq!(
            (row.status.as_str(), row.asked_at, row.lease_until),
            ("awaiting_upload", None, None)
        );
        assert_eq!(row.upload_id.as_deref(), Some("another"));

        let claim = site.inspecting(dataset_id).await?.claim();
        assert!(
            site.store
                .extend_lease(claim, past, Some((10, Some(2))))
                .await?
        );
        assert!(
            site.store.extend_lease(claim, past, None).await?,
            "a beat without progress"
        );
        let row = site.row(claim.job_id).await?;
        assert_eq!(
            (row.bytes_done, row.rows_done, row.lease_until),
            (10, Some(2), Some(past))
        );
    }
    Ok(())
}
