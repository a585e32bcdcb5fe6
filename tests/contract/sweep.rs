//! The sweep: only uploads and objects that belong to no job are removed.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::try_join_all;
use restow_tests::Bucket;

use crate::fixture::{Proxied, System, assert_invariants, csv, eventually};

const MARKER: &str = ".restow-instance";

/// Runs the reaper with a grace of one second.
const EAGER: [&str; 2] = ["--sweep-grace", "1s"];

/// A server whose reaper runs only when a test runs it.
fn start() -> Result<System> {
    System::start_with(&[("--no-reaper", "")])
}

async fn create_uploads(bucket: &Bucket, keys: &[String]) -> Result<()> {
    for some in keys.chunks(50) {
        try_join_all(some.iter().map(|key| bucket.create_upload(key))).await?;
    }
    Ok(())
}

/// Waits until everything that exists is older than that grace.
async fn until_older_than_the_grace() {
    let old: DateTime<Utc> = Utc::now() + TimeDelta::seconds(2);
    eventually("time passes", async || (Utc::now() > old).then_some(())).await;
}

fn sorted(mut keys: Vec<String>) -> Vec<String> {
    keys.sort();
    keys
}

#[tokio::test]
async fn only_old_unknown_uploads_are_swept() -> Result<()> {
    let system = start()?;
    let bucket = system.bucket();
    let live = system
        .begin(system.dataset("live").await?, "rows.csv", csv(1))
        .await?;
    // More than fit into one page of the list.
    let orphans: Vec<_> = (0..1_095)
        .map(|number| format!("datasets/lost/{number}.csv"))
        .collect();
    create_uploads(&bucket, &orphans).await?;
    create_uploads(&bucket, &vec!["datasets/lost/same.csv".to_string(); 5]).await?;
    let foreign = ["datasetsx/a", "elsewhere/datasets/a", "team/datasets/a"].map(str::to_string);
    create_uploads(&bucket, &foreign).await?;
    assert!(
        system.reap(&[])?.contains("0 uploads of no job aborted"),
        "swept within the grace"
    );
    until_older_than_the_grace().await;
    assert!(
        system
            .reap(&EAGER)?
            .contains("1100 uploads of no job aborted")
    );
    let left = [&foreign[..], std::slice::from_ref(&live.key)].concat();
    assert_eq!(sorted(bucket.uploads().await?), sorted(left));
    live.put_all().await?;
    live.complete(Vec::new()).await?;
    live.wait().await?;
    live.commit().await?;
    assert_eq!(system.read(live.dataset_id).await?, csv(1));
    Ok(())
}

#[tokio::test]
async fn sweep_stays_within_its_prefix() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", ""), ("--s3-prefix", "team")])?;
    let bucket = system.bucket();
    let live = system
        .begin(system.dataset("live").await?, "rows.csv", csv(1))
        .await?;
    create_uploads(
        &bucket,
        &["team/datasets/lost", "datasets/lost", "team2/datasets/lost"].map(str::to_string),
    )
    .await?;
    until_older_than_the_grace().await;
    system.reap(&["--sweep-grace", "1s", "--s3-prefix", "team"])?;
    let left = vec![
        "datasets/lost".to_string(),
        live.key,
        "team2/datasets/lost".to_string(),
    ];
    assert_eq!(sorted(bucket.uploads().await?), sorted(left));
    Ok(())
}

#[tokio::test]
async fn unknown_upload_at_live_key_is_swept() -> Result<()> {
    let system = start()?;
    let bucket = system.bucket();
    let live = system
        .begin(system.dataset("live").await?, "rows.csv", csv(1))
        .await?;
    live.put_all().await?;
    create_uploads(&bucket, std::slice::from_ref(&live.key)).await?;
    until_older_than_the_grace().await;
    assert!(system.reap(&EAGER)?.contains("1 uploads of no job aborted"));
    live.complete(Vec::new()).await?;
    live.wait().await?;
    live.commit().await?;
    assert_eq!(system.read(live.dataset_id).await?, csv(1));
    assert_invariants(&system, &bucket).await
}

