//! An upload with more parts than fit into one page of S3's list.

use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use restow_tests::SharedS3Server;
use serde_json::json;

use crate::fixture::{System, Upload, assert_invariants, noise, refused};

/// S3 lists a thousand parts per page.
const PARTS: usize = 2_500;

/// Real S3 servers refuse parts of this size.
const KIB: usize = 1024;

/// Limits the number of open connections.
const CONCURRENCY: usize = 50;

async fn put_some(upload: &Upload, numbers: impl Iterator<Item = usize>) -> Result<()> {
    stream::iter(numbers.map(|number| upload.put(number)))
        .buffer_unordered(CONCURRENCY)
        .try_for_each(async |_| Ok(()))
        .await
}

#[tokio::test]
async fn completion_reads_all_pages_of_2500_parts() -> Result<()> {
    if SharedS3Server::from_environment()?.is_some() {
        return Ok(());
    }
    let small = [
        ("--part-size", "1KiB"),
        ("--min-part-size", "1KiB"),
        ("--single-part-limit", "1KiB"),
    ];
    let system = System::start_with(&small)?;
    let dataset_id = system.dataset("many parts").await?;
    let upload = system
        .begin(dataset_id, "noise.bin", noise((PARTS - 1) * KIB + 1, 1))
        .await?;
    assert_eq!((upload.urls.len(), upload.part_size), (PARTS, Some(KIB)));
    let late = [1_000, 1_001, 2_400];
    put_some(&upload, (1..=PARTS).filter(|number| !late.contains(number))).await?;
    let fault = refused(upload.complete(Vec::new()).await, 409, "parts_mismatch");
    let missing = late.map(|number| json!({ "part_number": number, "problem": "missing" }));
    assert_eq!(
        (&fault.ctx["total"], &fault.ctx["parts"]),
        (&json!(late.len()), &json!(missing))
    );
    put_some(&upload, late.into_iter()).await?;
    let held: Vec<_> = system
        .client
        .api()
        .list_parts()
        .job_id(upload.job_id)
        .stream()
        .try_collect()
        .await?;
    assert!(
        held.iter()
            .map(|part| part.part_number)
            .eq(1..=i64::try_from(PARTS)?)
    );
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    assert_invariants(&system, &system.bucket()).await
}
