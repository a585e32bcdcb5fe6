//! The sweep: removes uploads that only S3 knows of.
//!
//! It looks at nothing but uploads under our own prefix, and at none of them unless the bucket is this deployment's: a
//! second deployment, or a restored backup, must not take the other's live uploads for its own leftovers.

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;

use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::storage::ListedUpload;
use crate::store::KeyOwner;

/// Name of the object that says whose the bucket is.
const MARKER: &str = ".restow-instance";

/// What a sweep found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads that were removed, or would have been.
    pub uploads: u64,
    /// Uploads that could not be removed, and are tried again.
    pub failed: u64,
}

/// Whether the bucket is this deployment's, as far as a look can tell; `None` where it is nobody's yet.
async fn owns_bucket(app: &App) -> Result<Option<bool>> {
    let own = app.store.instance_id().await?.to_string();
    let found = app.storage.read_text(&marker(app)).await?;
    Ok(found.map(|found| found.trim() == own))
}

/// Whether the bucket is this deployment's. The first one to ask takes a bucket that is nobody's.
pub async fn take_bucket(app: &App) -> Result<bool> {
    if let Some(own) = owns_bucket(app).await? {
        return Ok(own);
    }
    app.storage
        .write_once(&marker(app), &app.store.instance_id().await?.to_string())
        .await?;
    crash::at(Point::SweepMarkerWritten);
    Ok(owns_bucket(app).await? == Some(true))
}

fn marker(app: &App) -> String {
    format!("{}{MARKER}", app.storage.prefix())
}

/// Removes every upload that no job knows of and that is older than the grace; with `dry_run` it only tells of them.
///
/// # Errors
/// If the database or S3 does not answer.
pub async fn sweep(
    app: &App,
    now: DateTime<Utc>,
    dry_run: Option<&mut Vec<ListedUpload>>,
) -> Result<Swept> {
    let mut swept = Swept::default();
    let mut listed = dry_run;
    let own = match &listed {
        Some(_) => owns_bucket(app).await?.unwrap_or(true),
        None => take_bucket(app).await?,
    };
    if !own {
        tracing::warn!("the bucket is another deployment's; nothing in it is swept");
        return Ok(swept);
    }
    let prefix = format!("{}datasets/", app.storage.prefix());
    let mut marker = None;
    loop {
        let page = app.storage.uploads_page(&prefix, marker).await?;
        for upload in page
            .uploads
            .into_iter()
            .filter(|upload| upload.key.starts_with(&prefix))
        {
            let old = upload
                .initiated
                .is_some_and(|at| at < now - app.settings.sweep_grace);
            if !old
                || !is_orphan(
                    &upload,
                    app.store.find_key_owner(&upload.key).await?.as_ref(),
                )
            {
                continue;
            }
            match &mut listed {
                Some(listed) => listed.push(upload),
                None => abort(app, &upload, &mut swept).await,
            }
        }
        if page.next.is_none() || app.stopping.is_cancelled() {
            return Ok(swept);
        }
        marker = page.next;
    }
}

async fn abort(app: &App, upload: &ListedUpload, swept: &mut Swept) {
    match app
        .storage
        .abort_upload(&upload.key, &upload.upload_id)
        .await
    {
        Ok(()) => {
            crash::at(Point::SweepUploadAborted);
            swept.uploads += 1;
        }
        Err(error) => {
            tracing::warn!(%error, "an upload that no job knows of could not be removed");
            app.metrics.failed_cleanings.inc();
            swept.failed += 1;
        }
    }
}

/// Whether no job will ever come back to an upload. What is being completed is left alone, whatever the row says. A store
/// that died in the middle of a completion may list the upload beside the object that it was put together to; to abort
/// it then could take the object's data, so it waits until the object is gone.
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

/// The keys of objects under our prefix that no job knows of. They are only ever told of, or removed when somebody says
/// so: they may be anything.
///
/// # Errors
/// If the database or S3 does not answer.
pub async fn unknown_objects(app: &App) -> Result<Vec<String>> {
    let prefix = format!("{}datasets/", app.storage.prefix());
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
    fn an_upload_is_an_orphan_when_no_job_will_come_back_to_it() {
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
