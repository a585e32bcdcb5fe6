//! The keys of issuers: replaced, unknown, and not to be had.

use anyhow::Result;
use restow_sdk::{Client, Error, RetryPolicy};
use serde_json::json;

use super::Site;
use crate::fixture::{Issuer, System, eventually, refused};

/// Where an issuer has its keys.
const KEYS: &str = "/keys";

fn claims() -> serde_json::Value {
    json!({ "scope": "read" })
}

async fn is_accepted(system: &System, token: &str) -> Result<bool> {
    let client = system.client_with(token)?;
    let listed = client
        .api()
        .list_datasets()
        .send()
        .await
        .map_err(Error::from);
    match listed {
        Ok(_) => Ok(true),
        Err(error) if error.error_type() == Some("invalid_token") => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[tokio::test]
async fn new_key_is_fetched_when_it_is_named() -> Result<()> {
    let site = Site::start()?;
    assert!(is_accepted(&site.system, &site.issuer.token(&claims())?).await?);
    site.issuer.add_key()?;
    let token = site.issuer.token(&claims())?;
    eventually("the new key is known", async || {
        is_accepted(&site.system, &token).await.ok()?.then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn unknown_keys_cause_no_flood_of_requests() -> Result<()> {
    let site = Site::start_with(&json!({ "bearer-tokens": true, "keys-min-pause": "1h" }))?;
    assert!(is_accepted(&site.system, &site.issuer.token(&claims())?).await?);
    let before = site.issuer.requests(KEYS);
    for _ in 0..30 {
        let token = site.issuer.token_of_unknown_key(&claims())?;
        assert!(!is_accepted(&site.system, &token).await?);
    }
    assert_eq!((before, site.issuer.requests(KEYS)), (1, 1));
    // Those whose key is known are still accepted.
    assert!(is_accepted(&site.system, &site.issuer.token(&claims())?).await?);
    Ok(())
}

#[tokio::test]
async fn retired_key_is_refused_after_the_refresh() -> Result<()> {
    let site = Site::start_with(&json!({ "bearer-tokens": true, "keys-refresh": "1s" }))?;
    let old = site.issuer.token(&claims())?;
    assert!(is_accepted(&site.system, &old).await?);
    site.issuer.add_key()?;
    site.issuer.retire_keys();
    eventually("the old key is refused", async || {
        (!is_accepted(&site.system, &old).await.ok()?).then_some(())
    })
    .await;
    assert!(is_accepted(&site.system, &site.issuer.token(&claims())?).await?);
    Ok(())
}

#[tokio::test]
async fn outage_of_the_issuer_is_survived() -> Result<()> {
    let site = Site::start_with(&json!({ "bearer-tokens": true, "keys-refresh": "1s" }))?;
    assert!(is_accepted(&site.system, &site.issuer.token(&claims())?).await?);
    site.issuer.set_down(true);
    let discovery = "/.well-known/openid-configuration";
    let before = site.issuer.requests(discovery);
    eventually("a refresh fails", async || {
        (site.issuer.requests(discovery) > before).then_some(())
    })
    .await;
    assert!(is_accepted(&site.system, &site.issuer.token(&claims())?).await?);
    // An unknown key is refused, since those that are known are those of the issuer as far as anything says.
    let token = site.issuer.token_of_unknown_key(&claims())?;
    assert!(!is_accepted(&site.system, &token).await?);
    Ok(())
}

#[tokio::test]
async fn issuer_that_was_never_reached_is_unavailable() -> Result<()> {
    let issuer = Issuer::start()?;
    issuer.set_down(true);
    let list = issuer.list(&json!({ "bearer-tokens": true, "trust-rules": "github" }));
    let system = System::start_with(&[("--oidc-issuers", &list)])?;
    let site = Site { system, issuer };
    let client = once(&site.system.client_with(&site.issuer.token(&claims())?)?);
    let fault = refused(
        client.api().list_datasets().send().await,
        503,
        "unavailable",
    );
    assert_eq!(fault.ctx["dependency"], "issuer");
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    let token = site.issuer.token(&Site::job())?;
    let response = site.send_exchange(dataset_id, &token).await?;
    assert_eq!(response.status(), 503);
    // The server's own tokens do not depend on it.
    site.system.client.api().list_datasets().send().await?;
    site.issuer.set_down(false);
    eventually("the issuer is reached", async || {
        client.api().list_datasets().send().await.ok()
    })
    .await;
    Ok(())
}

fn once(client: &Client) -> Client {
    client.with_retry(RetryPolicy {
        retries: 0,
        ..RetryPolicy::default()
    })
}

#[tokio::test]
async fn redirects_of_the_issuer_are_not_followed() -> Result<()> {
    let issuer = Issuer::start()?;
    let elsewhere = Issuer::start()?;
    issuer.redirect_to(&format!(
        "{}/.well-known/openid-configuration",
        elsewhere.url()
    ));
    let list = issuer.list(&json!({ "bearer-tokens": true }));
    let system = System::start_with(&[("--oidc-issuers", &list)])?;
    let client = once(&system.client_with(&issuer.token(&claims())?)?);
    refused(
        client.api().list_datasets().send().await,
        503,
        "unavailable",
    );
    assert_eq!(elsewhere.requests("/.well-known/openid-configuration"), 0);
    assert!(system.server.log()?.contains("redirects are not followed"));
    Ok(())
}
