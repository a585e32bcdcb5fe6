//! Who may do what: every operation, requested by every kind of caller, against the table of rights.

mod caller;
mod former_owner;
mod request;
mod token;
mod values;

use std::fmt::Write;

use anyhow::{Context, Result, ensure};
use restow_api::right::RIGHTS;
use serde_json::{Value, json};
use uuid::Uuid;

use self::caller::{Expected, Kind, Site};
use crate::fixture::{System, eventually, operations};

/// What an outsider can see of a change: the dataset, its jobs, its grants.
async fn state(site: &Site<'_>) -> Result<Value> {
    let dataset_id = site.dataset_id;
    let mut state = Vec::new();
    for path in ["", "/jobs", "/versions", "/grants"] {
        let path = format!("/api/datasets/{dataset_id}{path}");
        let response = site.get(Kind::Owner, &path).await?;
        state.push(response);
    }
    Ok(json!(state))
}

#[tokio::test]
async fn every_operation_demands_the_right_of_its_table_entry() -> Result<()> {
    let issuers = json!([{ "name": "ci", "url": request::ISSUER, "audiences": ["restow"], "trust-rules": "github" }]);
    let system = System::start_with(&[("--oidc-issuers", &issuers.to_string())])?;
    let site = Site::prepare(&system).await?;
    let mut lines = Vec::new();
    for right in RIGHTS {
        let operation = operations()
            .iter()
            .find(|operation| operation.id == right.operation)
            .with_context(|| format!("{} is not in the document", right.operation))?;
        let mut line = format!("{:28}", right.operation);
        for kind in Kind::ALL {
            let expected = kind.expected(right);
            let request = request::of(&site, operation, *kind).await?;
            let before = state(&site).await?;
            let response = request.send().await?;
            let status = response.status().as_u16();
            let text = response.text().await?;
            let context = || format!("{} by {kind:?}: {status} {text}", right.operation);
            match expected {
                Expected::Allowed => {
                    ensure!(
                        !matches!(status, 401 | 403 | 404 | 422 | 503),
                        "{}",
                        context()
                    );
                    request::undo(&site, operation).await?;
                }
                Expected::Refused(code, error_type) => {
                    ensure!(status == code, "{}, not {code}", context());
                    let body: Value = serde_json::from_str(&text)?;
                    ensure!(body["detail"][0]["type"] == error_type, "{}", context());
                    ensure!(
                        state(&site).await? == before,
                        "{} changed something",
                        context()
                    );
                }
            }
            write!(line, " {status}")?;
        }
        lines.push(line);
    }
    println!("{}", lines.join("\n"));
    Ok(())
}

#[tokio::test]
async fn committing_completion_needs_the_scope_commit() -> Result<()> {
    let system = System::start()?;
    let site = Site::prepare(&system).await?;
    let uploader = site.token("owner", &["--scopes", "read,upload"])?;
    let client = system.client_with(&uploader)?;
    let begun = client
        .api()
        .request_presigned_reupload()
        .dataset_id(site.dataset_id)
        .body_map(|body| body.filename("rows.csv").file_size(5))
        .send()
        .await?;
    let path = format!(
        "/api/datasets/{}/reupload/presigned/{}/complete",
        site.dataset_id, begun.job_id
    );
    let complete = |commit: bool| {
        let request = system.anonymous(reqwest::Method::POST, &path);
        request
            .bearer_auth(&uploader)
            .json(&json!({ "parts": [], "commit": commit }))
            .send()
    };
    assert_eq!(complete(true).await?.status(), 403);
    assert_eq!(complete(false).await?.status(), 409);
    Ok(())
}

