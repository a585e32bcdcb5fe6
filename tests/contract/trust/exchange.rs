//! The exchange of a CI job's token.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::try_join_all;
use reqwest::{Method, StatusCode};
use restow_sdk::generated::types::DatasetNameRequest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Site, text};
use crate::fixture::{csv, eventually, refused, refused_answer};

#[tokio::test]
async fn ci_job_publishes_without_a_stored_secret() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, rule_id) = site.trusting_dataset("weather").await?;
    let before = Utc::now();
    let ci_token = site.issuer.token(&Site::job())?;
    let response = site.send_exchange(dataset_id, &ci_token).await?;
    assert_eq!(response.status(), StatusCode::CREATED);
    let exchanged: Value = response.json().await?;
    assert_eq!(exchanged["dataset_id"], json!(dataset_id));
    assert_eq!(exchanged["scopes"], json!(["upload", "commit"]));
    let expires_at: DateTime<Utc> = text(&exchanged, "expires_at")?.parse()?;
    let lifetime = expires_at - before;
    assert!(
        lifetime <= TimeDelta::minutes(16) && lifetime > TimeDelta::minutes(14),
        "{lifetime}"
    );

    let client = site.system.client_with(text(&exchanged, "token")?)?;
    let outcome = client
        .reupload(dataset_id)
        .bytes("weather.csv", csv(9))
        .send()
        .await?;
    assert_eq!(outcome.version.map(|version| version.version), Some(1));
    assert_eq!(site.system.read(dataset_id).await?, csv(9));

    // The same token of the CI job is of no use a second time.
    let again = site.send_exchange(dataset_id, &ci_token).await?;
    let fault = refused_answer(again, 401, "invalid_token").await?;
    assert_eq!(fault["loc"], json!(["body", "token"]));

    // The owner learns of the attempt, and whose it was.
    let path = format!("/datasets/{dataset_id}/events?type=access.refused");
    let event = eventually("the second exchange is recorded", async || {
        let request = site.system.request(Method::GET, &path).send();
        let listed: Value = request.await.ok()?.json().await.ok()?;
        listed["items"].get(0).cloned()
    })
    .await;
    assert_eq!(event["reason"], "invalid_token", "{event}");
    assert_eq!(event["after"]["operation"], "exchange_token", "{event}");
    assert_eq!(event["actor"]["token"], exchanged["name"], "{event}");
    assert_eq!(event["actor"]["principal"], json!(null), "{event}");

    // Who acted is visible, and where the rule was used.
    let caller = client.api().get_caller().send().await?;
    assert_eq!(
        caller.token_name,
        "CI job of octo/weather, workflow octo/weather/.github/workflows/publish.yml@refs/heads/main, run 7"
    );
    assert_eq!(caller.principal, "default");
    let rules = site
        .system
        .client
        .api()
        .list_trust_rules()
        .dataset_id(dataset_id)
        .send()
        .await?;
    assert_eq!(rules.items[0].id, rule_id);
    assert!(rules.items[0].last_used_at.is_some());
    // The log of the dataset has the token, by the rule and the CI job to which it was issued.
    let path = format!("/datasets/{dataset_id}/events?type=token.created");
    let listed = site.system.request(Method::GET, &path).send().await?;
    let listed: Value = listed.error_for_status()?.json().await?;
    let event = &listed["items"][0];
    assert_eq!(event["after"]["trust_rule_id"], json!(rule_id));
    assert_eq!(event["after"]["token_id"], json!(caller.token_id));
    assert_eq!(event["actor"]["token"], json!(caller.token_name));
    assert_eq!(event["actor"]["principal"], "default");
    assert!(event["actor"]["request_id"].is_string(), "{event}");
    // Neither of the tokens is in the log.
    let log = site.system.server.log()?;
    assert!(log.contains("a token was issued to a CI job"), "{log}");
    for token in [ci_token.as_str(), text(&exchanged, "token")?] {
        assert!(!log.contains(token));
    }
    Ok(())
}

#[tokio::test]
async fn one_of_concurrent_exchanges_succeeds() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    let token = site.issuer.token(&Site::job())?;
    let exchanges = (0..8).map(|_| site.send_exchange(dataset_id, &token));
    let responses = try_join_all(exchanges).await?;
    let statuses: Vec<_> = responses
        .iter()
        .map(|response| response.status().as_u16())
        .collect();
    let count = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(201), count(401)), (1, 7), "{statuses:?}");
    Ok(())
}

