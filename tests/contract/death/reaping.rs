//! Death of the reaper in a separate process: the next run continues its work.

use anyhow::{Context, Result, ensure};
use chrono::{TimeDelta, Utc};
use restow_sdk::generated::types::JobStatus;
use restow_server::crash::Point;

use super::process::{LEASE, beside, dying_at, sent};
use crate::fixture::{Clock, System, assert_invariants, csv, eventually, refused};

/// A server whose reaper runs only when a test runs it.
fn start() -> Result<System> {
    System::start_with(&[LEASE, ("--no-reaper", "")])
}

/// Runs the reaper with its clock ahead: first until it dies at the point, then to the end.
fn reap_twice(system: &System, point: Point, ahead: TimeDelta, options: &[&str]) -> Result<String> {
    let clock = Clock::of(system);
    clock.set(ahead)?;
    let reap = |variables| {
        let arguments = [&["reap", LEASE.0, LEASE.1], options].concat();
        beside(system, variables).run(&arguments)
    };
    let error = reap([clock.passing(), vec![dying_at(point)]].concat())
        .err()
        .context("it did not die")?
        .to_string();
    ensure!(
        error.contains(&format!("died at {}", point.name())),
        "unexpected error: {error}"
    );
    reap(clock.passing())
}

/// An abandoned job is expired, and none of its data remains.
pub async fn expiry_survives(point: Point) -> Result<()> {
    let system = start()?;
    let upload = sent(&system).await?;
    let said = reap_twice(&system, point, TimeDelta::hours(26), &[])?;
    ensure!(
        said.contains("0 jobs expired") && said.contains("1 jobs cleaned"),
        "{said}"
    );
    ensure!(
        upload.job().await?.status == JobStatus::Expired,
        "the job is not expired"
    );
    assert_nothing_left(&system).await
}

/// None of the data of a job with an object and of one with an upload remains.
pub async fn cleaning_survives(point: Point) -> Result<()> {
    let system = start()?;
    let inspected = sent(&system).await?;
    inspected.complete(Vec::new()).await?;
    inspected.wait().await?;
    let begun = system
        .begin(inspected.dataset_id, "rows.csv", csv(7))
        .await?;
    begun.put_all().await?;
    for upload in [&begun, &inspected] {
        upload.cancel().await?;
    }
    let said = reap_twice(&system, point, TimeDelta::zero(), &[])?;
    ensure!(said.contains("2 jobs cleaned"), "{said}");
    assert_nothing_left(&system).await
}

async fn assert_nothing_left(system: &System) -> Result<()> {
    let bucket = system.bucket();
    let left = [bucket.objects().await?, bucket.uploads().await?].concat();
    ensure!(left.is_empty(), "data remains: {left:?}");
    assert_invariants(system, &bucket).await
}

/// The old version and its object are removed, and the others are unchanged.
pub async fn retirement_survives(point: Point) -> Result<()> {
    let system = start()?;
    let dataset_id = system.dataset("survivor").await?;
    for rows in 1..=3 {
        system.publish(dataset_id, "rows.csv", csv(rows)).await?;
    }
    let options = [
        "--keep-versions",
        "1",
        "--delete-grace",
        "1s",
        "--url-expires",
        "1s",
    ];
    let over = Utc::now() + TimeDelta::seconds(2);
    if point == Point::ReapVersionObjectDeleted {
        system.reap(&options)?;
        eventually("the grace is over", async || {
            (Utc::now() > over).then_some(())
        })
        .await;
    }
    reap_twice(&system, point, TimeDelta::zero(), &options)?;
    eventually("the object is removed", async || {
        system.reap(&options).ok()?;
        let objects = system.bucket().objects().await.ok()?;
        (objects.len() == 2).then_some(())
    })
    .await;
    let gone = system
        .client
        .api()
        .get_version()
        .dataset_id(dataset_id)
        .version(1)
        .send()
        .await;
    refused(gone, 404, "not_found");
    ensure!(
        system.bucket().objects().await?.len() == 2,
        "objects other than those of two versions remain"
    );
    ensure!(
        system.read_version(dataset_id, 2).await? == csv(2),
        "the downloaded bytes differ"
    );
    ensure!(
        system.read(dataset_id).await? == csv(3),
        "the downloaded bytes differ"
    );
    assert_invariants(&system, &system.bucket()).await
}

/// Uploads that belong to no job are removed, and those of live jobs are not.
pub async fn sweep_survives(point: Point) -> Result<()> {
    let system = start()?;
    let bucket = system.bucket();
    let live = sent(&system).await?;
    for key in ["datasets/lost", "datasets/lost", "datasets/other"] {
        bucket.create_upload(key).await?;
    }
    let said = reap_twice(&system, point, TimeDelta::hours(2), &[])?;
    let swept = if point == Point::SweepUploadAborted {
        2
    } else {
        3
    };
    ensure!(
        said.contains(&format!("{swept} uploads of no job aborted")),
        "{said}"
    );
    ensure!(
        bucket.uploads().await? == [live.key.as_str()],
        "unexpected uploads remain"
    );
    super::process::finish(&system, &live).await
}
