//! Uploads and objects that only S3 has, and no job.
//!
//! Only keys under the prefix of datasets are looked at. What is found may be removed only where the bucket belongs to
//! this deployment (`bucket_owner`).

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;

use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::storage::{ListedUpload, UploadMarker};
use crate::store::KeyOwner;

/// A page of a search for orphaned uploads.
#[derive(Debug)]
pub struct OrphanPage {
    /// Uploads of this page that no job knows of and that are older than the grace.
    pub orphans: Vec<ListedUpload>,
    /// Where the next page begins, if there is one.
    pub next: Option<UploadMarker>,
}

/// Finds uploads that no job knows of and that are older than the grace, one page of S3's list at a time. Nothing is
/// changed.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn find_orphans(
    app: &App,
    now: DateTime<Utc>,
    marker: Option<UploadMarker>,
) -> Result<OrphanPage> {
    let prefix = dataset_prefix(app);
    let initiated_before = now - app.settings.sweep_grace;
    let page = app.storage.uploads_page(&prefix, marker).await?;
    let mut orphans = Vec::new();
    for upload in page.uploads {
        let is_old = upload.initiated.is_some_and(|at| at < initiated_before);
        if is_old && upload.key.starts_with(&prefix) && has_no_job(app, &upload).await? {
            orphans.push(upload);
        }
    }
    Ok(OrphanPage {
        orphans,
        next: page.next,
    })
}

/// Aborts an upload that [`find_orphans`] found, unless a job has come to know of it since; returns whether it did.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn remove_orphan(app: &App, upload: &ListedUpload) -> Result<bool> {
    if !has_no_job(app, upload).await? {
        return Ok(false);
    }
    app.storage
        .abort_upload(&upload.key, &upload.upload_id)
        .await?;
    crash::at(Point::SweepUploadAborted);
    Ok(true)
}

async fn has_no_job(app: &App, upload: &ListedUpload) -> Result<bool> {
    let owner = app.store.find_key_owner(&upload.key).await?;
    Ok(is_orphan(upload, owner.as_ref()))
}

fn dataset_prefix(app: &App) -> String {
    format!("{}datasets/", app.storage.prefix())
}

/// Whether no job will ever use an upload. The uploads of a job that is completing stay, whatever the row says. A store
/// that crashed in the middle of a completion may list the upload beside the object that it became; an abort
/// could then destroy the object's data, so the upload stays until the object is gone.
fn is_orphan(upload: &ListedUpload, owner: Option<&KeyOwner>) -> bool {
    let Some(owner) = owner else { return true };
    let known = owner.upload_id.as_ref() == Some(&upload.upload_id);
    let given_up = owner.is_removed
        || matches!(
            owner.status,
            JobStatus::Failed | JobStatus::Cancelled | JobStatus::Expired
        );
    owner.status != JobStatus::Completing && (!known || given_up)
}

/// The keys of objects under our prefix that belong to no job. They are only listed, or deleted when an operator
/// requests it: they may be anything.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn unknown_objects(app: &App) -> Result<Vec<String>> {
    let prefix = dataset_prefix(app);
    let mut unknown = Vec::new();
    let mut token = None;
    loop {
        let (keys, next) = app.storage.keys_page(&prefix, token).await?;
        for key in keys {
            if app.store.find_key_owner(&key).await?.is_none() {
                unknown.push(key);
            }
        }
        if next.is_none() {
            return Ok(unknown);
        }
        token = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_without_a_job_are_orphans() {
        let upload = ListedUpload {
            key: "k".into(),
            upload_id: "u".into(),
            initiated: None,
        };
        let owner = |status, upload_id: Option<&str>| KeyOwner {
            status,
            upload_id: upload_id.map(Into::into),
            is_removed: false,
        };
        assert!(is_orphan(&upload, None));
        for (status, upload_id, orphan) in [
            (JobStatus::AwaitingUpload, Some("u"), false),
            (JobStatus::AwaitingUpload, Some("other"), true),
            (JobStatus::AwaitingUpload, None, true),
            (JobStatus::Completing, Some("u"), false),
            (JobStatus::Completing, Some("other"), false),
            (JobStatus::Committed, Some("u"), false),
            (JobStatus::Committed, Some("other"), true),
            (JobStatus::Cancelled, Some("u"), true),
            (JobStatus::Expired, None, true),
        ] {
            assert_eq!(
                is_orphan(&upload, Some(&owner(status, upload_id))),
                orphan,
                "{status} {upload_id:?}"
            );
        }
        let removed = KeyOwner {
            is_removed: true,
            ..owner(JobStatus::Committed, Some("u"))
        };
        assert!(is_orphan(&upload, Some(&removed)));
    }
}