#[tokio::test]
async fn every_mismatch_has_the_same_response() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    let without_rule = site.system.dataset("climate").await?;
    let expected = json!({ "detail": [{
        "loc": ["body", "token"],
        "msg": "The token is not good, matches no trust rule of the dataset, or was exchanged before",
        "type": "invalid_token",
    }] });
    let token = |claims: &Value| site.issuer.token(claims);
    let past = Utc::now().timestamp() - 600;
    let cases = [
        (without_rule, token(&Site::job())?),
        (Uuid::now_v7(), token(&Site::job())?),
        (
            dataset_id,
            token(&Site::job_with("repository", json!("octo/other")))?,
        ),
        (
            dataset_id,
            token(&Site::job_with("repository", json!("octo/\u{0}")))?,
        ),
        (
            dataset_id,
            token(&Site::job_with("repository", json!(null)))?,
        ),
        (
            dataset_id,
            token(&Site::job_with("repository_owner_id", json!("43")))?,
        ),
        (
            dataset_id,
            token(&Site::job_with("ref", json!("refs/heads/feature")))?,
        ),
        (
            dataset_id,
            token(&Site::job_with("ref", json!("refs/pull/1/merge")))?,
        ),
        (
            dataset_id,
            token(&Site::job_with(
                "job_workflow_ref",
                json!("octo/weather/.github/workflows/x.yml@refs/heads/main"),
            ))?,
        ),
        (
            dataset_id,
            token(&Site::job_with("event_name", json!("pull_request_target")))?,
        ),
        (
            dataset_id,
            token(&Site::job_with("event_name", json!(null)))?,
        ),
        (
            dataset_id,
            token(&Site::job_with("repository_owner_id", json!(null)))?,
        ),
        (
            dataset_id,
            token(&Site::job_with(
                "job_workflow_ref",
                json!("octo/weather/.github/workflows/publish.yml@x.yml@refs/heads/main"),
            ))?,
        ),
        (
            dataset_id,
            token(&Site::job_with("aud", json!("https://other.example")))?,
        ),
        (
            dataset_id,
            token(&Site::job_with("iss", json!("https://other.example")))?,
        ),
        (dataset_id, token(&Site::job_with("exp", json!(past)))?),
        (
            dataset_id,
            token(&Site::job_with("exp", json!(past + 1_000_000)))?,
        ),
        (dataset_id, token(&Site::job_with("jti", json!(null)))?),
        (dataset_id, token(&Site::job_with("jti", json!("")))?),
        (dataset_id, site.issuer.token_of_unknown_key(&Site::job())?),
        (dataset_id, "no token".to_string()),
        (dataset_id, site.system.server.token().to_string()),
    ];
    for (dataset_id, token) in cases {
        let response = site.send_exchange(dataset_id, &token).await?;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{token}");
        assert_eq!(response.json::<Value>().await?, expected, "{token}");
    }
    // None of the refusals has used the token up.
    site.exchange(dataset_id).await?;
    Ok(())
}

#[tokio::test]
async fn exchanged_token_is_for_one_dataset() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, _) = site.trusting_dataset("weather").await?;
    let other = site.system.dataset("climate").await?;
    let exchanged = site.exchange(dataset_id).await?;
    let client = site.system.client_with(text(&exchanged, "token")?)?;
    let api = client.api();
    api.get_dataset().dataset_id(dataset_id).send().await?;
    refused(
        api.get_dataset().dataset_id(other).send().await,
        404,
        "not_found",
    );
    let upload = client.reupload(other).bytes("a.csv", csv(1)).send().await;
    refused(upload.map(drop), 404, "not_found");
    refused(
        api.delete_dataset().dataset_id(dataset_id).send().await,
        403,
        "forbidden",
    );
    let body = DatasetNameRequest {
        name: "new".parse()?,
    };
    refused(
        api.create_dataset().body(body).send().await,
        403,
        "forbidden",
    );
    refused(
        api.list_trust_rules().dataset_id(dataset_id).send().await,
        403,
        "forbidden",
    );
    // Nor what the dataset has.
    refused(
        api.download_dataset()
            .dataset_id(dataset_id)
            .send()
            .await
            .map(drop),
        403,
        "forbidden",
    );
    let listed = api.list_datasets().send().await?;
    assert_eq!(listed.items.len(), 1);
    Ok(())
}

#[tokio::test]
async fn deleted_rule_revokes_its_tokens() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, rule_id) = site.trusting_dataset("weather").await?;
    let kept_rule = {
        let exchanged = site.exchange(dataset_id).await?;
        let client = site.system.client_with(text(&exchanged, "token")?)?;
        client
            .api()
            .get_dataset()
            .dataset_id(dataset_id)
            .send()
            .await?;
        let path = format!("/datasets/{dataset_id}/trust-rules/{rule_id}");
        let deleted = site.system.request(Method::DELETE, &path).send().await?;
        assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
        let path = format!("/datasets/{dataset_id}/events?type=token.revoked");
        let listed = site.system.request(Method::GET, &path).send().await?;
        let listed: Value = listed.error_for_status()?.json().await?;
        assert_eq!(
            listed["items"].as_array().map(Vec::len),
            Some(1),
            "{listed}"
        );
        eventually("the token is refused", async || {
            let found = client
                .api()
                .get_dataset()
                .dataset_id(dataset_id)
                .send()
                .await;
            let error = restow_sdk::Error::from(found.err()?);
            (error.error_type() == Some("invalid_token")).then_some(())
        })
        .await;
        site.trust(dataset_id).await?
    };
    assert_ne!(kept_rule, rule_id);
    site.exchange(dataset_id).await?;
    Ok(())
}

#[tokio::test]
async fn issuer_for_bearer_tokens_exchanges_nothing() -> Result<()> {
    let site = Site::start_with(&json!({ "bearer-tokens": true }))?;
    let dataset_id = site.system.dataset("weather").await?;
    let token = site.issuer.token(&Site::job())?;
    let response = site.send_exchange(dataset_id, &token).await?;
    refused_answer(response, 401, "invalid_token").await?;
    Ok(())
}

#[tokio::test]
async fn malformed_exchange_requests_are_invalid() -> Result<()> {
    let site = Site::start()?;
    let send = |body: Value| {
        site.system
            .anonymous(Method::POST, "/api/token-exchange")
            .json(&body)
            .send()
    };
    let id = Uuid::now_v7();
    for (body, error_type) in [
        (json!({ "dataset_id": id }), "missing"),
        (json!({ "token": "", "dataset_id": id }), "string_too_short"),
        (
            json!({ "token": "a".repeat(16_385), "dataset_id": id }),
            "string_too_long",
        ),
        (json!({ "token": 1, "dataset_id": id }), "string_type"),
        (
            json!({ "token": "a", "dataset_id": "weather" }),
            "uuid_parsing",
        ),
    ] {
        refused_answer(send(body).await?, 422, error_type).await?;
    }
    Ok(())
}
