//! Trust rules of datasets.

use anyhow::Result;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Site;
use crate::fixture::{refused, refused_answer};

#[tokio::test]
async fn rules_are_created_listed_and_deleted() -> Result<()> {
    let site = Site::start()?;
    let dataset_id = site.system.dataset("weather").await?;
    let path = format!("/datasets/{dataset_id}/trust-rules");
    let mut ids = Vec::new();
    for _ in 0..3 {
        let response = site
            .system
            .request(Method::POST, &path)
            .json(&site.rule())
            .send()
            .await?;
        assert_eq!(response.status(), StatusCode::CREATED);
        let rule: Value = response.json().await?;
        for name in [
            "issuer",
            "repository",
            "repository_owner_id",
            "workflow",
            "branch",
        ] {
            assert_eq!(rule[name], site.rule()[name], "{name}");
        }
        assert_eq!(rule["created_by"], "default");
        assert_eq!(
            (&rule["environment"], &rule["last_used_at"]),
            (&json!(null), &json!(null))
        );
        ids.push(rule["id"].clone());
    }
    let page = |query: String| {
        site.system
            .request(Method::GET, &format!("{path}?{query}"))
            .send()
    };
    let first: Value = page("limit=2".to_string()).await?.json().await?;
    let token = first["next_page"].as_str().unwrap_or_default();
    let second: Value = page(format!("limit=2&page_token={token}"))
        .await?
        .json()
        .await?;
    let listed: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|page| page["items"].as_array().into_iter().flatten())
        .map(|rule| rule["id"].clone())
        .collect();
    assert_eq!(listed, ids);
    refused_answer(
        page("page_token=other".to_string()).await?,
        404,
        "not_found",
    )
    .await?;

    let rule = format!("{path}/{}", ids[0].as_str().unwrap_or_default());
    let delete = || site.system.request(Method::DELETE, &rule).send();
    assert_eq!(delete().await?.status(), StatusCode::NO_CONTENT);
    let fault = refused_answer(delete().await?, 404, "not_found").await?;
    assert_eq!(fault["loc"], json!(["path", "rule_id"]));
    let left = site
        .system
        .client
        .api()
        .list_trust_rules()
        .dataset_id(dataset_id)
        .send()
        .await?;
    assert_eq!(left.items.len(), 2);
    Ok(())
}

#[tokio::test]
async fn first_job_decides_the_owner_of_the_repository() -> Result<()> {
    let site = Site::start()?;
    let dataset_id = site.system.dataset("weather").await?;
    let path = format!("/datasets/{dataset_id}/trust-rules");
    let rule = json!({ "issuer": site.issuer.url(), "repository": "octo/weather" });
    let create = site.system.request(Method::POST, &path).json(&rule).send();
    let created: Value = create.await?.error_for_status()?.json().await?;
    assert_eq!(created["repository_owner_id"], json!(null));
    let send = async |owner: &str| {
        let claims = Site::job_with("repository_owner_id", json!(owner));
        let token = site.issuer.token(&claims)?;
        site.send_exchange(dataset_id, &token).await
    };
    assert_eq!(send("42").await?.status(), StatusCode::CREATED);
    // Another account has taken over the name of the owner since.
    refused_answer(send("43").await?, 401, "invalid_token").await?;
    assert_eq!(send("42").await?.status(), StatusCode::CREATED);
    let listed = site.system.request(Method::GET, &path).send().await?;
    let listed: Value = listed.error_for_status()?.json().await?;
    assert_eq!(listed["items"][0]["repository_owner_id"], "42");
    let path = format!("/datasets/{dataset_id}/events?type=trust_rule.pinned");
    let events = site.system.request(Method::GET, &path).send().await?;
    let events: Value = events.error_for_status()?.json().await?;
    let events = events["items"].as_array().cloned().unwrap_or_default();
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["after"]["repository_owner_id"], "42");
    Ok(())
}

