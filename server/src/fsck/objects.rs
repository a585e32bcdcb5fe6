//! Every object belongs to a job.

use restow_api::job::JobStatus;

use super::confirm::confirm;
use super::{Inconsistency, Kind, Report};
use crate::app::App;
use crate::error::Result;
use crate::storage::ListedObject;
use crate::store::KeyOwner;

/// Looks up the job of every object below this deployment's prefix.
pub(super) async fn check(app: &App, report: &mut Report) -> Result<()> {
    report.begin("objects");
    let prefix = format!("{}datasets/", app.storage.prefix());
    let mut token = None;
    loop {
        let (page, next) = app.storage.objects_page(&prefix, token).await?;
        report.count(page.len());
        confirm(page, report, async |object, again| {
            look_up(app, object, again).await
        })
        .await?;
        if next.is_none() {
            return Ok(());
        }
        token = next;
    }
}

async fn look_up(app: &App, object: &ListedObject, again: bool) -> Result<Option<Inconsistency>> {
    if again && app.storage.head(&object.key).await?.is_none() {
        return Ok(None);
    }
    let owner = app.store.find_key_owner(&object.key).await?;
    let Some((kind, message)) = problem(owner.as_ref()) else {
        return Ok(None);
    };
    let size = object.size.unwrap_or_default();
    Ok(Some(Inconsistency {
        key: Some(object.key.clone()),
        ..Inconsistency::new(kind, format!("{message}; it has {size} bytes"))
    }))
}

fn problem(owner: Option<&KeyOwner>) -> Option<(Kind, &'static str)> {
    match owner {
        None => Some((Kind::UnknownObject, "no job knows the object")),
        Some(owner) if owner.is_cleaned => Some((
            Kind::UnknownObject,
            "the job of the object has ended, and does not need it",
        )),
        Some(owner) if owner.status == JobStatus::AwaitingUpload => Some((
            Kind::AwaitedObject,
            "the job of the object still waits for its upload",
        )),
        Some(_) => None,
    }
}
