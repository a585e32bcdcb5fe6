//! Certificates and issuers that cannot be used.

use std::fs;

use anyhow::{Result, ensure};
use restow_tests::Authority;
use restow_tests::tls_front::Fault;
use serde_json::json;

use super::examination::Examination;
use crate::fixture::{Issuer, System};

fn start() -> Result<System> {
    System::start_with(&[("--no-reaper", "")])
}

#[tokio::test]
async fn unusable_certificate_is_named() -> Result<()> {
    let (system, authority) = (start()?, Authority::new()?);
    let file = |name: &str| system.server.data_dir().join(name).display().to_string();
    let (certificate, key) = (file("tls.crt"), file("tls.key"));
    let both = [
        ("RESTOW_TLS_CERTIFICATE", certificate.as_str()),
        ("RESTOW_TLS_KEY", &key),
    ];
    for fault in [Fault::Expired, Fault::None] {
        let identity = authority.issue(fault)?;
        fs::write(&certificate, identity.certificate)?;
        fs::write(&key, identity.key)?;
        let examined = Examination::changed(&system, &both).await?;
        if fault == Fault::None {
            examined.assert("certificate", "ok", "valid until", "")?;
            ensure!(examined.succeeded, "{}", examined.text);
        } else {
            let advice = "correct the files of --tls-certificate";
            examined.assert_failed("certificate", "expired at 2001-01-01", advice)?;
        }
        ensure!(!examined.text.contains("PRIVATE KEY"));
    }
    let examined = Examination::changed(&system, &both[..1]).await?;
    examined.assert_failed("certificate", "must be set together", "--tls-key")
}

#[tokio::test]
async fn issuer_that_is_down_is_named() -> Result<()> {
    let (system, issuer) = (start()?, Issuer::start()?);
    let list = issuer.list(&json!({ "bearer-tokens": true }));
    let changes = [("RESTOW_OIDC_ISSUERS", list.as_str())];
    let examined = Examination::changed(&system, &changes).await?;
    examined.assert("issuers", "ok", "test responds, and has 1 keys", "")?;
    issuer.set_down(true);
    let examined = Examination::changed(&system, &changes).await?;
    examined.assert_failed(
        "issuers",
        "the keys of test cannot be fetched",
        "check `url`",
    )
}