#[tokio::test]
async fn shared_dataset_is_listed_and_unshared_in_time() -> Result<()> {
    let system = System::start()?;
    let site = Site::prepare(&system).await?;
    for (kind, expected) in [
        (Kind::Owner, true),
        (Kind::Reader, true),
        (Kind::Writer, true),
        (Kind::Stranger, false),
        (Kind::OtherDataset, false),
    ] {
        for query in ["", "?name=shared"] {
            let listed = site.get(kind, &format!("/api/datasets{query}")).await?;
            let items = listed["items"].as_array().context("a list")?;
            let found = items
                .iter()
                .any(|dataset| dataset["id"] == site.dataset_id.to_string());
            assert_eq!(found, expected, "{kind:?} {query}");
        }
    }
    for (query, owners) in [
        ("owner=owner", &["owner"][..]),
        ("owner=owner&name=shared", &["owner"]),
        ("owner=owner&limit=1", &["owner"]),
        ("owner=carol", &[]),
        ("shared=false", &[]),
        ("shared=false&name=shared", &[]),
        ("owner=reader&name=shared", &[]),
    ] {
        let listed = site
            .get(Kind::Reader, &format!("/api/datasets?{query}"))
            .await?;
        let items = listed["items"].as_array().context("a list")?;
        let found: Vec<_> = items.iter().map(|dataset| &dataset["owner"]).collect();
        assert_eq!(found, owners, "{query}");
    }
    // A page token alone continues the same list.
    let first = site
        .get(Kind::Owner, "/api/datasets?shared=false&limit=1")
        .await?;
    let token = first["next_page"].as_str().context("another page")?;
    let path = format!("/api/datasets?page_token={token}");
    let next = site.get(Kind::Owner, &path).await?;
    assert_eq!(next["items"][0]["owner"], "owner");
    assert!(token.contains(".own"), "{token}");
    let path = format!("/api/datasets/{}", site.dataset_id);
    let grant = format!("{path}/grants/reader");
    let deleted = site.request(Kind::Owner, reqwest::Method::DELETE, &grant);
    assert_eq!(deleted.send().await?.status(), 204);
    eventually("the reader is a stranger", async || {
        let request = site.request(Kind::Reader, reqwest::Method::GET, &path);
        (request.send().await.ok()?.status() == 404).then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn token_gives_no_more_than_it_has() -> Result<()> {
    let system = System::start()?;
    let site = Site::prepare(&system).await?;
    let narrow = site.token("owner", &["--scopes", "read,admin"])?;
    let create = |body: Value| {
        let request = system.anonymous(reqwest::Method::POST, "/api/tokens");
        request.bearer_auth(&narrow).json(&body).send()
    };
    let more = create(json!({ "name": "more", "scopes": ["read", "delete"] })).await?;
    assert_eq!(more.status(), 403);
    let other = create(json!({ "name": "other", "scopes": ["read"], "principal": "reader" }));
    assert_eq!(other.await?.status(), 403);
    let unknown = json!({ "name": "unknown", "scopes": ["read"], "datasets": [Uuid::now_v7()] });
    assert_eq!(create(unknown).await?.status(), 404);
    let made = create(
        json!({ "name": "ok", "scopes": ["read"], "datasets": [site.dataset_id],
                              "expires_in": 60 }),
    )
    .await?;
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await?;
    let secret = made["secret"].as_str().context("a secret")?;
    let caller = system.anonymous(reqwest::Method::GET, "/api/caller");
    let caller: Value = caller.bearer_auth(secret).send().await?.json().await?;
    assert_eq!(caller["principal"], "owner");
    assert_eq!(caller["scopes"], json!(["read"]));
    assert_eq!(caller["datasets"], json!([site.dataset_id]));
    let id = made["token"]["id"].as_str().context("an id")?;
    let revoke = || {
        let request = system.anonymous(reqwest::Method::DELETE, &format!("/api/tokens/{id}"));
        request.bearer_auth(&narrow).send()
    };
    assert_eq!(revoke().await?.status(), 204);
    assert_eq!(revoke().await?.status(), 204, "it can be repeated");
    eventually("the token is refused", async || {
        let request = system.anonymous(reqwest::Method::GET, "/api/caller");
        let response = request.bearer_auth(secret).send().await.ok()?;
        (response.status() == 401).then_some(())
    })
    .await;
    let listed = system.anonymous(reqwest::Method::GET, "/api/tokens?limit=1000");
    let listed: Value = listed.bearer_auth(&narrow).send().await?.json().await?;
    let row = listed["items"].as_array().into_iter().flatten();
    let row = row
        .clone()
        .find(|token| token["id"] == id)
        .context("it is listed")?;
    ensure!(
        row["revoked_at"].is_string() && row["last_used_at"].is_string(),
        "{row}"
    );
    ensure!(!listed.to_string().contains(secret), "a secret is listed");
    Ok(())
}

#[tokio::test]
async fn disabled_and_erased_principals_lose_access() -> Result<()> {
    let system = System::start()?;
    let site = Site::prepare(&system).await?;
    let is_refused = async |kind: Kind| {
        eventually("the token is refused", async || {
            let request = site.request(kind, reqwest::Method::GET, "/api/caller");
            (request.send().await.ok()?.status() == 401).then_some(())
        })
        .await;
    };
    system.server.run(&["principal", "disable", "writer"])?;
    is_refused(Kind::Writer).await;
    system.server.run(&["principal", "enable", "writer"])?;
    let caller = site.get(Kind::Writer, "/api/caller").await?;
    assert_eq!(caller["principal"], "writer");

    let listed = system.server.run(&["principal", "erase", "owner"])?;
    ensure!(listed.contains("2 datasets"), "{listed}");
    system
        .server
        .run(&["principal", "erase", "owner", "--yes"])?;
    is_refused(Kind::Owner).await;
    let principals = system.server.run(&["principal", "list", "--json"])?;
    ensure!(!principals.contains("\"owner\""), "{principals}");
    erased_name_is_nowhere(&system, "owner")?;
    let path = format!("/api/datasets/{}", site.dataset_id);
    let gone = site.request(Kind::Writer, reqwest::Method::GET, &path);
    assert_eq!(gone.send().await?.status(), 404);
    Ok(())
}

/// Checks that the log names what a principal did after its pseudonym, without the addresses that it had.
fn erased_name_is_nowhere(system: &System, name: &str) -> Result<()> {
    let exported = system.server.run(&["events", "export"])?;
    let mut of_erased = 0;
    for line in exported.lines() {
        let event: Value = serde_json::from_str(line)?;
        for place in ["/principal", "/old_value/principal", "/new_value/principal"] {
            ensure!(event.pointer(place) != Some(&json!(name)), "{line}");
        }
        let actor = &event["actor"];
        let principal = actor["principal"].as_str().unwrap_or_default();
        if principal.starts_with("erased-") {
            of_erased += 1;
            ensure!(actor["request_id"].is_string(), "{line}");
            ensure!(
                actor["address"].is_null() && actor["token"].is_null(),
                "{line}"
            );
        }
    }
    ensure!(of_erased > 0, "nothing is left of what {name} did");
    Ok(())
}

#[tokio::test]
async fn rates_of_a_principal_replace_those_of_the_server() -> Result<()> {
    let system = System::start()?;
    let site = Site::prepare(&system).await?;
    let rates = ["--request-rate", "1000/1h", "--url-rate", "2/1h"];
    let limit = |rates: &[&str]| {
        system
            .server
            .run(&[&["principal", "limit", "owner"], rates].concat())
    };
    limit(&rates)?;
    let policy = async |kind: Kind| {
        let request = site.request(kind, reqwest::Method::GET, "/api/caller");
        let policy = request
            .send()
            .await
            .ok()?
            .headers()
            .get("ratelimit-policy")?
            .clone();
        Some(policy.to_str().ok()?.to_string())
    };
    let own = "\"principal\";q=1000;w=3600";
    eventually("the rate counts", async || {
        (policy(Kind::Owner).await? == own).then_some(())
    })
    .await;
    assert_ne!(policy(Kind::Writer).await.as_deref(), Some(own));
    let listed: Value =
        serde_json::from_str(&system.server.run(&["principal", "list", "--json"])?)?;
    let rows = listed.as_array().context("rows")?;
    let owner = rows.iter().find(|row| row["name"] == "owner");
    let owner = owner.context("the owner")?;
    assert_eq!(
        (&owner["request_rate"], &owner["url_rate"]),
        (&json!("1000/1h"), &json!("2/1h"))
    );

    // Three URLs are signed for the owner of the dataset, who may have two.
    let path = format!("/api/datasets/{}/reupload/presigned", site.dataset_id);
    let body = json!({ "filename": "a.csv", "file_size": 3 * 5 * 1024 * 1024 });
    let request = |kind: Kind| {
        site.request(kind, reqwest::Method::POST, &path)
            .json(&body)
            .send()
    };
    assert_eq!(request(Kind::Writer).await?.status(), 429);
    limit(&[])?;
    eventually("the server's rate counts again", async || {
        (request(Kind::Owner).await.ok()?.status() == 201).then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn limits_of_a_principal_count_for_every_uploader() -> Result<()> {
    let system = System::start()?;
    let site = Site::prepare(&system).await?;
    let request = |kind: Kind| {
        let path = format!("/api/datasets/{}/reupload/presigned", site.dataset_id);
        let request = site.request(kind, reqwest::Method::POST, &path);
        request
            .json(&json!({ "filename": "a.csv", "file_size": 2_000_000 }))
            .send()
    };
    system
        .server
        .run(&["principal", "limit", "owner", "--quota", "1MiB"])?;
    // Limits are read with the token, which may be remembered.
    eventually("the limit counts", async || {
        (request(Kind::Owner).await.ok()?.status() == 413).then_some(())
    })
    .await;
    assert_eq!(request(Kind::Writer).await?.status(), 413);
    system.server.run(&["principal", "limit", "owner"])?;
    assert_eq!(request(Kind::Writer).await?.status(), 201);
    Ok(())
}
