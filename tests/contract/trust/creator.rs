//! Trust rules of principals that are no owners of the dataset any more.

use anyhow::{Context, Result};
use reqwest::{Method, StatusCode};
use restow_sdk::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Site, text};
use crate::fixture::{eventually, refused_answer};

/// A repository of the former owner.
const REPOSITORY: &str = "bob/evil";

/// Grants bob a role on the dataset, or ends the grant.
async fn share(site: &Site, dataset_id: Uuid, role: Option<&str>) -> Result<()> {
    let path = format!("/datasets/{dataset_id}/grants/bob");
    let request = match role {
        Some(role) => site
            .system
            .request(Method::PUT, &path)
            .json(&json!({ "role": role })),
        None => site.system.request(Method::DELETE, &path),
    };
    request.send().await?.error_for_status()?;
    Ok(())
}

/// Has bob's token create a rule for bob's repository.
async fn create_rule(site: &Site, dataset_id: Uuid, token: &str) -> Result<reqwest::Response> {
    let path = format!("/api/datasets/{dataset_id}/trust-rules");
    let rule = json!({ "issuer": site.issuer.url(), "repository": REPOSITORY });
    let create = site.system.anonymous(Method::POST, &path).json(&rule);
    Ok(create.bearer_auth(token).send().await?)
}

/// The response to the exchange of a token of bob's repository.
async fn exchange(site: &Site, dataset_id: Uuid) -> Result<reqwest::Response> {
    let claims = Site::job_with("repository", json!(REPOSITORY));
    site.send_exchange(dataset_id, &site.issuer.token(&claims)?)
        .await
}

/// A client with the token of a job of bob's repository.
async fn job(site: &Site, dataset_id: Uuid) -> Result<Client> {
    let exchanged = exchange(site, dataset_id).await?.error_for_status()?;
    let exchanged: Value = exchanged.json().await?;
    let client = site.system.client_with(text(&exchanged, "token")?)?;
    // The token is remembered as valid.
    client
        .api()
        .get_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    Ok(client)
}

/// Waits until the token of the job is refused, and checks that no further one is issued.
async fn has_ended(site: &Site, dataset_id: Uuid, job: &Client) -> Result<()> {
    eventually("the token is refused", async || {
        let found = job.api().get_dataset().dataset_id(dataset_id).send().await;
        let error = restow_sdk::Error::from(found.err()?);
        (error.error_type() == Some("invalid_token")).then_some(())
    })
    .await;
    refused_answer(exchange(site, dataset_id).await?, 401, "invalid_token").await?;
    Ok(())
}

#[tokio::test]
async fn rule_ends_with_the_role_of_its_creator() -> Result<()> {
    let site = Site::start()?;
    let dataset_id = site.system.dataset("weather").await?;
    let bob = site.system.token_of("bob")?;
    share(&site, dataset_id, Some("owner")).await?;
    let created = create_rule(&site, dataset_id, &bob).await?;
    assert_eq!(created.status(), StatusCode::CREATED);
    let created: Value = created.json().await?;
    assert_eq!(created["created_by"], "bob");

    let unshared = job(&site, dataset_id).await?;
    share(&site, dataset_id, None).await?;
    has_ended(&site, dataset_id, &unshared).await?;
    // The rule is still listed, with whom it is of.
    let path = format!("/datasets/{dataset_id}/trust-rules");
    let listed = site.system.request(Method::GET, &path).send().await?;
    let listed: Value = listed.error_for_status()?.json().await?;
    assert_eq!(listed["items"][0]["created_by"], "bob");

    share(&site, dataset_id, Some("owner")).await?;
    let demoted = job(&site, dataset_id).await?;
    share(&site, dataset_id, Some("writer")).await?;
    has_ended(&site, dataset_id, &demoted).await?;

    share(&site, dataset_id, Some("owner")).await?;
    let disabled = job(&site, dataset_id).await?;
    let run = |action: &[&str]| site.system.server.run(&[&["principal"], action].concat());
    run(&["disable", "bob"])?;
    has_ended(&site, dataset_id, &disabled).await?;
    run(&["enable", "bob"])?;
    let erased = job(&site, dataset_id).await?;
    run(&["erase", "bob", "--yes"])?;
    has_ended(&site, dataset_id, &erased).await?;
    Ok(())
}

#[tokio::test]
async fn rule_of_the_owner_outlives_a_former_owner() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    site.system.token_of("bob")?;
    share(&site, dataset_id, Some("owner")).await?;
    let exchanged = site.exchange(dataset_id).await?;
    share(&site, dataset_id, None).await?;
    let client = site.system.client_with(text(&exchanged, "token")?)?;
    client
        .api()
        .get_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    site.exchange(dataset_id).await?;
    Ok(())
}

#[tokio::test]
async fn administrator_by_a_claim_creates_no_rules() -> Result<()> {
    let site = Site::start_with(&json!({
        "bearer-tokens": true,
        "default-scopes": ["read"],
        "admin": { "claim": "groups", "value": "restow-admins" },
        "trust-rules": "github",
    }))?;
    let dataset_id = site.system.dataset("weather").await?;
    let claims = json!({ "sub": "admin", "groups": ["restow-admins"] });
    let admin = site.issuer.token(&claims)?;
    let refused = create_rule(&site, dataset_id, &admin).await?;
    let fault = refused_answer(refused, 403, "forbidden").await?;
    assert_eq!(fault["ctx"]["role"], "owner");
    let missing = create_rule(&site, Uuid::now_v7(), &admin).await?;
    refused_answer(missing, 404, "not_found").await?;
    // The same administrator, as the database knows it.
    site.system
        .server
        .run(&["principal", "promote", "test:admin"])?;
    let created = create_rule(&site, dataset_id, &admin).await?;
    assert_eq!(created.status(), StatusCode::CREATED);
    job(&site, dataset_id).await.context("the rule counts")?;
    Ok(())
}
