//! What follows an inspection: rejections, further inspections, commits of what was judged, and duplicates.

use anyhow::{Context, Result};
use chrono::TimeDelta;
use restow_api::job::JobStatus;
use restow_api::{Policy, ReadOptions};
use restow_inspect::Inspection;

use super::fixture::{INSPECTED, reason, sites};
use crate::clock;
use crate::error::Error;
use crate::quota::Quota;
use crate::store::{Ending, Inspected, NewVersion, Terms};

/// Options that say something.
fn semicolons() -> ReadOptions {
    ReadOptions {
        delimiter: Some(";".to_string()),
        ..ReadOptions::default()
    }
}

#[tokio::test]
async fn rejected_jobs_expire_and_are_cancelled() -> Result<()> {
    for site in sites().await? {
        let (store, dataset_id) = (&site.store, site.dataset().await?);
        let cancelled = site.rejected(dataset_id).await?;
        let expired = site.rejected(dataset_id).await?;
        assert_eq!(store.count_open_jobs().await?, 2, "on {}", site.url);
        assert!(store.cancel_job(cancelled, clock::now()).await?.is_some());
        let late = clock::now() + TimeDelta::days(8);
        assert_eq!(store.expire_inspected_jobs(late, 10).await?, 1);
        assert_eq!(site.status(expired).await?, JobStatus::Expired);
        assert_eq!(store.leftover_jobs(late, 10).await?.len(), 2);
    }
    Ok(())
}

#[tokio::test]
async fn rejected_job_is_inspected_with_other_options() -> Result<()> {
    for site in sites().await? {
        let (store, dataset_id) = (&site.store, site.dataset().await?);
        let job_id = site.rejected(dataset_id).await?;
        let options = semicolons();
        let again = store.inspect_again(job_id, &options, clock::now()).await?;
        let again = again.context("it is not inspected again")?;
        assert_eq!(
            (again.status(), again.read_options(), again.error.is_none()),
            (JobStatus::Inspecting, Some(&options), true),
            "on {}",
            site.url
        );
        assert!(store.find_inspection(job_id).await?.is_none());
        let twice = store.inspect_again(job_id, &options, clock::now()).await?;
        assert!(twice.is_none(), "inspected twice at once");
        let work = site.claim_next(clock::now()).await?;
        let work = work.context("the inspection is not due")?;
        assert_eq!(work.job.read_options(), Some(&options));
    }
    Ok(())
}

#[tokio::test]
async fn a_commit_needs_the_inspection_that_was_judged() -> Result<()> {
    for site in sites().await? {
        let (store, dataset_id) = (&site.store, site.dataset().await?);
        let job_id = site.ready(dataset_id).await?;
        let judged = site.commit(dataset_id, job_id, None);
        let options = semicolons();
        let again = store.inspect_again(job_id, &options, clock::now()).await?;
        assert!(again.is_some());
        let work = site.claim_next(clock::now()).await?;
        let claim = work.context("the inspection is not due")?.claim();
        let found = Inspection::default();
        assert!(store.finish_as_ready(claim, &found, clock::now()).await?);
        let late = store.commit_job(judged, None, clock::now()).await?;
        assert!(late.is_none(), "on {}", site.url);
        let judged = NewVersion {
            attempt: INSPECTED + 1,
            ..judged
        };
        assert!(
            store
                .commit_job(judged, None, clock::now())
                .await?
                .is_some()
        );
    }
    Ok(())
}

#[tokio::test]
async fn version_of_a_rejected_job_has_no_columns() -> Result<()> {
    for site in sites().await? {
        let (store, dataset_id) = (&site.store, site.dataset().await?);
        let claim = site.inspecting(dataset_id).await?.claim();
        let found = Inspection {
            row_count: Some(7),
            dialect: Some(semicolons()),
            ..Inspection::default()
        };
        let inspected = Inspected {
            claim,
            found: &found,
            read_options: Some(&semicolons()),
            deadline: clock::now(),
            completed_as: None,
        };
        let ending = Ending::Rejected(reason());
        assert!(store.finish_inspection(inspected, &ending).await?);
        let ready = site.commit(dataset_id, claim.job_id, None);
        assert!(store.commit_job(ready, None, clock::now()).await?.is_none());
        let rejected = NewVersion {
            status: JobStatus::Rejected,
            ..ready
        };
        let version = store.commit_job(rejected, None, clock::now()).await?;
        let version = version.context("it is not committed")?;
        assert_eq!(
            (version.row_count(), version.columns(), version.dialect()),
            (None, &[][..], None),
            "on {}",
            site.url
        );
        let next = site.awaiting(dataset_id).await?;
        let remembered = store.find_remembered_options(next.id).await?;
        let remembered = remembered.context("the options are forgotten")?;
        assert_eq!(remembered.into_options(), semicolons());
    }
    Ok(())
}

