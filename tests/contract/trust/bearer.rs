//! Tokens of other issuers as bearer tokens.

use anyhow::Result;
use chrono::{TimeDelta, Utc};
use reqwest::Method;
use restow_sdk::Client;
use restow_sdk::generated::types::{DatasetNameRequest, Scope};
use serde_json::{Value, json};

use super::Site;
use crate::fixture::{Clock, System, csv, eventually, refused, refused_answer};

async fn create(client: &Client, name: &str) -> Result<uuid::Uuid> {
    let body = DatasetNameRequest {
        name: name.parse()?,
    };
    Ok(client.api().create_dataset().body(body).send().await?.id)
}

fn client(site: &Site, claims: &Value) -> Result<Client> {
    site.system.client_with(&site.issuer.token(claims)?)
}

#[tokio::test]
async fn token_works_for_a_principal_of_its_own() -> Result<()> {
    let site = Site::start()?;
    let all = json!({ "sub": "alice", "scope": "openid read upload commit delete admin" });
    let alice = client(&site, &all)?;
    let dataset_id = create(&alice, "weather").await?;
    let outcome = alice
        .reupload(dataset_id)
        .bytes("weather.csv", csv(5))
        .send()
        .await?;
    assert_eq!(outcome.version.map(|version| version.version), Some(1));

    let caller = alice.api().get_caller().send().await?;
    assert_eq!(
        (caller.principal.as_str(), caller.token_id),
        ("test:alice", None)
    );
    // Not `admin`, which the configuration does not allow.
    let scopes: Vec<_> = caller.scopes.iter().map(ToString::to_string).collect();
    assert_eq!(scopes, ["read", "upload", "commit", "delete"]);
    assert!(!caller.is_admin);

    // Another token of the same caller finds the dataset, another caller does not.
    let again = client(&site, &all)?;
    again
        .api()
        .get_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    let bob = client(&site, &json!({ "sub": "bob", "scope": "read" }))?;
    refused(
        bob.api().get_dataset().dataset_id(dataset_id).send().await,
        404,
        "not_found",
    );
    Ok(())
}

#[tokio::test]
async fn scopes_of_the_token_limit_its_use() -> Result<()> {
    let site = Site::start()?;
    let dataset_id = create(&client(&site, &json!({ "scope": "upload" }))?, "weather").await?;
    let reader = client(&site, &json!({ "scope": "read" }))?;
    reader
        .api()
        .get_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    refused(
        reader
            .api()
            .delete_dataset()
            .dataset_id(dataset_id)
            .send()
            .await,
        403,
        "forbidden",
    );
    let none = client(&site, &json!({}))?;
    refused(none.api().list_datasets().send().await, 403, "forbidden");
    Ok(())
}

#[tokio::test]
async fn claim_makes_an_administrator() -> Result<()> {
    let site = Site::start_with(&json!({
        "bearer-tokens": true,
        "default-scopes": ["read"],
        "admin": { "claim": "groups", "value": "restow-admins" },
    }))?;
    let dataset_id = site.system.dataset("weather").await?;
    let user = client(&site, &json!({ "sub": "user", "groups": ["restow-users"] }))?;
    refused(
        user.api().get_dataset().dataset_id(dataset_id).send().await,
        404,
        "not_found",
    );
    let admin = client(
        &site,
        &json!({ "sub": "admin", "groups": ["restow-admins"] }),
    )?;
    admin
        .api()
        .get_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    assert!(admin.api().get_caller().send().await?.is_admin);
    Ok(())
}

#[tokio::test]
async fn token_of_an_issuer_creates_none_that_outlives_it() -> Result<()> {
    let site = Site::start_with(&json!({
        "bearer-tokens": true,
        "admin": { "claim": "groups", "value": "restow-admins" },
    }))?;
    let admin = client(&site, &json!({ "groups": ["restow-admins"] }))?;
    let expires_at = admin.api().get_caller().send().await?.expires_at;
    assert!(expires_at.is_some());
    let created = admin.api().create_token().body_map(|body| {
        let body = body.name("for a year").scopes(vec![Scope::Admin]);
        body.expires_in(31_536_000)
    });
    let created = created.send().await?;
    assert_eq!(created.token.expires_at, expires_at);
    let other = site.system.client_with(&created.secret)?;
    assert_eq!(
        other.api().get_caller().send().await?.expires_at,
        expires_at
    );
    Ok(())
}

