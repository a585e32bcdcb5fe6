//! The reaper: ends jobs that no client comes back for, and removes from S3 what is left over.
//!
//! A job expires when it waits for its upload, its deadline and the grace after it have passed, and no part has
//! arrived lately; or when it is ready and its deadline has passed. A job is cleaned when it ended without a version.
//! The object of a version is removed when its dataset is deleted, or when it is older than what is kept. An upload
//! that no job knows of is swept. Nothing else is touched, and nothing that is being completed.
//!
//! Three conditions come before all of that: this process holds the reaper's lease, so that one reaper works at a
//! time; the database owns the bucket and is up to date ([`crate::ownership`]); and, for what expires, the deployment
//! has been served ([`crate::service`]). Each duty is a module, and one that fails does not stop the others.

mod clean;
mod events;
mod expire;
mod idempotency;
mod lease;
mod prune;
mod remove;
mod retire;
mod round;
mod stake;
mod survey;
mod sweep;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;
use tokio::time::sleep;

use self::lease::ReaperLease;
use self::round::BATCH;
pub use self::round::Reaped;
pub use self::stake::{LostVersion, Stake, stake};
pub use self::survey::{Survey, survey};
pub(crate) use self::sweep::{is_abandoned, orphans_page};
use crate::app::App;
use crate::error::Result;
use crate::metrics::DutyOutcome;
use crate::{ownership, service};

/// How long a duty may keep the others from their turn. What it has not done by then is first in the next round.
const MAX_DUTY_TIME: Duration = Duration::from_mins(1);

/// Why a round does not begin.
const NO_LEASE: &str = "another reaper is at work, or reaping is paused";

/// How a round of the reaper ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// All duties were attended to.
    Done(Reaped),
    /// Nothing was touched, for this reason.
    Skipped(&'static str),
}

/// Reaps again and again until the process is to stop.
pub async fn run(app: Arc<App>) {
    loop {
        let outcome = async { reap_with(&app, ReaperLease::take(&app).await?).await };
        match outcome.await {
            Ok(Round::Done(reaped)) if reaped == Reaped::default() => {}
            Ok(Round::Done(reaped)) => tracing::info!(?reaped, "reaped"),
            Ok(Round::Skipped(reason)) => tracing::debug!(reason, "the reaper skipped a round"),
            Err(error) => tracing::warn!(%error, "the reaper failed to begin a round"),
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = sleep(app.settings.reap_interval) => {}
        }
    }
}

/// Removes the objects that no job knows of, and counts them, or says why not.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn delete_unknown_objects(app: &App) -> Result<Result<u64, &'static str>> {
    let Some(lease) = ReaperLease::wait(app).await? else {
        return Ok(Err(NO_LEASE));
    };
    let removal = async {
        if !ownership::check(app).await?.is_owner() {
            return Ok(Err("this database does not own the bucket"));
        }
        let unknown = sweep::unaccounted_objects(app).await?.unknown;
        for object in &unknown {
            app.storage.delete(&object.key).await?;
        }
        Ok(Ok(unknown.len() as u64))
    };
    let outcome = tokio::select! {
        outcome = removal => outcome,
        () = lease.lost() => Ok(Err(NO_LEASE)),
    };
    lease.release(app).await;
    outcome
}

/// One round, as soon as no other reaper is at work.
///
/// # Errors
/// If the round cannot begin, since the database or S3 does not respond. A duty that fails is counted in
/// [`Reaped::failed`] and tried again in the next round.
pub async fn reap(app: &App) -> Result<Round> {
    reap_with(app, ReaperLease::wait(app).await?).await
}

async fn reap_with(app: &App, lease: Option<ReaperLease>) -> Result<Round> {
    let Some(lease) = lease else {
        return Ok(Round::Skipped(NO_LEASE));
    };
    let now = app.now();
    let ownership = ownership::advance(app).await;
    let outcome = match ownership {
        Ok(ownership) if ownership.is_owner() => {
            let reaped = attend(app, &lease, now).await;
            count(app, &reaped);
            Ok(Round::Done(reaped))
        }
        Ok(ownership) => {
            let reason = ownership.warning().unwrap_or("the bucket has no owner yet");
            tracing::warn!("{reason}");
            Ok(Round::Skipped(reason))
        }
        Err(error) => Err(error),
    };
    lease.release(app).await;
    outcome
}