#[tokio::test]
async fn duplicate_becomes_no_version_and_is_cleaned() -> Result<()> {
    for site in sites().await? {
        let (store, dataset_id, now) = (&site.store, site.dataset().await?, clock::now());
        site.publish(dataset_id).await?;
        let job_id = site.ready(dataset_id).await?;
        let stale = site.commit(dataset_id, job_id, None);
        let refused = store.commit_duplicate(stale, None, now).await;
        assert!(matches!(refused, Err(Error::VersionConflict { .. })));
        let commit = site.commit(dataset_id, job_id, Some(1));
        let version = store.commit_duplicate(commit, None, now).await?;
        assert_eq!(version.context("not committed")?.number(), 1);
        let again = store.commit_duplicate(commit, None, now).await?;
        assert!(again.is_none(), "committed twice on {}", site.url);
        let row = site.row(job_id).await?;
        assert_eq!((&row.status[..], row.version), ("committed", Some(1)));
        assert_eq!(
            store
                .list_versions(site.principal.id, dataset_id, None, 10)
                .await?
                .len(),
            1
        );
        let due: Vec<_> = store.duplicate_jobs(clock::now(), 10).await?;
        assert_eq!(due.iter().map(|job| job.id).collect::<Vec<_>>(), [job_id]);
        assert!(store.leftover_jobs(clock::now(), 10).await?.is_empty());
        assert!(store.set_cleaned(job_id, now).await?);
        assert!(store.duplicate_jobs(clock::now(), 10).await?.is_empty());
        assert!(store.find_inspection(job_id).await?.is_none());
    }
    Ok(())
}

#[tokio::test]
async fn inspection_and_commit_are_one() -> Result<()> {
    for site in sites().await? {
        let (store, dataset_id, now) = (&site.store, site.dataset().await?, clock::now());
        let claim = site.inspecting(dataset_id).await?.claim();
        let inspected = Inspected {
            claim,
            found: &Inspection::default(),
            read_options: None,
            deadline: now,
            completed_as: None,
        };
        let stale = site.commit(dataset_id, claim.job_id, Some(7));
        let refused = store.commit_job(stale, Some(inspected), now).await;
        assert!(matches!(refused, Err(Error::VersionConflict { .. })));
        assert_eq!(site.status(claim.job_id).await?, JobStatus::Inspecting);
        assert!(store.find_inspection(claim.job_id).await?.is_none());

        let overtaken = Inspected {
            claim: crate::store::Claim {
                attempt: claim.attempt - 1,
                ..claim
            },
            ..inspected
        };
        let commit = site.commit(dataset_id, claim.job_id, None);
        let lost = store.commit_job(commit, Some(overtaken), now).await?;
        assert!(lost.is_none(), "on {}", site.url);
        assert_eq!(site.current_version(dataset_id).await?, None);
        let committed = store.commit_job(commit, Some(inspected), now).await?;
        assert!(committed.is_some());
        assert_eq!(site.status(claim.job_id).await?, JobStatus::Committed);
        assert!(store.find_inspection(claim.job_id).await?.is_some());
    }
    Ok(())
}

#[tokio::test]
async fn last_stated_terms_win_until_the_inspection() -> Result<()> {
    for site in sites().await? {
        let (store, dataset_id) = (&site.store, site.dataset().await?);
        let claim = site.completing(dataset_id).await?.claim();
        let (first, late) = (semicolons(), ReadOptions::default());
        let commit = Terms {
            read_options: Some(&first),
            commit: true,
        };
        store.note_terms(claim.job_id, commit).await?;
        store.note_terms(claim.job_id, Terms::default()).await?;
        let finished = store.finish_completion(claim, "etag", clock::now());
        assert!(finished.await?);
        let late = Terms {
            read_options: Some(&late),
            commit: false,
        };
        store.note_terms(claim.job_id, late).await?;
        let work = site.claim_next(clock::now()).await?;
        let job = work.context("the inspection is not due")?.job;
        assert_eq!(
            (job.read_options(), job.auto_commit),
            (Some(&first), true),
            "on {}",
            site.url
        );
        let terms = store.find_auto_commit(job.id).await?;
        assert!(terms.context("the dataset is gone")?.is_wanted());
    }
    Ok(())
}

#[tokio::test]
async fn policy_of_the_dataset_wants_a_commit() -> Result<()> {
    for site in sites().await? {
        let (store, dataset_id) = (&site.store, site.dataset().await?);
        let job = site.new_job(dataset_id);
        assert!(store.insert_job(&job, Quota::default()).await?);
        let terms = store.find_auto_commit(job.id).await?;
        assert!(!terms.context("the dataset is gone")?.is_wanted());
        let policy = Policy {
            auto_commit: true,
            max_row_loss: Some(0.25),
            ..Policy::default()
        };
        let owner = site.principal.id;
        let updated = store
            .update_dataset(owner, dataset_id, None, Some(&policy), clock::now())
            .await?;
        assert_eq!(updated.context("it is gone")?.policy, policy);
        let renamed = store
            .update_dataset(owner, dataset_id, Some("another"), None, clock::now())
            .await?;
        let renamed = renamed.context("it is gone")?;
        assert_eq!((&renamed.name[..], &renamed.policy), ("another", &policy));
        let terms = store.find_auto_commit(job.id).await?;
        let terms = terms.context("the dataset is gone")?;
        assert!(terms.is_wanted(), "on {}", site.url);
        assert_eq!(terms.policy(), policy);
    }
    Ok(())
}
