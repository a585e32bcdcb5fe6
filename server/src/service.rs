//! Service: whether somebody has been able to act on deadlines.
//!
//! Deadlines count only while the deployment is served: each process that serves or works confirms it every few seconds,
//! and a gap (a weekend of downtime, an outage of S3, a jump of the clock) is added to the deadlines of all open jobs. For a
//! while after a gap nothing expires, so that clients can come back first.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::error::Result;
use crate::health;

/// How often a process confirms that it serves, at most and at least.
const INTERVALS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// Confirms once that this process serves, with S3 and database in reach, and adds the gap before it, if there is one, to
/// the deadlines of all open jobs. While S3 cannot be reached nobody can upload, so that is no service.
///
/// # Errors
/// If the database does not respond.
pub async fn confirm(app: &App) -> Result<()> {
    let health = health::check(app).await;
    if !health.storage.is_available() {
        tracing::debug!("S3 is not available: deadlines are put off for as long as that lasts");
        return Ok(());
    }
    let gap = app
        .store
        .note_served(
            app.now(),
            app.settings.downtime_tolerance,
            app.settings.job_hard_limit,
        )
        .await?;
    if let Some(gap) = gap {
        tracing::warn!(
            seconds = gap.num_seconds(),
            "the deployment was not served for a while; the deadlines of all open jobs are put off by that"
        );
    }
    Ok(())
}

/// Confirms every few seconds that this process serves, until it stops.
pub async fn run(app: Arc<App>) {
    // One or two confirmations that fail are no gap.
    let tolerance = app.settings.downtime_tolerance.to_std().unwrap_or_default();
    let mut ticks = interval((tolerance / 3).clamp(INTERVALS.0, INTERVALS.1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = confirm(&app).await {
            tracing::warn!(%error, "failed to note that the deployment is served");
        }
    }
}

/// Why nothing may expire now, if so.
///
/// # Errors
/// If the database does not respond.
pub async fn hold(app: &App) -> Result<Option<&'static str>> {
    let service = app.store.service().await?;
    let (now, tolerance) = (app.now(), app.settings.downtime_tolerance);
    let (Some(served_at), Some(since)) = (service.served_at, service.serving_since) else {
        return Ok(Some("no process has served yet"));
    };
    if (now - served_at).abs() > tolerance {
        return Ok(Some("no process serves, or the clock has jumped"));
    }
    if now < since + app.settings.job_grace {
        return Ok(Some("service began less than the job grace ago"));
    }
    let health = health::check(app).await;
    if !health.storage.is_available() {
        return Ok(Some("S3 is not available"));
    }
    if health.database.skew_seconds().is_some() || health.storage.skew_seconds().is_some() {
        return Ok(Some("the clocks of database, S3 and this process differ"));
    }
    Ok(None)
}
