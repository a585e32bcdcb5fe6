//! Every version has its object, and so has every job whose upload is complete.

use restow_api::job::JobStatus;
use uuid::Uuid;

use super::confirm::{BATCH, confirm};
use super::{Inconsistency, Kind, Report};
use crate::app::App;
use crate::error::Result;
use crate::store::ExpectedObject;

/// Compares the objects of all versions.
pub(super) async fn check_versions(app: &App, report: &mut Report) -> Result<()> {
    report.begin("versions");
    let mut after = (Uuid::nil(), 0);
    loop {
        let page = app.store.expected_versions(after, BATCH).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = (last.dataset_id, last.version.unwrap_or_default());
        check(app, page, report).await?;
    }
}

/// Compares the objects of all jobs whose upload is complete.
pub(super) async fn check_jobs(app: &App, report: &mut Report) -> Result<()> {
    report.begin("jobs");
    let mut after = Uuid::nil();
    loop {
        let mut page = app.store.expected_jobs(after, BATCH).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.job_id;
        page.retain(has_object);
        check(app, page, report).await?;
    }
}

/// Whether there has to be an object: in other states, it may be there or not.
fn has_object(object: &ExpectedObject) -> bool {
    matches!(
        object.status(),
        JobStatus::Committed | JobStatus::Inspecting | JobStatus::Ready | JobStatus::Rejected
    )
}

async fn check(app: &App, page: Vec<ExpectedObject>, report: &mut Report) -> Result<()> {
    report.count(page.len());
    confirm(page, report, async |object, again| {
        if !again {
            return compare(app, object).await;
        }
        match app.store.expected_again(object).await? {
            Some(object) if has_object(&object) => compare(app, &object).await,
            _ => Ok(None),
        }
    })
    .await
}

async fn compare(app: &App, object: &ExpectedObject) -> Result<Option<Inconsistency>> {
    let expected = object.size();
    let (kind, message) = match app.storage.head(&object.s3_key).await? {
        Some(head) if head.is_of(object.job_id, expected) => return Ok(None),
        Some(head) if head.job_id != Some(object.job_id) => (
            Kind::WrongJob,
            "the metadata of the object names another job, or none".to_string(),
        ),
        Some(head) => (
            Kind::WrongLength,
            format!("the object has {} bytes instead of {expected}", head.size),
        ),
        // The reaper removes the object before the row.
        None if is_removable(app, object) => return Ok(None),
        None => (
            Kind::MissingObject,
            format!("the object of {expected} bytes is not in the bucket"),
        ),
    };
    Ok(Some(Inconsistency {
        key: Some(object.s3_key.clone()),
        job_id: Some(object.job_id),
        dataset_id: Some(object.dataset_id),
        version: object.version,
        ..Inconsistency::new(kind, message)
    }))
}

fn is_removable(app: &App, object: &ExpectedObject) -> bool {
    let limit = app.now() - app.settings.removal_grace();
    object.over_since.is_some_and(|since| since < limit)
}
