//! What triggers count is what there is.

use uuid::Uuid;

use super::confirm::BATCH;
use super::{Inconsistency, Kind, Report};
use crate::app::App;
use crate::error::Result;

/// Compares the number of versions of each dataset, and looks up its current one.
pub(super) async fn check_datasets(app: &App, report: &mut Report) -> Result<()> {
    report.begin("datasets");
    let mut after = Uuid::nil();
    loop {
        let page = app.store.counted_datasets(after, BATCH).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.id;
        report.count(page.len());
        for dataset in page {
            if dataset.counted != dataset.found {
                let (counted, found) = (dataset.counted, dataset.found);
                let message = format!("{counted} versions are counted, and there are {found}");
                report.add(&Inconsistency {
                    dataset_id: Some(dataset.id),
                    ..Inconsistency::new(Kind::LiveVersions, message)
                });
            }
            if !dataset.has_current {
                report.add(&Inconsistency {
                    dataset_id: Some(dataset.id),
                    version: dataset.current_version,
                    ..Inconsistency::new(Kind::CurrentVersion, "the current version does not exist")
                });
            }
        }
    }
}

/// Compares the bytes that each principal stores.
pub(super) async fn check_principals(app: &App, report: &mut Report) -> Result<()> {
    report.begin("principals");
    let mut after = Uuid::nil();
    loop {
        // One at a time: its versions may be many, and a statement has a time limit.
        let page = app.store.counted_principals(after, 1).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.id;
        report.count(page.len());
        for principal in page {
            if principal.counted != principal.found {
                let (counted, found) = (principal.counted, principal.found);
                let message = format!("{counted} stored bytes are counted, and there are {found}");
                report.add(&Inconsistency {
                    principal_id: Some(principal.id),
                    ..Inconsistency::new(Kind::StoredBytes, message)
                });
            }
        }
    }
}
