//! A gap in service is added to each deadline once, in steps.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::fixture::{Site, sites};
use crate::clock;
use crate::store::GapLimits;

const LIMITS: GapLimits = GapLimits {
    uploads: TimeDelta::days(6),
    previews: TimeDelta::days(8),
};

/// SQLite moves times by milliseconds.
fn assert_moved(by: TimeDelta, expected: TimeDelta) {
    let off = (by - expected).abs();
    assert!(off <= TimeDelta::milliseconds(1), "moved by {by}");
}

async fn deletion(site: &Site) -> Result<i64> {
    // The hour, by whichever type the database has.
    site.count(
        "SELECT CAST(substr(CAST(deleted_at AS TEXT), 12, 2) AS BIGINT) FROM datasets \
         WHERE deleted_at IS NOT NULL",
    )
    .await
}

#[tokio::test]
async fn another_process_adds_rest_of_gap_once() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let mut open = vec![site.ready(dataset_id).await?];
        for _ in 0..3 {
            open.push(site.awaiting(dataset_id).await?.id);
        }
        open.push(site.completing(dataset_id).await?.claim().job_id);
        let ended = site.awaiting(dataset_id).await?.id;
        site.store.cancel_job(ended, clock::now()).await?;
        let deleted: DateTime<Utc> = "2026-01-01T10:00:00Z".parse()?;
        site.store
            .delete_dataset(site.principal.id, site.dataset().await?, deleted)
            .await?;
        let mut before = Vec::new();
        for job_id in open.iter().chain([&ended]) {
            before.push(site.row(*job_id).await?.deadline);
        }
        let (tolerance, gap) = (TimeDelta::minutes(1), TimeDelta::hours(1));
        let now = clock::now();
        site.store.note_served(now, tolerance, LIMITS).await?;
        let begun = site.store.begin_service(now + gap, tolerance).await?;
        assert_eq!(begun, Some(gap));
        // The process that noted the gap dies after the first step.
        assert!(site.store.add_gap_to_some(LIMITS, 2).await?);
        assert!(site.store.service().await?.is_adding_gap());
        let later = now + gap + TimeDelta::seconds(1);
        assert_eq!(
            site.store.note_served(later, tolerance, LIMITS).await?,
            None
        );
        assert!(!site.store.service().await?.is_adding_gap());
        site.store.note_served(later, tolerance, LIMITS).await?;
        for (job_id, before) in open.iter().zip(&before) {
            assert_moved(site.row(*job_id).await?.deadline - *before, gap);
        }
        assert_eq!(site.row(ended).await?.deadline, before[open.len()]);
        assert_eq!(deletion(&site).await?, 11);
    }
    Ok(())
}

#[tokio::test]
async fn job_after_gap_keeps_its_deadline() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let now = clock::now() - TimeDelta::hours(1);
        let tolerance = TimeDelta::minutes(1);
        site.store.note_served(now, tolerance, LIMITS).await?;
        let resumed = now + TimeDelta::minutes(30);
        site.store.begin_service(resumed, tolerance).await?;
        let job = site.awaiting(dataset_id).await?;
        site.store.note_served(resumed, tolerance, LIMITS).await?;
        assert_eq!(site.row(job.id).await?.deadline, job.deadline);
    }
    Ok(())
}

#[tokio::test]
async fn job_before_the_gap_is_noted_keeps_its_deadline() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let (now, tolerance) = (clock::now(), TimeDelta::minutes(1));
        let served = now - TimeDelta::hours(1);
        site.store.note_served(served, tolerance, LIMITS).await?;
        // One process serves already when another one notes the gap.
        let job = site.ready(dataset_id).await?;
        let deadline = site.row(job).await?.deadline;
        let noted = clock::now() + TimeDelta::seconds(1);
        let gap = site.store.note_served(noted, tolerance, LIMITS).await?;
        assert!(gap.is_some());
        assert_eq!(site.row(job).await?.deadline, deadline);
    }
    Ok(())
}

#[tokio::test]
async fn preview_that_is_made_while_the_gap_is_added_keeps_its_deadline() -> Result<()> {
    for site in sites().await? {
        let job = site.ready(site.dataset().await?).await?;
        let deadline = site.row(job).await?.deadline;
        let (now, tolerance) = (clock::now(), TimeDelta::minutes(1));
        site.store.note_served(now, tolerance, LIMITS).await?;
        let resumed = now + TimeDelta::hours(1);
        // A preview that is made now has this deadline.
        let limits = GapLimits {
            previews: deadline - resumed,
            ..LIMITS
        };
        site.store.note_served(resumed, tolerance, limits).await?;
        assert_moved(site.row(job).await?.deadline - deadline, TimeDelta::zero());
    }
    Ok(())
}

#[tokio::test]
async fn gap_ends_at_hard_limit() -> Result<()> {
    for site in sites().await? {
        let job = site.awaiting(site.dataset().await?).await?;
        let (now, tolerance) = (clock::now(), TimeDelta::minutes(1));
        site.store.note_served(now, tolerance, LIMITS).await?;
        let resumed = now + TimeDelta::days(10);
        site.store.note_served(resumed, tolerance, LIMITS).await?;
        assert_moved(
            site.row(job.id).await?.deadline - job.created_at,
            LIMITS.uploads,
        );
    }
    Ok(())
}
