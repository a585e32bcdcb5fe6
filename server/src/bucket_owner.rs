//! Which deployment a bucket belongs to, by a marker object in it.
//!
//! A second deployment, or a restored backup, must not take the live uploads of another one for its own leftovers: what
//! removes anything by listing the bucket has to check here first.

use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;

/// Name of the marker object, which contains the id of the deployment.
const MARKER: &str = ".restow-instance";

/// Whether the bucket belongs to this deployment; `None` where it has no marker. Nothing is changed.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn is_own(app: &App) -> Result<Option<bool>> {
    let own = app.store.instance_id().await?.to_string();
    let found = app.storage.read_text(&marker(app)).await?;
    Ok(found.map(|found| found.trim() == own))
}

/// Whether the bucket belongs to this deployment. A bucket without a marker is claimed for it.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn claim(app: &App) -> Result<bool> {
    if let Some(own) = is_own(app).await? {
        return Ok(own);
    }
    app.storage
        .write_once(&marker(app), &app.store.instance_id().await?.to_string())
        .await?;
    crash::at(Point::SweepMarkerWritten);
    // Another process may have written the marker first.
    Ok(is_own(app).await? == Some(true))
}

fn marker(app: &App) -> String {
    format!("{}{MARKER}", app.storage.prefix())
}
