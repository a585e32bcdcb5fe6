//! A request of each operation that the owner of a dataset would not be refused.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, RequestBuilder};
use restow_api::right::right_of;
use serde_json::{Value, json};

use super::caller::{Kind, Site};
use crate::fixture::Operation;

/// An issuer that the server is configured for, and that is never reached.
pub const ISSUER: &str = "http://127.0.0.1:9";

/// A request by a caller of that kind.
pub async fn of(site: &Site<'_>, operation: &Operation, kind: Kind) -> Result<RequestBuilder> {
    let mut path = operation
        .path
        .replace("{dataset_id}", &site.dataset_id.to_string())
        .replace("{version}", "1")
        .replace("{principal}", "guest");
    if path.contains("{job_id}") {
        path = path.replace("{job_id}", &job(site).await?);
    }
    if path.contains("{token_id}") {
        path = path.replace("{token_id}", &token(site, kind).await?);
    }
    if path.contains("{rule_id}") {
        path = path.replace("{rule_id}", &rule(site).await?);
    }
    if path.contains("{webhook_id}") {
        let (webhook, delivery) = webhook(site).await?;
        path = path
            .replace("{webhook_id}", &webhook)
            .replace("{delivery_id}", &delivery);
    }
    if operation.id == "diff_versions" {
        path.push_str("?from=1");
    }
    if matches!(operation.id.as_str(), "put_grant" | "delete_grant") {
        grant_guest(site).await?;
    }
    let (method, path) = (operation.method.clone(), format!("/api{path}"));
    let right = right_of(&operation.id).context("a right")?;
    let request = if kind == Kind::WrongScope {
        site.without_scopes(right.scopes, method, &path)?
    } else {
        site.request(kind, method, &path)
    };
    Ok(match body(site, operation, kind) {
        Some(body) => request.json(&body),
        None => request,
    })
}

fn body(site: &Site<'_>, operation: &Operation, kind: Kind) -> Option<Value> {
    let body = match operation.id.as_str() {
        "create_dataset" => json!({ "name": format!("of {kind:?}") }),
        "request_presigned_reupload" => json!({ "filename": "a.csv", "file_size": 1 }),
        "request_part_urls" => json!({ "part_numbers": [1] }),
        "put_grant" => json!({ "role": "reader" }),
        "create_trust_rule" => json!({ "issuer": ISSUER, "repository": "octo/weather" }),
        "exchange_token" => json!({ "token": "a.b.c", "dataset_id": site.dataset_id }),
        "create_webhook" => {
            json!({ "url": "https://hooks.example/", "types": ["version.committed"] })
        }
        "create_token" => json!({ "name": "of a test", "scopes": ["admin"] }),
        // The current version is another one.
        "restore_version" | "commit_job" => json!({ "replaces": 7 }),
        _ => json!({}),
    };
    operation.has_body.then_some(body)
}

/// A job that waits for its upload.
async fn job(site: &Site<'_>) -> Result<String> {
    let path = format!("/api/datasets/{}/reupload/presigned", site.dataset_id);
    let request = site.request(Kind::Owner, Method::POST, &path);
    let request = request.json(&json!({ "filename": "a.csv", "file_size": 1 }));
    let begun: Value = request.send().await?.json().await?;
    Ok(begun["job_id"].as_str().context("a job")?.to_string())
}

/// A trust rule of the dataset.
async fn rule(site: &Site<'_>) -> Result<String> {
    let path = format!("/api/datasets/{}/trust-rules", site.dataset_id);
    let request = site.request(Kind::Owner, Method::POST, &path);
    let request = request.json(&json!({ "issuer": ISSUER, "repository": "octo/weather" }));
    let rule: Value = request.send().await?.json().await?;
    Ok(rule["id"].as_str().context("a rule")?.to_string())
}

/// A token of the caller's principal, which is for no more than the caller's own.
async fn token(site: &Site<'_>, kind: Kind) -> Result<String> {
    let request = site.request(Kind::Admin, Method::POST, "/api/tokens");
    let mut body =
        json!({ "name": "to be revoked", "scopes": ["read"], "principal": kind.principal() });
    if let Some(dataset_id) = kind.restriction(site) {
        body["datasets"] = json!([dataset_id]);
    }
    let request = request.json(&body);
    let created: Value = request.send().await?.json().await?;
    Ok(created["token"]["id"]
        .as_str()
        .with_context(|| created.to_string())?
        .to_string())
}

/// A webhook of the dataset with a delivery.
async fn webhook(site: &Site<'_>) -> Result<(String, String)> {
    let dataset = format!("/api/datasets/{}", site.dataset_id);
    let listed: Value = site
        .get(Kind::Owner, &format!("{dataset}/webhooks?limit=1000"))
        .await?;
    for webhook in listed["items"].as_array().into_iter().flatten() {
        let id = webhook["id"].as_str().context("an id")?;
        let path = format!("{dataset}/webhooks/{id}");
        site.request(Kind::Owner, Method::DELETE, &path)
            .send()
            .await?;
    }
    let request = site.request(Kind::Owner, Method::POST, &format!("{dataset}/webhooks"));
    let body = json!({ "url": "https://hooks.example/", "types": ["dataset.policy_changed"] });
    let created: Value = request.json(&body).send().await?.json().await?;
    let id = created["webhook"]["id"].as_str().context("a webhook")?;
    for auto_commit in [true, false] {
        let body = json!({ "policy": { "auto_commit": auto_commit } });
        let change = site
            .request(Kind::Owner, Method::PATCH, &dataset)
            .json(&body);
        ensure!(change.send().await?.status() == 200);
    }
    let path = format!("{dataset}/webhooks/{id}/deliveries");
    let listed: Value = site.get(Kind::Owner, &path).await?;
    let delivery = listed["items"][0]["id"].as_str().context("a delivery")?;
    Ok((id.to_string(), delivery.to_string()))
}

async fn grant_guest(site: &Site<'_>) -> Result<()> {
    site.token("guest", &[])?;
    let path = format!("/api/datasets/{}/grants/guest", site.dataset_id);
    let request = site.request(Kind::Owner, Method::PUT, &path);
    let granted = request.json(&json!({ "role": "reader" })).send().await?;
    ensure!(granted.status() == 200, "{}", granted.text().await?);
    Ok(())
}

/// Undoes what an operation did, where the next caller needs it undone.
pub async fn undo(site: &Site<'_>, operation: &Operation) -> Result<()> {
    if operation.id == "delete_dataset" {
        let path = format!("/api/datasets/{}/undelete", site.dataset_id);
        let undeleted = site.request(Kind::Owner, Method::POST, &path);
        ensure!(undeleted.send().await?.status() == 200);
    }
    Ok(())
}
