//! Death of the reaper, as a process of its own: the next round goes on where it was.

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use restow_sdk::generated::types::JobStatus;
use restow_server::crash::Point;

use super::process::{LEASE, beside, dying_at, sent};
use crate::fixture::{Clock, System, assert_invariants, csv, refused};

/// A server whose reaper runs only when a test says so.
fn start() -> Result<System> {
    System::start_with(&[LEASE, ("--no-reaper", "")])
}

/// Reaps by a clock that is so much ahead: a round that ends at the point, and then a whole one.
fn reap_twice(system: &System, point: Point, ahead: TimeDelta, options: &[&str]) -> Result<String> {
    let clock = Clock::of(system);
    clock.set(ahead)?;
    let reap = |variables| beside(system, variables).run(&[&["reap"], options].concat());
    let error = reap(vec![clock.variable(), dying_at(point)])
        .err()
        .context("it did not die")?
        .to_string();
    ensure!(
        error.contains(&format!("died at {}", point.name())),
        "it ended otherwise: {error}"
    );
    reap(vec![clock.variable()])
}

/// A job that nobody came back for is expired, and nothing of it is left.
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
        "it is not expired"
    );
    assert_nothing_left(&system).await
}

/// Of a job with an object and of one with an upload nothing is left.
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
    ensure!(left.is_empty(), "something is left: {left:?}");
    assert_invariants(system, &bucket).await
}

/// The old version is gone with its object, and the others are as they were.
pub async fn retirement_survives(point: Point) -> Result<()> {
    let system = start()?;
    let dataset_id = system.dataset("survivor").await?;
    for rows in 1..=3 {
        system.publish(dataset_id, "rows.csv", csv(rows)).await?;
    }
    reap_twice(&system, point, TimeDelta::zero(), &["--keep-versions", "1"])?;
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
        "other objects than those of two versions are left"
    );
    ensure!(
        system.read_version(dataset_id, 2).await? == csv(2),
        "other bytes came back"
    );
    ensure!(
        system.read(dataset_id).await? == csv(3),
        "other bytes came back"
    );
    assert_invariants(&system, &system.bucket()).await
}

/// Uploads that no job knows of are gone, and those of live jobs are not.
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
        "other uploads are left"
    );
    super::process::finish(&system, &live).await
}
