//! Pruning: samples and rows that have been kept long enough.

use chrono::{DateTime, Utc};

use super::round::{BATCH, Reaped};
use crate::app::App;
use crate::error::Result;

/// Removes samples of versions that were committed long ago, since they are other people's data.
pub(super) async fn remove_samples(app: &App, now: DateTime<Utc>) -> Result<()> {
    let limit = now - app.settings.keep_samples;
    while app.store.remove_samples(limit, BATCH).await? > 0 {
        if app.stopping.is_cancelled() {
            break;
        }
    }
    Ok(())
}

/// Forgets jobs that ended long ago.
pub(super) async fn forget_jobs(app: &App, now: DateTime<Utc>, reaped: &mut Reaped) -> Result<()> {
    let limit = now - app.settings.keep_jobs;
    loop {
        let forgotten = app.store.forget_jobs(limit, BATCH).await?;
        reaped.forgotten_jobs += forgotten;
        if forgotten == 0 || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

/// Forgets tokens that have not been valid for as long as the rows of jobs are kept.
pub(super) async fn forget_tokens(app: &App, now: DateTime<Utc>) -> Result<()> {
    let limit = now - app.settings.keep_jobs;
    while app.store.forget_tokens(limit, BATCH).await? > 0 {
        if app.stopping.is_cancelled() {
            break;
        }
    }
    Ok(())
}

/// Forgets the tokens of CI jobs that were exchanged, once their issuer's own expiry refuses them.
pub(super) async fn forget_exchanged_ci_tokens(app: &App, now: DateTime<Utc>) -> Result<()> {
    while app.store.forget_exchanged_ci_tokens(now, BATCH).await? > 0 {
        if app.stopping.is_cancelled() {
            break;
        }
    }
    Ok(())
}