#[tokio::test]
async fn bucket_of_another_deployment_is_not_swept() -> Result<()> {
    let system = start()?;
    let bucket = system.bucket();
    system.reap(&[])?;
    let own = bucket.read(MARKER).await?;
    bucket
        .write(MARKER, "01900000-0000-7000-8000-000000000000")
        .await?;
    bucket.create_upload("datasets/lost").await?;
    bucket.write("datasets/unknown", "whose?").await?;
    until_older_than_the_grace().await;
    let said = system.reap(&["--sweep-grace", "1s", "--delete-unknown-objects"])?;
    assert!(
        said.contains("nothing was removed") && said.contains("0 objects of no job deleted"),
        "{said}"
    );
    assert_eq!(bucket.uploads().await?, ["datasets/lost"]);
    assert_eq!(bucket.objects().await?, ["datasets/unknown"]);
    bucket.write(MARKER, &own).await?;
    assert!(
        system
            .reap(&["--sweep-grace", "1s", "--delete-unknown-objects"])?
            .contains("1 uploads of no job aborted")
    );
    assert_invariants(&system, &bucket).await
}

#[tokio::test]
async fn second_deployment_sweeps_nothing_of_the_first() -> Result<()> {
    let it = Proxied::start_with(&[])?;
    it.system.reap(&[])?;
    let dataset_id = it.system.dataset("first").await?;
    it.system.publish(dataset_id, "rows.csv", csv(1)).await?;
    let live = it.system.begin(dataset_id, "rows.csv", csv(2)).await?;
    until_older_than_the_grace().await;
    let said = it
        .store
        .reap(&["--sweep-grace", "1s", "--delete-unknown-objects"])?;
    assert!(
        said.contains("nothing was removed") && said.contains("0 objects of no job deleted"),
        "{said}"
    );
    assert_eq!(it.bucket().uploads().await?, [live.key.as_str()]);
    assert_eq!(it.system.read(dataset_id).await?, csv(1));
    assert_invariants(&it.system, &it.bucket()).await
}

#[tokio::test]
async fn dry_run_lists_and_removes_nothing() -> Result<()> {
    let system = start()?;
    let bucket = system.bucket();
    let dataset_id = system.dataset("cancelled").await?;
    let cancelled = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    cancelled.cancel().await?;
    bucket.create_upload("datasets/lost").await?;
    bucket.write("datasets/unknown", "whose?").await?;
    until_older_than_the_grace().await;
    let said = system.reap(&["--dry-run", "--sweep-grace", "1s"])?;
    // Behind the key of an object are its size and age.
    let lines: Vec<_> = said
        .lines()
        .filter_map(|line| line.trim().split(", ").next())
        .collect();
    for told in [
        cancelled.job_id.to_string().as_str(),
        "datasets/lost",
        "datasets/unknown",
    ] {
        assert!(lines.contains(&told), "{told} is missing in: {said}");
    }
    assert_eq!(bucket.uploads().await?, ["datasets/lost"]);
    assert_eq!(bucket.objects().await?, ["datasets/unknown"]);
    assert!(
        bucket.read(MARKER).await.is_err(),
        "the dry run wrote the marker"
    );
    Ok(())
}

#[tokio::test]
async fn unknown_objects_are_removed_only_on_request() -> Result<()> {
    let system = start()?;
    let bucket = system.bucket();
    let dataset_id = system.dataset("kept").await?;
    let version = system.publish(dataset_id, "rows.csv", csv(1)).await?;
    let ready = system.prepare(dataset_id, "rows.csv", csv(2)).await?;
    bucket.write("datasets/unknown", "whose?").await?;
    bucket.write("elsewhere", "not ours").await?;
    system.reap(&EAGER)?;
    assert_eq!(bucket.objects().await?.len(), 4);
    assert!(
        system
            .reap(&["--delete-unknown-objects"])?
            .contains("1 objects of no job deleted")
    );
    let kept = format!("datasets/{dataset_id}/{}.csv", version.job_id);
    assert_eq!(
        sorted(bucket.objects().await?),
        sorted(vec![kept, ready.key.clone(), "elsewhere".to_string()])
    );
    ready.commit().await?;
    assert_eq!(system.read(dataset_id).await?, csv(2));
    assert_eq!(system.read_version(dataset_id, 1).await?, csv(1));
    Ok(())
}