/// Publishes what a round did.
fn count(app: &App, reaped: &Reaped) {
    for (what, number) in reaped.counts() {
        app.metrics.count_reaped(what, number);
    }
    app.metrics.count_round(app.now());
}

/// Attends to every duty in turn, as long as the lease is held.
async fn attend(app: &App, lease: &ReaperLease, now: DateTime<Utc>) -> Reaped {
    let mut reaped = Reaped::default();
    macro_rules! duty {
        ($name:literal, $duty:expr) => {
            duty!($name, $duty, MAX_DUTY_TIME);
        };
        ($name:literal, $duty:expr, $limit:expr) => {
            let outcome = tokio::select! {
                outcome = $duty => outcome.map(|()| DutyOutcome::Done),
                () = sleep($limit) => {
                    tracing::info!(duty = $name, "the duty continues in the next round, so that the others have their turn");
                    Ok(DutyOutcome::Cut)
                }
                () = lease.lost() => {
                    tracing::warn!(duty = $name, "the reaper's lease is lost, or reaping is paused; the round ends");
                    return reaped;
                }
            };
            let outcome = outcome.unwrap_or_else(|error| {
                tracing::warn!(%error, duty = $name, "a duty of the reaper failed; it is tried again");
                app.metrics.failed_cleanings.inc();
                reaped.failed += 1;
                DutyOutcome::Failed
            });
            app.metrics.count_duty($name, outcome, app.now());
            if app.stopping.is_cancelled() {
                return reaped;
            }
        };
    }
    duty!("cancel", cancel_jobs_of_deleted_datasets(app, now));
    duty!("clean", clean::clean_leftovers(app, now, &mut reaped));
    duty!("retire", retire::retire_versions(app, now, &mut reaped));
    // What depends on a time that has passed waits until that time can be trusted.
    match service::hold(app).await {
        Ok(None) => {}
        Ok(Some(reason)) => {
            tracing::info!(reason, "nothing expires or is removed in this round");
            return reaped;
        }
        Err(error) => {
            tracing::warn!(%error, "nothing expires in this round, since the database does not say when it was served");
            reaped.failed += 1;
            return reaped;
        }
    }
    duty!("expire", expire::expire(app, now, &mut reaped));
    duty!("clean", clean::clean_leftovers(app, now, &mut reaped));
    duty!(
        "remove",
        remove::remove_retired_versions(app, now, &mut reaped)
    );
    duty!(
        "forget",
        remove::remove_deleted_datasets(app, now, &mut reaped)
    );
    duty!("samples", prune::remove_samples(app, now));
    duty!("prune", prune::forget_jobs(app, now, &mut reaped));
    duty!("tokens", prune::forget_tokens(app, now));
    duty!("deliveries", events::end_deliveries(app, now));
    duty!("secrets", events::forget_secrets(app, now));
    duty!("events", events::forget_events(app, now));
    duty!("keys", idempotency::forget_keys(app, now));
    duty!("ci_tokens", prune::forget_exchanged_ci_tokens(app, now));
    // The last, and to its end, since the next sweep would begin at the first page again.
    duty!("sweep", sweep::sweep(app, now, &mut reaped), Duration::MAX);
    reaped
}

/// Cancels the jobs of deleted datasets that were completing when the dataset went.
async fn cancel_jobs_of_deleted_datasets(app: &App, now: DateTime<Utc>) -> Result<()> {
    loop {
        let cancelled = app
            .store
            .cancel_jobs_of_deleted_datasets(now, BATCH)
            .await?;
        app.metrics.count_jobs(JobStatus::Cancelled, cancelled);
        if cancelled == 0 || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}
