//! What metrics say of the jobs in the database.

use anyhow::Result;
use chrono::TimeDelta;

use super::fixture::{FILE_SIZE, sites};
use crate::clock;

#[tokio::test]
async fn backlog_has_the_oldest_jobs_and_open_uploads() -> Result<()> {
    for site in sites().await? {
        let store = &site.store;
        let dataset = site.dataset().await?;
        let size = i64::try_from(FILE_SIZE)?;
        let now = clock::now();
        let empty = store.backlog(now, now).await?;
        assert_eq!((empty.open_uploads, empty.uploads_at_risk()), (0, 0));
        assert!(empty.oldest_due().iter().all(|(_, since)| since.is_none()));

        site.uploaded(dataset).await?;
        let open = site.awaiting(dataset).await?;
        let cancelled = site.awaiting(dataset).await?;
        assert!(store.cancel_job(cancelled.id, now).await?.is_some());
        let later = now + TimeDelta::minutes(10);
        // URLs of the open job may still be valid.
        let backlog = store
            .backlog(later, open.deadline - TimeDelta::minutes(1))
            .await?;
        assert_eq!((backlog.open_uploads, backlog.open_bytes), (1, size));
        assert_eq!(
            (backlog.uploads_at_risk(), backlog.bytes_at_risk()),
            (1, size)
        );
        for (state, since) in backlog.oldest_due() {
            assert_eq!(since.is_some(), state != "completing", "{state}");
        }
        // None of them is any more.
        let backlog = store
            .backlog(later, open.deadline + TimeDelta::minutes(1))
            .await?;
        assert_eq!(
            (backlog.uploads_at_risk(), backlog.bytes_at_risk()),
            (2, 2 * size)
        );
    }
    Ok(())
}
