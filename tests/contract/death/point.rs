//! Each crash point: a process dies there, another is started, and a client that retries reaches the same result.

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use restow_server::crash::Point;

use super::process::{LEASE, QUEUED, dying_at};
use super::{completion, inspection, reaping, request, version};
use crate::fixture::System;

/// Runs the scenario of a point. The match is exhaustive, so every point has one.
async fn survives(point: Point) -> Result<()> {
    use Point as P;
    match point {
        P::RequestRowWritten | P::RequestUploadCreated | P::RequestUploadRecorded => {
            request::survives(point).await
        }
        P::CompleteClaimed => {
            completion::survives_in_the_server(point).await?;
            completion::survives_within_the_request(point).await
        }
        P::ResumeClaimed => completion::survives_in_a_resumption(point).await,
        P::CompletePartsListed | P::CompleteAskedNoted | P::CompleteFinished => {
            completion::survives_in_the_server(point).await?;
            completion::survives_in_a_resumption(point).await
        }
        P::CompleteAnswered | P::CompleteObjectSeen => {
            completion::survives_in_the_server(point).await?;
            completion::survives_in_a_resumption(point).await?;
            completion::survives_within_the_request(point).await
        }
        P::RefuseDecided | P::RefuseUploadCreated | P::RefuseReturned => {
            completion::refusal_survives_in_the_server(point).await?;
            completion::refusal_survives_in_a_resumption(point).await
        }
        P::InspectClaimed | P::InspectReading | P::InspectDone | P::InspectWritten => {
            inspection::survives(point).await?;
            if point == P::InspectClaimed {
                return Ok(());
            }
            completion::survives_within_the_request(point).await
        }
        P::CommitPending | P::CommitDone => {
            version::commit_survives(point).await?;
            version::automatic_commit_survives(point, &[LEASE]).await?;
            version::automatic_commit_survives(point, &QUEUED).await
        }
        P::RestorePending | P::RestoreDone => version::restoration_survives(point).await,
        P::CancelDone => version::cancellation_survives(point).await,
        P::ReapJobExpired => reaping::expiry_survives(point).await,
        P::ReapUploadsAborted | P::ReapObjectDeleted => reaping::cleaning_survives(point).await,
        P::ReapVersionRetired | P::ReapVersionObjectDeleted => {
            reaping::retirement_survives(point).await
        }
        P::SweepUploadAborted | P::SweepMarkerWritten | P::SweepGenerationAdvanced => {
            reaping::sweep_survives(point).await
        }
    }
}

/// The part of a point's name before the colon.
fn step(point: Point) -> &'static str {
    point.name().split(':').next().unwrap_or_default()
}

async fn at_each_point_of(name: &str) -> Result<()> {
    let points = Point::ALL.iter().filter(|point| step(**point) == name);
    try_join_all(points.map(async |point| survives(*point).await.with_context(|| point.name())))
        .await?;
    Ok(())
}

/// One test for each step.
macro_rules! steps {
    ($($step:ident),+) => {
        const STEPS: &[&str] = &[$(stringify!($step)),+];

        $(#[tokio::test]
        async fn $step() -> Result<()> {
            at_each_point_of(stringify!($step)).await
        })+
    };
}

steps!(
    request, complete, resume, refuse, inspect, commit, restore, cancel, reap, sweep
);

#[test]
fn every_step_has_a_test() {
    let left_out: Vec<_> = Point::ALL
        .iter()
        .map(|point| step(*point))
        .filter(|step| !STEPS.contains(step))
        .collect();
    assert!(left_out.is_empty(), "{left_out:?}");
}

#[tokio::test]
async fn unknown_crash_point_is_refused() -> Result<()> {
    let system = System::start()?;
    let (variable, _) = dying_at(Point::RequestRowWritten);
    let refused = system
        .kill_and_restart_with(vec![(variable, "request:never".to_string())])
        .await;
    let error = refused.err().context("it started")?.to_string();
    ensure!(
        error.contains("RESTOW_DIE_AT names no known point: request:never"),
        "{error}"
    );
    Ok(())
}
