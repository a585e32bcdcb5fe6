//! Every multipart upload belongs to a job that will come back to it or clean it up, or is within its grace.

use restow_api::job::JobStatus;

use super::confirm::confirm;
use super::{Inconsistency, Kind, Report};
use crate::app::App;
use crate::error::Result;
use crate::reaper::{is_abandoned, orphans_page};
use crate::storage::ListedUpload;

/// Looks up the job of every upload below this deployment's prefix.
pub(super) async fn check(app: &App, report: &mut Report) -> Result<()> {
    report.begin("unknown uploads");
    let mut marker = None;
    loop {
        let (page, next) = orphans_page(app, app.now(), marker).await?;
        report.count(page.len());
        confirm(page, report, async |upload, again| {
            look_up(app, upload, again).await
        })
        .await?;
        if next.is_none() {
            return Ok(());
        }
        marker = next;
    }
}

async fn look_up(app: &App, upload: &ListedUpload, again: bool) -> Result<Option<Inconsistency>> {
    let owner = app.store.find_key_owner(&upload.key).await?;
    let is_to_be_cleaned = owner.is_some_and(|owner| {
        let has_ended = matches!(
            owner.status,
            JobStatus::Failed | JobStatus::Cancelled | JobStatus::Expired
        );
        has_ended && !owner.is_cleaned
    });
    if is_to_be_cleaned || again && !is_listed(app, upload).await? {
        return Ok(None);
    }
    let message = match upload.initiated {
        Some(time) => format!("no job comes back to an upload of {time}"),
        None => "no job comes back to an upload".to_string(),
    };
    Ok(Some(Inconsistency {
        key: Some(upload.key.clone()),
        ..Inconsistency::new(Kind::UnknownUpload, message)
    }))
}

/// Whether the upload is still there, and abandoned.
async fn is_listed(app: &App, upload: &ListedUpload) -> Result<bool> {
    let ids = app.storage.list_uploads(&upload.key).await?;
    Ok(ids.contains(&upload.upload_id) && is_abandoned(app, upload).await?)
}
