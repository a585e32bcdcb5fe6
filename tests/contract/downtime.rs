//! Time without service: downtime, jumps of the clock, and outages do not count against deadlines.

use anyhow::Result;
use chrono::{TimeDelta, Utc};
use restow_sdk::generated::types::JobStatus;
use restow_tests::fault_proxy::Fault;

use crate::fixture::{Clock, Proxied, System, assert_invariants, csv, eventually};

/// Longer than the deadline of a job and the grace after it.
const WEEKEND: TimeDelta = TimeDelta::hours(60);

/// A server for which time passes as for everything around it, though not while it is served.
async fn start(options: &[(&str, &str)]) -> Result<(System, Clock)> {
    let system = System::start_with(options)?;
    let clock = Clock::of(&system);
    clock.set(TimeDelta::zero())?;
    Ok((restart(system, &clock).await?, clock))
}

async fn restart(system: System, clock: &Clock) -> Result<System> {
    let mut variables = clock.passing();
    variables.retain(|(name, _)| name != "RESTOW_DOWNTIME_TOLERANCE");
    system.kill_and_restart_with(variables).await
}

#[tokio::test]
async fn downtime_does_not_count_against_deadlines() -> Result<()> {
    let (system, clock) = start(&[("--reap-interval", "100ms"), ("--job-grace", "1h")]).await?;
    let dataset_id = system.dataset("weekend").await?;
    let sent = system.begin(dataset_id, "rows.csv", csv(7)).await?;
    sent.put_all().await?;
    let ready = system.prepare(dataset_id, "rows.csv", csv(8)).await?;
    let deadlines = [sent.job().await?.deadline, ready.job().await?.deadline];
    clock.set(WEEKEND)?;
    let system = restart(system, &clock).await?;
    for (upload, deadline) in [&sent, &ready].into_iter().zip(deadlines) {
        let job = upload.through(&system).job().await?;
        let put_off = job.deadline - deadline;
        assert!(
            (put_off - WEEKEND).abs() < TimeDelta::minutes(2),
            "put off by {put_off}"
        );
    }
    eventually("a round of the reaper", async || {
        system
            .server
            .log()
            .ok()?
            .contains("nothing expires")
            .then_some(())
    })
    .await;
    let sent = sent.through(&system);
    assert_eq!(sent.job().await?.status, JobStatus::AwaitingUpload);
    sent.complete(Vec::new()).await?;
    sent.wait().await?;
    sent.commit().await?;
    assert_eq!(ready.through(&system).job().await?.status, JobStatus::Ready);
    clock.set(TimeDelta::zero())?;
    assert_eq!(system.read(dataset_id).await?, csv(7));
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn reaper_after_downtime_expires_nothing() -> Result<()> {
    let (system, clock) = start(&[("--no-reaper", "")]).await?;
    let dataset_id = system.dataset("weekend").await?;
    let sent = system.begin(dataset_id, "rows.csv", csv(7)).await?;
    clock.set(WEEKEND)?;
    // A command that only runs once, before any server is back.
    let said = system.reap(&[])?;
    assert!(said.contains("0 jobs expired"), "{said}");
    assert_eq!(sent.job().await?.status, JobStatus::AwaitingUpload);
    Ok(())
}

#[tokio::test]
async fn forward_jump_of_clock_expires_nothing() -> Result<()> {
    let (system, clock) = start(&[("--reap-interval", "100ms"), ("--job-grace", "1s")]).await?;
    let dataset_id = system.dataset("jump").await?;
    let ready = system.prepare(dataset_id, "rows.csv", csv(8)).await?;
    let deadline = ready.job().await?.deadline;
    clock.set(TimeDelta::days(30))?;
    let put_off = eventually("the deadline is put off", async || {
        let job = ready.job().await.ok()?;
        assert_eq!(job.status, JobStatus::Ready);
        (job.deadline > deadline).then_some(job.deadline - deadline)
    })
    .await;
    assert!(
        (put_off - TimeDelta::days(30)).abs() < TimeDelta::minutes(2),
        "put off by {put_off}"
    );
    assert_eq!(system.bucket().objects().await?.len(), 1);
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn wrong_clock_of_process_expires_nothing() -> Result<()> {
    let system = System::start_with(&[("--reap-interval", "100ms"), ("--job-grace", "1s")])?;
    let clock = Clock::of(&system);
    clock.set(TimeDelta::zero())?;
    let system = system.kill_and_restart_with(vec![clock.variable()]).await?;
    let dataset_id = system.dataset("ahead").await?;
    let ready = system.prepare(dataset_id, "rows.csv", csv(8)).await?;
    clock.set(TimeDelta::days(30))?;
    let logged = system.server.log()?.len();
    eventually("a round by the wrong clock", async || {
        let log = system.server.log().ok()?;
        log.get(logged..)?
            .contains("the clocks of database, S3 and this process differ")
            .then_some(())
    })
    .await;
    assert_eq!(ready.job().await?.status, JobStatus::Ready);
    assert_eq!(system.bucket().objects().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn outage_of_s3_does_not_count_against_deadlines() -> Result<()> {
    let options = [
        ("--job-deadline", "4s"),
        ("--job-grace", "1s"),
        ("--downtime-tolerance", "1s"),
    ];
    let it = Proxied::start_with(&options)?;
    let dataset_id = it.system.dataset("refused").await?;
    let upload = it.system.begin(dataset_id, "rows.csv", csv(7)).await?;
    let deadline = upload.job().await?.deadline;
    it.proxy
        .inject(None, 1.., Fault::Refuse(403, "AccessDenied"));
    let over = deadline + TimeDelta::seconds(2);
    eventually("deadline and grace pass", async || {
        (Utc::now() > over).then_some(())
    })
    .await;
    assert!(it.system.reap(&[]).is_err(), "it reaped without the bucket");
    it.proxy.heal();
    let put_off = eventually("the outage is over", async || {
        let job = upload.job().await.ok()?;
        assert_eq!(job.status, JobStatus::AwaitingUpload);
        (job.deadline > deadline).then_some(job.deadline - deadline)
    })
    .await;
    assert!(put_off > TimeDelta::seconds(4), "put off by {put_off}");
    Ok(())
}