#[tokio::test]
async fn tokens_that_are_not_good_are_refused() -> Result<()> {
    let site = Site::start()?;
    let now = Utc::now().timestamp();
    let good = site.issuer.token(&json!({ "scope": "read" }))?;
    let (signed, _) = good.rsplit_once('.').unwrap_or_default();
    for token in [
        site.issuer
            .token(&json!({ "aud": "https://other.example" }))?,
        site.issuer.token(&json!({ "aud": null }))?,
        site.issuer
            .token(&json!({ "iss": "https://other.example" }))?,
        site.issuer.token(&json!({ "exp": now - 61 }))?,
        site.issuer.token(&json!({ "exp": null }))?,
        site.issuer.token(&json!({ "nbf": now + 600 }))?,
        site.issuer.token(&json!({ "iat": now + 600 }))?,
        site.issuer.token(&json!({ "sub": null }))?,
        site.issuer.token_of_unknown_key(&json!({}))?,
        format!("{signed}."),
        "a.b.c".to_string(),
        "..".to_string(),
    ] {
        let client = site.system.client_with(&token)?;
        refused(
            client.api().list_datasets().send().await,
            401,
            "invalid_token",
        );
    }
    let log = site.system.server.log()?;
    assert!(
        !log.contains(&good) && log.contains("the audience is not accepted"),
        "{log}"
    );
    Ok(())
}

#[tokio::test]
async fn ci_issuer_accepts_no_bearer_tokens() -> Result<()> {
    let site = Site::start_with(&json!({ "trust-rules": "github" }))?;
    let client = client(&site, &json!({ "scope": "read" }))?;
    refused(
        client.api().list_datasets().send().await,
        401,
        "invalid_token",
    );
    Ok(())
}

#[tokio::test]
async fn disabled_principal_is_refused() -> Result<()> {
    let site = Site::start()?;
    let claims = json!({ "sub": "alice", "scope": "read" });
    let alice = client(&site, &claims)?;
    alice.api().list_datasets().send().await?;
    site.system
        .server
        .run(&["principal", "disable", "test:alice"])?;
    eventually("the token is refused", async || {
        let found = alice.api().list_datasets().send().await;
        let error = restow_sdk::Error::from(found.err()?);
        (error.error_type() == Some("invalid_token")).then_some(())
    })
    .await;
    let other = client(&site, &claims)?;
    refused(
        other.api().list_datasets().send().await,
        401,
        "invalid_token",
    );
    site.system
        .server
        .run(&["principal", "enable", "test:alice"])?;
    other.api().list_datasets().send().await?;
    Ok(())
}

#[tokio::test]
async fn token_is_remembered_no_longer_than_it_lives() -> Result<()> {
    let site = Site::start()?;
    let clock = Clock::of(&site.system);
    let system = site.system.kill_and_restart_with(clock.passing()).await?;
    let token = site.issuer.token(&json!({ "scope": "read" }))?;
    let client = system.client_with(&token)?;
    client.api().list_datasets().send().await?;
    clock.set(TimeDelta::minutes(7))?;
    refused(
        client.api().list_datasets().send().await,
        401,
        "invalid_token",
    );
    Ok(())
}

#[tokio::test]
async fn read_only_server_creates_no_principal() -> Result<()> {
    let site = Site::start()?;
    let known = site
        .issuer
        .token(&json!({ "sub": "alice", "scope": "read" }))?;
    let listed = |system: &System, token: &str| {
        let request = system.anonymous(Method::GET, "/api/datasets");
        request.bearer_auth(token).send()
    };
    assert_eq!(listed(&site.system, &known).await?.status(), 200);
    let unknown = site
        .issuer
        .token(&json!({ "sub": "bob", "scope": "read" }))?;
    let read_only = ("RESTOW_READ_ONLY".to_string(), "true".to_string());
    let system = site.system.kill_and_restart_with(vec![read_only]).await?;
    assert_eq!(listed(&system, &known).await?.status(), 200);
    let refused = listed(&system, &unknown).await?;
    let error = refused_answer(refused, 503, "unavailable").await?;
    assert_eq!(error["ctx"]["reason"], "read_only", "{error}");
    let principals = system.server.run(&["principal", "list"])?;
    assert!(!principals.contains("bob"), "{principals}");
    Ok(())
}
