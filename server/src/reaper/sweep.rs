//! The sweep: removes uploads that only S3 knows of.
//!
//! It looks at nothing but uploads below this deployment's prefix. Objects that no job knows of are listed, and removed only
//! when an operator says so: they may be anything.

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;

use super::round::Reaped;
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::storage::{ListedObject, ListedUpload, UploadMarker};
use crate::store::KeyOwner;

/// Removes every upload that no job will come back to and that is older than the grace.
///
/// # Errors
/// If the database or S3 does not respond.
pub(super) async fn sweep(app: &App, now: DateTime<Utc>, reaped: &mut Reaped) -> Result<()> {
    let mut marker = None;
    loop {
        let (orphans, next) = orphans_page(app, now, marker).await?;
        for upload in &orphans {
            // A job may have begun to complete an upload at the same key meanwhile.
            if is_abandoned(app, upload).await? {
                abort(app, upload, reaped).await;
            }
        }
        if next.is_none() || app.stopping.is_cancelled() {
            return Ok(());
        }
        marker = next;
    }
}

/// The uploads that a sweep would remove.
///
/// # Errors
/// If the database or S3 does not respond.
pub(super) async fn orphans(app: &App, now: DateTime<Utc>) -> Result<Vec<ListedUpload>> {
    let mut all = Vec::new();
    let mut marker = None;
    loop {
        let (orphans, next) = orphans_page(app, now, marker).await?;
        all.extend(orphans);
        if next.is_none() {
            return Ok(all);
        }
        marker = next;
    }
}

/// The orphans among one page of the listed uploads, and where the next page begins.
pub(crate) async fn orphans_page(
    app: &App,
    now: DateTime<Utc>,
    marker: Option<UploadMarker>,
) -> Result<(Vec<ListedUpload>, Option<UploadMarker>)> {
    let prefix = format!("{}datasets/", app.storage.prefix());
    let page = app.storage.uploads_page(&prefix, marker).await?;
    let mut orphans = Vec::new();
    for upload in page.uploads {
        let limit = now - app.settings.sweep_grace;
        let is_old = upload.initiated.is_some_and(|at| at < limit);
        if is_old && upload.key.starts_with(&prefix) && is_abandoned(app, &upload).await? {
            orphans.push(upload);
        }
    }
    Ok((orphans, page.next))
}

/// Whether no job will come back to an upload, and its abort takes nothing with it: a store that died in the middle of a
/// completion may list the upload beside the object that it was put together to, and share their data.
pub(crate) async fn is_abandoned(app: &App, upload: &ListedUpload) -> Result<bool> {
    let owner = app.store.find_key_owner(&upload.key).await?;
    if !is_orphan(upload, owner.as_ref()) {
        return Ok(false);
    }
    let of_another = owner
        .and_then(|owner| owner.upload_id)
        .is_some_and(|id| id != upload.upload_id);
    Ok(of_another || app.storage.head(&upload.key).await?.is_none())
}

async fn abort(app: &App, upload: &ListedUpload, reaped: &mut Reaped) {
    match app
        .storage
        .abort_upload(&upload.key, &upload.upload_id)
        .await
    {
        Ok(()) => {
            crash::at(Point::SweepUploadAborted);
            reaped.swept += 1;
        }
        Err(error) => {
            tracing::warn!(%error, "failed to abort an upload that no job knows of; it is tried again");
            app.metrics.failed_cleanings.inc();
            reaped.failed += 1;
        }
    }
}

/// Whether no job will come back to an upload. What is being completed is left alone, whatever the row says.
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

/// The objects below this deployment's prefix that the database does not account for.
#[derive(Clone, Debug, Default)]
pub(super) struct Unaccounted {
    /// No job knows the key, or the one that does has ended without ever having had an object.
    pub(super) unknown: Vec<ListedObject>,
    /// The job still waits for its upload, according to the database.
    pub(super) awaited: Vec<ListedObject>,
}

/// Lists the objects below this deployment's prefix, and looks up the job of each.
///
/// # Errors
/// If the database or S3 does not respond.
pub(super) async fn unaccounted_objects(app: &App) -> Result<Unaccounted> {
    let prefix = format!("{}datasets/", app.storage.prefix());
    let mut found = Unaccounted::default();
    let mut token = None;
    loop {
        let (objects, next) = app.storage.objects_page(&prefix, token).await?;
        for object in objects {
            match app.store.find_key_owner(&object.key).await? {
                None => found.unknown.push(object),
                Some(owner) if owner.is_cleaned => found.unknown.push(object),
                Some(owner) if owner.status == JobStatus::AwaitingUpload => {
                    found.awaited.push(object);
                }
                Some(_) => {}
            }
        }
        if next.is_none() {
            return Ok(found);
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
            is_cleaned: false,
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