#[tokio::test]
async fn rules_of_other_datasets_are_out_of_reach() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, rule_id) = site.trusting_dataset("weather").await?;
    let other = site.system.dataset("climate").await?;
    let path = format!("/datasets/{other}/trust-rules/{rule_id}");
    let response = site.system.request(Method::DELETE, &path).send().await?;
    refused_answer(response, 404, "not_found").await?;

    // A stranger learns nothing about the dataset.
    let stranger = site.system.client_with(&site.system.token_of("mallory")?)?;
    let api = stranger.api();
    for dataset_id in [dataset_id, Uuid::now_v7()] {
        refused(
            api.list_trust_rules().dataset_id(dataset_id).send().await,
            404,
            "not_found",
        );
        let deleted = api
            .delete_trust_rule()
            .dataset_id(dataset_id)
            .rule_id(rule_id);
        refused(deleted.send().await, 404, "not_found");
        let created = api
            .create_trust_rule()
            .dataset_id(dataset_id)
            .body_map(|body| body.issuer(site.issuer.url()).repository("octo/weather"));
        refused(created.send().await, 404, "not_found");
    }
    site.exchange(dataset_id).await?;
    Ok(())
}

#[tokio::test]
async fn rules_are_for_owners_alone() -> Result<()> {
    let site = Site::start()?;
    let (dataset_id, rule_id) = site.trusting_dataset("weather").await?;
    let writer = site.system.client_with(&site.system.token_of("bob")?)?;
    let grant = format!("/datasets/{dataset_id}/grants/bob");
    let granted = site
        .system
        .request(Method::PUT, &grant)
        .json(&json!({ "role": "writer" }));
    granted.send().await?.error_for_status()?;
    let api = writer.api();
    refused(
        api.list_trust_rules().dataset_id(dataset_id).send().await,
        403,
        "forbidden",
    );
    let deleted = api
        .delete_trust_rule()
        .dataset_id(dataset_id)
        .rule_id(rule_id);
    refused(deleted.send().await, 403, "forbidden");
    let created = api
        .create_trust_rule()
        .dataset_id(dataset_id)
        .body_map(|body| body.issuer(site.issuer.url()).repository("bob/weather"));
    refused(created.send().await, 403, "forbidden");
    Ok(())
}

#[tokio::test]
async fn issuer_must_be_configured() -> Result<()> {
    let site = Site::start()?;
    let dataset_id = site.system.dataset("weather").await?;
    let path = format!("/datasets/{dataset_id}/trust-rules");
    for issuer in [
        "https://other.example".to_string(),
        format!("{}/", site.issuer.url()),
    ] {
        let mut rule = site.rule();
        rule["issuer"] = json!(issuer);
        let response = site
            .system
            .request(Method::POST, &path)
            .json(&rule)
            .send()
            .await?;
        let fault = refused_answer(response, 422, "unknown_issuer").await?;
        assert_eq!(fault["ctx"]["issuers"], json!([site.issuer.url()]));
        assert_eq!(fault["input"], json!(issuer));
    }
    for (name, value, error_type) in [
        ("repository", json!(""), "string_too_short"),
        ("repository", json!("a\nb"), "string_pattern_mismatch"),
        ("repository", json!("a\u{0}b"), "string_pattern_mismatch"),
        ("branch", json!("a".repeat(256)), "string_too_long"),
        ("environment", json!(7), "string_type"),
    ] {
        let mut rule = site.rule();
        rule[name] = value;
        let response = site
            .system
            .request(Method::POST, &path)
            .json(&rule)
            .send()
            .await?;
        refused_answer(response, 422, error_type).await?;
    }
    Ok(())
}

#[tokio::test]
async fn login_options_name_the_issuers() -> Result<()> {
    let site = Site::start()?;
    let path = "/.well-known/restow";
    let document: Value = site
        .system
        .anonymous(Method::GET, path)
        .send()
        .await?
        .json()
        .await?;
    assert_eq!(
        document["issuers"],
        json!([{
            "name": "test",
            "url": site.issuer.url(),
            "audience": crate::fixture::AUDIENCE,
            "bearer_tokens": true,
            "trust_rules": "github",
            "device": null,
        }])
    );
    Ok(())
}
