//! Backups: a database that is restored, or copied for staging, destroys nothing that it does not know of.

use anyhow::{Context, Result};
use restow_sdk::generated::types::JobStatus;

use crate::fixture::{
    System, Upload, assert_invariants, back_up, csv, eventually, refused, with_token,
};

/// A server whose jobs are soon overdue, and whose reaper runs only when a test says so.
fn start() -> Result<System> {
    System::start_with(&[("--no-reaper", ""), ("--url-expires", "1h")])
}

/// Short times, after which a job that waits for its upload is expired and cleaned.
const SOON: [&str; 6] = [
    "--job-deadline",
    "1s",
    "--job-grace",
    "1s",
    "--sweep-grace",
    "1s",
];

/// A backup of a database in which a job waits for its upload, which the live one then commits.
async fn backup_before_commit(system: &System) -> Result<(String, Upload)> {
    let dataset_id = system.dataset("restored").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(7)).await?;
    let backup = back_up(system).await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    Ok((backup, upload))
}

/// Moves the deadline of every job in the copy far into the past, as time would have.
async fn let_time_pass(backup: &str) -> Result<()> {
    use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
    let statement = "UPDATE jobs SET deadline = '2020-01-01T00:00:00+00:00'; \
         UPDATE instance SET serving_since = '2020-01-01T00:00:00+00:00'";
    if backup.starts_with("sqlite:") {
        SqliteConnection::connect(backup)
            .await?
            .execute(statement)
            .await?;
    } else {
        PgConnection::connect(backup)
            .await?
            .execute(statement)
            .await?;
    }
    Ok(())
}

fn reap(system: &System, backup: &str) -> Result<String> {
    system.reap(&[&["--database-url", backup], &SOON[..]].concat())
}

