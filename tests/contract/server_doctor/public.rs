//! Presigned URLs that do not work for clients.

use std::net::TcpListener;

use anyhow::{Result, ensure};
use restow_tests::FaultProxy;
use restow_tests::fault_proxy::{Fault, Operation};

use super::examination::Examination;
use crate::fixture::System;
use crate::misconfigured::tls::self_signed_endpoint;

fn start() -> Result<System> {
    System::start_with(&[("--no-reaper", "")])
}

/// An examination through a public endpoint at which requests meet faults; each is met in both of its runs.
async fn through(
    system: &System,
    faults: &[(Operation, Fault)],
    changes: &[(&str, &str)],
) -> Result<Examination> {
    let proxy = FaultProxy::start(&system.place.endpoint)?;
    for (operation, fault) in faults {
        proxy.inject(*operation, 1.., fault.clone());
    }
    let url = proxy.url();
    let public = [("RESTOW_S3_PUBLIC_ENDPOINT", url.as_str())];
    Examination::changed(system, &[&public, changes].concat()).await
}

#[tokio::test]
async fn unreachable_public_endpoint_is_named() -> Result<()> {
    let system = start()?;
    let nowhere = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    let url = format!("http://{nowhere}");
    let examined = Examination::changed(&system, &[("RESTOW_S3_PUBLIC_ENDPOINT", &url)]).await?;
    examined.assert_failed(
        "public_endpoint",
        "refuses connections",
        "check --s3-public-endpoint",
    )?;
    examined.assert_skipped(&[
        "signed_put",
        "signed_length",
        "url_expires",
        "upload_key",
        "cors",
    ])?;
    examined.assert("get_object", "ok", "", "")?;
    examined.assert("abort_upload", "ok", "", "")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn untrusted_certificate_of_public_endpoint_is_named() -> Result<()> {
    let system = start()?;
    let url = self_signed_endpoint().await?;
    let examined = Examination::changed(&system, &[("RESTOW_S3_PUBLIC_ENDPOINT", &url)]).await?;
    examined.assert_failed("public_endpoint", "certificate", "the system trusts")
}

#[tokio::test]
async fn refused_urls_are_named() -> Result<()> {
    let system = start()?;
    let denied = Fault::Refuse(403, "AccessDenied");
    let examined = through(&system, &[(Operation::UploadPart(1), denied)], &[]).await?;
    examined.assert_failed(
        "signed_put",
        "refused with 403 AccessDenied",
        "grant the credentials",
    )?;
    examined.assert_skipped(&["signed_length", "url_expires", "upload_key", "cors", "etag"])
}

#[tokio::test]
async fn unchecked_length_is_named() -> Result<()> {
    let system = start()?;
    // A store that accepts whatever is sent.
    let faults = [(Operation::UploadPart(1), Fault::EmptyReply)];
    let examined = through(&system, &faults, &[]).await?;
    examined.assert_failed(
        "signed_length",
        "accepts another length",
        "use a store that checks",
    )
}

#[tokio::test]
async fn bounded_signature_age_is_named() -> Result<()> {
    let system = start()?;
    let faults = [(Operation::UploadPart(2), Fault::Refuse(403, "AccessDenied"))];
    let examined = through(&system, &faults, &[]).await?;
    examined.assert(
        "url_expires",
        "warning",
        "signed 59m ago and is valid for 1h",
        "s3:signatureAge",
    )?;
    ensure!(examined.succeeded, "{}", examined.text);
    Ok(())
}

#[tokio::test]
async fn upload_key_that_can_read_is_named() -> Result<()> {
    let system = start()?;
    let keys = [
        (
            "RESTOW_S3_UPLOAD_ACCESS_KEY",
            system.place.access_key.as_str(),
        ),
        ("RESTOW_S3_UPLOAD_SECRET_KEY", &system.place.secret_key),
    ];
    let examined = Examination::changed(&system, &keys).await?;
    examined.assert_failed("upload_key", "can read objects", "s3:PutObject")?;
    let denied = [(Operation::GetObject, Fault::Refuse(403, "AccessDenied"))];
    let examined = through(&system, &denied, &keys).await?;
    examined.assert("upload_key", "ok", "cannot read objects", "")?;
    ensure!(examined.succeeded, "{}", examined.text);
    Ok(())
}

#[tokio::test]
async fn missing_cors_rules_are_named() -> Result<()> {
    let system = start()?;
    let faults = [(Operation::Other, Fault::Refuse(403, "AccessForbidden"))];
    let origins = [(
        "RESTOW_ALLOWED_ORIGINS",
        "https://app.example,https://b.example",
    )];
    let examined = through(&system, &faults, &origins).await?;
    let message = "pages of https://app.example cannot upload: S3 refuses the preflight with 403";
    examined.assert("cors", "warning", message, "allow PUT from this origin")?;
    let checked = examined
        .names()
        .iter()
        .filter(|name| **name == "cors")
        .count();
    assert_eq!(checked, 2, "{}", examined.text);
    ensure!(examined.succeeded, "{}", examined.text);
    Ok(())
}
