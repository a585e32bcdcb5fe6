//! Broken buckets and credentials.

use std::net::TcpListener;

use anyhow::{Result, ensure};
use chrono::TimeDelta;
use restow_tests::FaultProxy;
use restow_tests::fault_proxy::{Fault, Operation};
use uuid::Uuid;

use super::examination::{Examination, options_with};
use crate::fixture::{Clock, System, back_up, eventually};

/// A deployment whose reaper runs only when a test runs it.
fn start() -> Result<System> {
    System::start_with(&[("--no-reaper", "")])
}

/// Checks that need the bucket.
const NEED_BUCKET: [&str; 6] = [
    "s3_clock",
    "ownership",
    "lifecycle",
    "create_upload",
    "signed_put",
    "abort_upload",
];

#[tokio::test]
async fn missing_bucket_is_named() -> Result<()> {
    let system = start()?;
    let name = Uuid::new_v4().to_string();
    let examined = Examination::changed(&system, &[("RESTOW_S3_BUCKET", &name)]).await?;
    examined.assert_failed("bucket", "NoSuchBucket", "check --s3-bucket")?;
    examined.assert_skipped(&NEED_BUCKET)?;
    examined.assert("database", "ok", "responds", "")
}

#[tokio::test]
async fn wrong_keys_are_named() -> Result<()> {
    let system = start()?;
    let key = [("AWS_ACCESS_KEY_ID", "AKIAUNKNOWNUNKNOWN00")];
    let examined = Examination::changed(&system, &key).await?;
    examined.assert_failed("bucket", "access key", "check AWS_ACCESS_KEY_ID")?;
    let secret = [("AWS_SECRET_ACCESS_KEY", "another-secret-key")];
    let examined = Examination::changed(&system, &secret).await?;
    examined.assert_failed("bucket", "signature", "check AWS_SECRET_ACCESS_KEY")?;
    ensure!(!examined.text.contains("another-secret-key"));
    examined.assert_skipped(&NEED_BUCKET)
}

#[tokio::test]
async fn endpoint_that_is_down_is_named() -> Result<()> {
    let system = start()?;
    let nowhere = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    let endpoint = format!("http://{nowhere}");
    let examined = Examination::changed(&system, &[("RESTOW_S3_ENDPOINT", &endpoint)]).await?;
    examined.assert_failed("bucket", "refuses connections", "check that S3 is running")?;
    examined.assert_skipped(&NEED_BUCKET)
}

#[tokio::test]
async fn missing_rights_are_named() -> Result<()> {
    let system = start()?;
    let proxy = FaultProxy::start(&system.place.endpoint)?;
    let changes = [("RESTOW_S3_ENDPOINT", proxy.url())];
    let changes = changes.each_ref().map(|(name, url)| (*name, url.as_str()));
    let denied = Fault::Refuse(403, "AccessDenied");
    proxy.inject(Operation::ListParts, 1.., denied.clone());
    let examined = Examination::changed(&system, &changes).await?;
    examined.assert_failed("list_parts", "AccessDenied", "grant the credentials")?;
    examined.assert("upload_part", "ok", "parts can be uploaded", "")?;
    examined.assert_skipped(&["list_uploads", "complete_upload", "get_object"])?;
    // What needs no object is checked nevertheless, and everything is removed.
    examined.assert("signed_put", "ok", "", "")?;
    examined.assert("abort_upload", "ok", "", "")?;
    assert_eq!(system.bucket().uploads().await?, Vec::<String>::new());
    proxy.heal();
    proxy.inject(Operation::DeleteObject, 1.., denied);
    let examined = Examination::changed(&system, &changes).await?;
    examined.assert_failed(
        "delete_object",
        "datasets/.restow-doctor/",
        "grant the credentials",
    )?;
    Ok(())
}

#[tokio::test]
async fn what_is_left_behind_can_be_removed() -> Result<()> {
    let system = start()?;
    let bucket = system.bucket();
    let proxy = FaultProxy::start(&system.place.endpoint)?;
    for operation in [Operation::DeleteObject, Operation::AbortMultipartUpload] {
        proxy.inject(operation, 1.., Fault::Refuse(403, "AccessDenied"));
    }
    let url = proxy.url();
    let examined = Examination::changed(&system, &[("RESTOW_S3_ENDPOINT", &url)]).await?;
    examined.assert_failed(
        "abort_upload",
        "may be left behind",
        "grant the credentials",
    )?;
    // An examination runs the doctor twice.
    assert_eq!(bucket.objects().await?.len(), 2);
    assert_eq!(bucket.uploads().await?.len(), 2);
    eventually("the uploads are swept", async || {
        system.reap(&["--sweep-grace", "1s"]).ok()?;
        bucket.uploads().await.ok()?.is_empty().then_some(())
    })
    .await;
    let reaped = system.reap(&["--delete-unknown-objects"])?;
    ensure!(reaped.contains("2 objects of no job deleted"), "{reaped}");
    assert_eq!(bucket.objects().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn bucket_of_another_deployment_is_named() -> Result<()> {
    let system = start()?;
    let other = format!("{} 3 {}", Uuid::new_v4(), Uuid::new_v4());
    system.bucket().write(".restow-instance", &other).await?;
    let examined = Examination::of(&system).await?;
    let (message, advice) = (
        "other_deployment: the bucket belongs to another",
        "--s3-prefix of its own",
    );
    examined.assert_failed("ownership", message, advice)?;
    assert_eq!(system.bucket().read(".restow-instance").await?, other);
    Ok(())
}

#[tokio::test]
async fn outdated_database_is_named() -> Result<()> {
    let system = start()?;
    system.reap(&[])?;
    Examination::of(&system)
        .await?
        .assert("ownership", "ok", "up to date", "")?;
    let backup = back_up(&system).await?;
    system.reap(&[])?;
    system.reap(&[])?;
    let examined = Examination::changed(&system, &[("RESTOW_DATABASE_URL", &backup)]).await?;
    examined.assert_failed("ownership", "outdated: ", "restow-server adopt")
}

#[tokio::test]
async fn clock_that_is_off_is_named() -> Result<()> {
    let system = start()?;
    let clock = Clock::of(&system);
    let (name, value) = clock.variable();
    let options = || options_with(&system, &[(name.as_str(), value.as_str())]);
    clock.set(TimeDelta::minutes(5))?;
    let examined = Examination::with(options()).await?;
    examined.assert(
        "s3_clock",
        "warning",
        "behind that of this process",
        "by NTP",
    )?;
    clock.set(TimeDelta::minutes(-20))?;
    let examined = Examination::with(options()).await?;
    examined.assert_failed("s3_clock", "ahead of that of this process", "by NTP")
}

#[tokio::test]
async fn store_without_lifecycle_rules_is_named() -> Result<()> {
    let system = start()?;
    // As a bucket like any other; the embedded S3 knows no such rules, and others have none yet.
    let examined = Examination::changed(&system, &[]).await?;
    examined
        .assert(
            "lifecycle",
            "warning",
            "lifecycle rule",
            "aborts incomplete uploads after 8 days",
        )
        .or_else(|_| {
            examined.assert("lifecycle", "warning", "no lifecycle rule", "after 8 days")
        })?;
    ensure!(examined.succeeded, "{}", examined.text);
    Ok(())
}