#[tokio::test]
async fn restored_backup_removes_nothing() -> Result<()> {
    let system = start()?;
    system.reap(&[])?;
    let (backup, upload) = backup_before_commit(&system).await?;
    let later = system.begin(upload.dataset_id, "rows.csv", csv(8)).await?;
    // The live deployment confirms that it owns the bucket, which its backup missed.
    system.reap(&[])?;
    let_time_pass(&backup).await?;
    for _ in 0..2 {
        let said = reap(&system, &backup)?;
        assert!(
            said.contains("nothing was removed") && said.contains("backup"),
            "{said}"
        );
    }
    assert_eq!(system.read(upload.dataset_id).await?, csv(7));
    assert_eq!(system.bucket().uploads().await?, [later.key.as_str()]);
    let said = system.reap(&SOON)?;
    assert!(
        !said.contains("nothing was removed"),
        "the live one lost the bucket: {said}"
    );
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn backup_in_same_generation_spares_objects() -> Result<()> {
    let system = start()?;
    system.reap(&[])?;
    let (backup, upload) = backup_before_commit(&system).await?;
    let_time_pass(&backup).await?;
    let said = reap(&system, &backup)?;
    assert!(
        said.contains("1 jobs expired")
            && said.contains("1 objects of jobs that were never completed left in place"),
        "{said}"
    );
    let listed = system.reap(&["--dry-run", "--database-url", &backup])?;
    assert!(
        listed.contains(&upload.key),
        "the object is not listed as unknown: {listed}"
    );
    assert_eq!(system.read(upload.dataset_id).await?, csv(7));
    Ok(())
}

#[tokio::test]
async fn adopted_backup_reaps_again() -> Result<()> {
    let system = start()?;
    system.reap(&[])?;
    let (backup, upload) = backup_before_commit(&system).await?;
    let lost = system
        .publish(upload.dataset_id, "rows.csv", csv(9))
        .await?;
    let abandoned = system.begin(upload.dataset_id, "rows.csv", csv(8)).await?;
    system.reap(&[])?;
    let_time_pass(&backup).await?;
    let url = ["--database-url", backup.as_str()];
    let shown = system.server.run(&[&["adopt"], &url[..]].concat())?;
    for at_stake in [&upload.key, &abandoned.key] {
        let is_open_job = at_stake == &upload.key;
        assert!(
            is_open_job || shown.contains(at_stake.as_str()),
            "{at_stake} is not in: {shown}"
        );
    }
    assert!(shown.contains("nothing was changed"), "{shown}");
    assert!(reap(&system, &backup)?.contains("nothing was removed"));
    system
        .server
        .run(&[&["adopt", "--yes"], &url[..]].concat())?;
    let swept = eventually("the abandoned upload is old enough", async || {
        let said = reap(&system, &backup).ok()?;
        (!said.contains("0 uploads of no job aborted")).then_some(said)
    })
    .await;
    assert!(!swept.contains("nothing was removed"), "{swept}");
    assert_eq!(
        system.bucket().objects().await?.len(),
        2,
        "an object of a lost version was removed"
    );
    assert!(
        system.reap(&SOON)?.contains("nothing was removed"),
        "two databases own the bucket"
    );
    assert_eq!(
        system.read_version(upload.dataset_id, lost.version).await?,
        csv(9)
    );
    Ok(())
}

#[tokio::test]
async fn restored_backup_serves_and_says_so() -> Result<()> {
    let system = start()?;
    system.reap(&[])?;
    let (backup, upload) = backup_before_commit(&system).await?;
    system.reap(&[])?;
    let environment = [
        system.place.environment(&system.place.endpoint),
        vec![("RESTOW_DATABASE_URL".to_string(), backup)],
    ]
    .concat();
    let restored = System::start_in(with_token(&environment)?, environment, &[])?;
    let ready: serde_json::Value = restored
        .anonymous(reqwest::Method::GET, "/readyz")
        .send()
        .await?
        .json()
        .await?;
    assert_eq!(ready["bucket"]["status"], "outdated", "{ready}");
    let metrics = restored
        .anonymous(reqwest::Method::GET, "/metrics")
        .send()
        .await?
        .text()
        .await?;
    assert!(
        metrics.contains("restow_bucket_ownership{state=\"outdated\"} 1"),
        "{metrics}"
    );
    assert!(
        restored.server.log()?.contains("restored backup"),
        "the log says nothing of it"
    );
    // The version that the backup missed is not there, and its job can be completed again.
    let job = restored
        .client
        .api()
        .get_job()
        .job_id(upload.job_id)
        .send()
        .await?;
    assert_eq!(job.status, JobStatus::AwaitingUpload);
    let again = restored
        .publish(upload.dataset_id, "rows.csv", csv(3))
        .await?;
    assert_eq!(
        restored
            .read_version(upload.dataset_id, again.version)
            .await?,
        csv(3)
    );
    assert_eq!(system.read(upload.dataset_id).await?, csv(7));
    Ok(())
}

#[tokio::test]
async fn restored_job_without_object_is_not_committed() -> Result<()> {
    let system = start()?;
    system.reap(&[])?;
    let dataset_id = system.dataset("restored").await?;
    let kept = system.prepare(dataset_id, "rows.csv", csv(8)).await?;
    let mut removed = Vec::new();
    for filename in ["rows.csv", "rows.bin", "rows"] {
        removed.push(system.prepare(dataset_id, filename, csv(7)).await?);
    }
    let backup = back_up(&system).await?;
    for upload in &removed {
        upload.cancel().await?;
    }
    system.reap(&[])?;
    assert_eq!(system.bucket().objects().await?, [kept.key.as_str()]);
    let environment = [
        system.place.environment(&system.place.endpoint),
        vec![("RESTOW_DATABASE_URL".to_string(), backup)],
    ]
    .concat();
    let restored = System::start_in(with_token(&environment)?, environment, &[])?;
    restored.server.run(&["adopt", "--yes"])?;
    for upload in &removed {
        let refusal = refused(
            upload.through(&restored).commit().await,
            409,
            "invalid_state",
        );
        assert_eq!(refusal.ctx["status"], "inspecting");
    }
    for upload in &removed {
        let job = eventually("the object is proven to be missing", async || {
            let job = upload.through(&restored).job().await.ok()?;
            (job.status == JobStatus::Failed).then_some(job)
        })
        .await;
        assert_eq!(job.error.context("no reason")?.type_, "object_missing");
    }
    kept.through(&restored).commit().await?;
    assert_eq!(restored.read(dataset_id).await?, csv(8));
    Ok(())
}
