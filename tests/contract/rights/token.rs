//! Tokens that create, list and revoke others.

use anyhow::{Context, Result};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::caller::{Kind, Site};
use crate::fixture::{System, eventually, refused_answer};

fn request(system: &System, token: &str, method: Method, path: &str) -> RequestBuilder {
    system.anonymous(method, path).bearer_auth(token)
}

/// The response to the creation of a token with a token.
async fn create(system: &System, token: &str, body: Value) -> Result<Response> {
    let create = request(system, token, Method::POST, "/api/tokens");
    Ok(create.json(&body).send().await?)
}

/// A token that was created with another one, and its description.
async fn created(system: &System, token: &str, body: Value) -> Result<(String, Value)> {
    let response = create(system, token, body).await?.error_for_status()?;
    let created: Value = response.json().await?;
    let secret = created["secret"].as_str().context("a secret")?;
    Ok((secret.to_string(), created["token"].clone()))
}

async fn caller(system: &System, token: &str) -> Result<Value> {
    let caller = request(system, token, Method::GET, "/api/caller");
    Ok(caller.send().await?.error_for_status()?.json().await?)
}

/// Identifiers of the tokens that a token lists.
async fn listed(system: &System, token: &str) -> Result<Vec<Value>> {
    let list = request(system, token, Method::GET, "/api/tokens?limit=1000");
    let list: Value = list.send().await?.error_for_status()?.json().await?;
    let items = list["items"].as_array().context("no list")?;
    Ok(items.iter().map(|token| token["id"].clone()).collect())
}

#[tokio::test]
async fn token_expires_with_the_one_that_creates_it() -> Result<()> {
    let system = System::start()?;
    let site = Site::prepare(&system).await?;
    let short = site.token("owner", &["--expires", "1h"])?;
    let end = caller(&system, &short).await?["expires_at"].clone();
    for lifetime in [None, Some(31_536_000)] {
        let mut body = json!({ "name": "long", "scopes": ["read", "admin"] });
        if let Some(lifetime) = lifetime {
            body["expires_in"] = json!(lifetime);
        }
        let (long, described) = created(&system, &short, body).await?;
        assert_eq!(described["expires_at"], end);
        assert_eq!(caller(&system, &long).await?["expires_at"], end);
        // Nor by a detour.
        let (_, described) =
            created(&system, &long, json!({ "name": "x", "scopes": ["read"] })).await?;
        assert_eq!(described["expires_at"], end);
    }
    let body = json!({ "name": "brief", "scopes": ["read"], "expires_in": 60 });
    let (_, described) = created(&system, &short, body).await?;
    assert_ne!(described["expires_at"], end);
    Ok(())
}

#[tokio::test]
async fn revocation_ends_tokens_created_with_the_token() -> Result<()> {
    let system = System::start()?;
    let site = Site::prepare(&system).await?;
    let first = site.token("owner", &[])?;
    let first_id = caller(&system, &first).await?["token_id"].clone();
    let body = json!({ "name": "next", "scopes": ["read", "admin"] });
    let (second, described) = created(&system, &first, body.clone()).await?;
    assert_eq!(described["created_with"], first_id);
    let (third, _) = created(&system, &second, body.clone()).await?;
    let (other, _) = created(&system, &site.token("owner", &[])?, body).await?;
    // Each is remembered as valid.
    for token in [&second, &third, &other] {
        caller(&system, token).await?;
    }
    let path = format!("/api/tokens/{}", first_id.as_str().context("an id")?);
    let revoke = site.request(Kind::Owner, Method::DELETE, &path).send();
    assert_eq!(revoke.await?.status(), 204);
    for token in [&first, &second, &third] {
        eventually("the token is refused", async || {
            let caller = request(&system, token, Method::GET, "/api/caller");
            (caller.send().await.ok()?.status() == 401).then_some(())
        })
        .await;
    }
    caller(&system, &other).await?;
    Ok(())
}

#[tokio::test]
async fn restricted_administrator_stays_within_its_datasets() -> Result<()> {
    let system = System::start()?;
    let site = Site::prepare(&system).await?;
    let id = site.dataset_id.to_string();
    let restricted = site.token("root", &["--datasets", &id])?;
    let own = caller(&system, &restricted).await?["token_id"].clone();
    let root = site.token("root", &[])?;
    let body = json!({ "name": "unrestricted", "scopes": ["read"] });
    let (_, unrestricted) = created(&system, &root, body).await?;
    let unrestricted = unrestricted["id"].clone();

    let get = |path: &str| request(&system, &restricted, Method::GET, path).send();
    assert_eq!(get(&format!("/api/datasets/{id}")).await?.status(), 200);
    let other = format!("/api/datasets/{}", site.other_id);
    refused_answer(get(&other).await?, 404, "not_found").await?;
    refused_answer(get("/api/events").await?, 403, "forbidden").await?;
    let of_owner = get("/api/tokens?principal=owner").await?;
    refused_answer(of_owner, 403, "forbidden").await?;
    let body = json!({ "name": "of another", "scopes": ["read"], "principal": "owner" });
    refused_answer(create(&system, &restricted, body).await?, 403, "forbidden").await?;

    let body = json!({ "name": "within", "scopes": ["read"] });
    let (_, within) = created(&system, &restricted, body).await?;
    assert_eq!(within["datasets"], json!([site.dataset_id]));
    let found = listed(&system, &restricted).await?;
    assert!(
        found.contains(&own) && found.contains(&within["id"]),
        "{found:?}"
    );
    assert!(!found.contains(&unrestricted), "{found:?}");

    let owner = site.get(Kind::Owner, "/api/caller").await?;
    let revoke = |id: &Value| {
        let path = format!("/api/tokens/{}", id.as_str().unwrap_or_default());
        request(&system, &restricted, Method::DELETE, &path).send()
    };
    for id in [&unrestricted, &owner["token_id"]] {
        refused_answer(revoke(id).await?, 404, "not_found").await?;
    }
    assert_eq!(revoke(&within["id"]).await?.status(), 204);
    Ok(())
}
