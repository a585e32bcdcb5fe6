//! `restow-server doctor`: everything passes on a good deployment, and each broken one is named, with what to do about it.

mod bucket;
mod database;
mod examination;
mod listener;
mod public;

use anyhow::{Result, ensure};

use self::examination::Examination;
use crate::fixture::{System, csv};

/// The checks that every examination makes, in order.
const CHECKS: [&str; 27] = [
    "configuration",
    "database",
    "schema",
    "database_connections",
    "database_clock",
    "data_dir",
    "certificate",
    "issuers",
    "bucket",
    "s3_clock",
    "ownership",
    "lifecycle",
    "create_upload",
    "upload_part",
    "list_parts",
    "list_uploads",
    "complete_upload",
    "head_object",
    "get_object",
    "list_objects",
    "public_endpoint",
    "signed_put",
    "signed_length",
    "url_expires",
    "upload_key",
    "cors",
    "etag",
];

#[tokio::test]
async fn good_deployment_passes_every_check() -> Result<()> {
    let system = System::start()?;
    let examined = Examination::of(&system).await?;
    let names: Vec<_> = examined.names();
    assert_eq!(names[..CHECKS.len()], CHECKS, "{examined:?}");
    assert_eq!(names[CHECKS.len()..], ["delete_object", "abort_upload"]);
    for name in CHECKS.iter().chain(&["delete_object", "abort_upload"]) {
        // What does not apply to the database or the store, or is a matter of the store's settings.
        let may_differ = [
            "database_connections",
            "database_clock",
            "data_dir",
            "certificate",
            "issuers",
            "lifecycle",
        ];
        let settings = ["cors", "etag", "upload_key"];
        match examined.status(name)? {
            "ok" => {}
            "skipped" if may_differ.contains(name) => {}
            "warning" if settings.contains(name) || *name == "lifecycle" => {}
            other => anyhow::bail!("{name} is {other}: {examined:?}"),
        }
    }
    ensure!(examined.succeeded, "{examined:?}");
    Ok(())
}

#[tokio::test]
async fn examination_changes_nothing() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let dataset_id = system.dataset("kept").await?;
    system.publish(dataset_id, "rows.csv", csv(3)).await?;
    let bucket = system.bucket();
    let before = bucket.objects().await?;
    let examined = Examination::of(&system).await?;
    ensure!(examined.succeeded, "{examined:?}");
    assert_eq!(bucket.objects().await?, before);
    assert_eq!(bucket.uploads().await?, Vec::<String>::new());
    // No reaper has claimed the bucket, and the doctor does not either.
    ensure!(bucket.read(".restow-instance").await.is_err());
    examined.assert("ownership", "ok", "unclaimed", "")?;
    assert_eq!(system.read(dataset_id).await?, csv(3));
    Ok(())
}

#[tokio::test]
async fn secrets_are_not_printed() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let examined = Examination::of(&system).await?;
    for secret in [&system.place.secret_key, "X-Amz-Signature"] {
        ensure!(!examined.text.contains(secret), "{}", examined.text);
    }
    Ok(())
}
