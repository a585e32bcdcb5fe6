//! Service: deadlines count only while clients can reach the deployment.
//!
//! Each process that serves the API confirms every few seconds that it does, with S3 and the database in reach,
//! and a gap (a weekend of downtime, an outage of S3, a jump of the clock) is added to the deadlines of all open jobs. For a
//! while after a gap nothing expires, so that clients can come back first.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::{self, MissedTickBehavior};

use crate::app::App;
use crate::error::{Error, Result};
use crate::store::GapLimits;
use crate::{health, ownership};

/// Least time between two confirmations.
const MIN_INTERVAL: Duration = Duration::from_millis(100);

/// Most time between two confirmations, and between two readings of the database's clock.
const MAX_INTERVAL: Duration = Duration::from_secs(10);

/// Confirms once that this process serves the API, with S3 and database in reach, and adds the gap before it, if there is
/// one, to the deadlines of all open jobs. While S3 cannot be reached, or the bucket is another one, no client can upload,
/// so that is no service.
///
/// # Errors
/// If the database does not respond.
pub async fn confirm(app: &App) -> Result<()> {
    let health = health::check(app).await;
    let in_reach = match ownership::check(app).await {
        Ok(ownership) => health.storage.is_available() && ownership.may_work(),
        Err(Error::Storage(_)) => false,
        Err(error) => return Err(error),
    };
    if !in_reach {
        tracing::debug!("clients cannot upload: deadlines are put off for as long as that lasts");
        return Ok(());
    }
    let limits = GapLimits {
        uploads: app.settings.job_hard_limit,
        previews: app.settings.preview_deadline,
    };
    let gap = app
        .store
        .note_served(app.now(), app.settings.downtime_tolerance, limits)
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
    let interval = (tolerance / 3).clamp(MIN_INTERVAL, MAX_INTERVAL);
    repeat(&app, interval, || async {
        if let Err(error) = confirm(&app).await {
            tracing::warn!(%error, "failed to note that the deployment is served");
        }
    })
    .await;
}

/// Reads the database's clock every few seconds, for a process that does not serve, until it stops.
pub async fn read_clock(app: Arc<App>) {
    repeat(&app, MAX_INTERVAL, || async {
        if let Err(error) = app.store.server_time().await {
            tracing::debug!(%error, "failed to read the database's clock");
        }
    })
    .await;
}

async fn repeat<F: Future<Output = ()>>(app: &App, interval: Duration, work: impl Fn() -> F) {
    let mut ticks = time::interval(interval);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            _ = ticks.tick() => work().await,
        }
    }
}

/// Whether the deployment has been served without a gap for less than the job grace: clients are to come back before
/// their jobs expire.
///
/// # Errors
/// If the database does not respond.
pub async fn is_in_grace(app: &App) -> Result<bool> {
    let end = grace_end(app).await?;
    Ok(end.is_none_or(|end| app.now() < end))
}

/// Until when nothing expires since the deployment was not served before; `None` where it never was.
///
/// # Errors
/// If the database does not respond.
pub async fn grace_end(app: &App) -> Result<Option<DateTime<Utc>>> {
    let since = app.store.service().await?.serving_since;
    Ok(since.map(|since| since + app.settings.job_grace))
}

/// Why no time that has passed can be trusted now, if so.
///
/// # Errors
/// If the database does not respond.
pub async fn hold(app: &App) -> Result<Option<&'static str>> {
    let service = app.store.service().await?;
    let (now, tolerance) = (app.now(), app.settings.downtime_tolerance);
    let Some(served_at) = service.served_at else {
        return Ok(Some("no process has served yet"));
    };
    if (now - served_at).abs() > tolerance {
        return Ok(Some("no process serves, or the clock has jumped"));
    }
    if service.is_adding_gap() {
        return Ok(Some(
            "a gap in service is still being added to the deadlines",
        ));
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
