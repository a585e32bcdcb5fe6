//! Ownership: resources of other principals return 404, and unauthenticated requests 401.

use anyhow::{Context, Result};
use reqwest::{Method, RequestBuilder};
use restow_sdk::generated::types::JobStatus;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{System, Upload, csv, eventually, refused_answer};

const DOCUMENT: &str = include_str!("../../openapi.json");

/// An issuer that a server may be configured for, and that is never reached.
const ISSUER: &str = "http://127.0.0.1:9";

/// An operation of the document, with a body that its schema accepts.
struct Operation {
    id: String,
    method: Method,
    path: String,
    body: Option<Value>,
}

impl Operation {
    fn request(&self, system: &System, fill: impl Fn(&str) -> String) -> RequestBuilder {
        let request = system.anonymous(self.method.clone(), &format!("/api{}", fill(&self.path)));
        match &self.body {
            Some(body) => request.json(body),
            None => request,
        }
    }
}

/// All operations, so that a new one cannot be omitted here.
fn operations() -> Result<Vec<Operation>> {
    let document: Value = serde_json::from_str(DOCUMENT)?;
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().context("no paths")? {
        for (method, operation) in methods.as_object().context("no methods")? {
            let id = operation["operationId"]
                .as_str()
                .context("no id")?
                .to_string();
            let method = Method::from_bytes(method.to_uppercase().as_bytes())?;
            let body = operation.get("requestBody").map(|_| body_of(&id));
            operations.push(Operation {
                id,
                method,
                path: path.clone(),
                body,
            });
        }
    }
    anyhow::ensure!(operations.len() >= 19, "{} operations", operations.len());
    Ok(operations)
}

fn body_of(operation: &str) -> Value {
    match operation {
        "create_dataset" | "update_dataset" => json!({ "name": "taken over" }),
        "request_presigned_reupload" => json!({ "filename": "a.csv", "file_size": 1 }),
        "put_grant" => json!({ "role": "reader" }),
        "create_token" => json!({ "name": "taken over", "scopes": ["read"] }),
        "create_trust_rule" => json!({ "issuer": ISSUER, "repository": "octo/weather" }),
        "create_webhook" => {
            json!({ "url": "https://hooks.example/", "types": ["version.committed"] })
        }
        "request_part_urls" => json!({ "part_numbers": [1] }),
        _ => json!({}),
    }
}

struct Owned {
    dataset_id: Uuid,
    open: Upload,
    ready: Upload,
}

impl Owned {
    async fn by(system: &System) -> Result<Self> {
        let dataset_id = system.dataset("alice's").await?;
        system.publish(dataset_id, "rows.csv", csv(1)).await?;
        let open = system.begin(dataset_id, "rows.csv", csv(2)).await?;
        open.put(1).await?;
        Ok(Self {
            dataset_id,
            open,
            ready: system.prepare(dataset_id, "rows.csv", csv(3)).await?,
        })
    }

    async fn assert_untouched(&self, system: &System) -> Result<()> {
        let dataset = system
            .client
            .api()
            .get_dataset()
            .dataset_id(self.dataset_id)
            .send()
            .await?
            .into_inner();
        assert_eq!(
            (dataset.name.as_str(), dataset.current_version),
            ("alice's", Some(1))
        );
        assert_eq!(self.open.job().await?.status, JobStatus::AwaitingUpload);
        assert_eq!(self.open.held().await?.len(), 1);
        assert_eq!(self.ready.job().await?.status, JobStatus::Ready);
        let jobs = system
            .client
            .api()
            .list_jobs()
            .dataset_id(self.dataset_id)
            .send()
            .await?
            .into_inner()
            .items;
        assert_eq!(jobs.len(), 3);
        Ok(())
    }
}

fn fill(path: &str, dataset_id: Uuid, job_id: Uuid) -> String {
    let mut path = path
        .replace("{dataset_id}", &dataset_id.to_string())
        .replace("{version}", "1")
        .replace("{principal}", "carol");
    for name in ["job_id", "rule_id", "token_id", "webhook_id", "delivery_id"] {
        path = path.replace(&format!("{{{name}}}"), &job_id.to_string());
    }
    // The only operation with a parameter that must be there.
    match path.strip_suffix("/diff") {
        Some(_) => format!("{path}?from=1"),
        None => path,
    }
}

#[tokio::test]
async fn resources_of_other_principals_return_404() -> Result<()> {
    let issuers =
        json!([{ "name": "ci", "url": ISSUER, "audiences": ["restow"], "trust-rules": "github" }]);
    let system = System::start_with(&[("--oidc-issuers", &issuers.to_string())])?;
    let owned = Owned::by(&system).await?;
    let bob = system.token_of("bob")?;
    let own = system.client_with(&bob)?;
    let body = restow_sdk::generated::types::DatasetNameRequest {
        name: "bob's".parse()?,
    };
    let own = own.api().create_dataset().body(body).send().await?.id;
    let (open, ready) = (owned.open.job_id, owned.ready.job_id);
    for operation in operations()?
        .iter()
        .filter(|operation| operation.path.contains('{'))
    {
        let fetch = async |dataset_id, job_id| {
            let request = operation.request(&system, |path| fill(path, dataset_id, job_id));
            let response = request.bearer_auth(&bob).send().await?;
            anyhow::ensure!(
                response.status() == 404,
                "{}: {}",
                operation.id,
                response.status()
            );
            Ok(response.text().await?)
        };
        let missing = fetch(Uuid::now_v7(), Uuid::now_v7()).await?;
        assert!(missing.contains("not_found"), "{missing}");
        for (dataset_id, job_id) in [(owned.dataset_id, open), (owned.dataset_id, ready)] {
            assert_eq!(
                fetch(dataset_id, job_id).await?,
                missing,
                "{}",
                operation.id
            );
        }
        // Through one's own dataset, another principal's job cannot be reached.
        if operation.path.contains("{job_id}") {
            assert_eq!(fetch(own, open).await?, missing, "{}", operation.id);
        }
    }
    owned.assert_untouched(&system).await
}

#[tokio::test]
async fn lists_show_only_own_resources() -> Result<()> {
    let system = System::start()?;
    Owned::by(&system).await?;
    let bob = system.client_with(&system.token_of("bob")?)?;
    assert!(bob.api().list_datasets().send().await?.items.is_empty());
    assert!(
        bob.api()
            .list_datasets()
            .name("alice's")
            .send()
            .await?
            .items
            .is_empty()
    );
    Ok(())
}

#[tokio::test]
async fn authentication_precedes_validation() -> Result<()> {
    let system = System::start()?;
    let odd_headers = [
        (None, "not_authenticated"),
        (Some("Basic YTpi".to_string()), "not_authenticated"),
        (Some("Bearer".to_string()), "not_authenticated"),
        (Some("Bearer nope".to_string()), "invalid_token"),
        (
            Some(format!("Bearer {}x", system.server.token())),
            "invalid_token",
        ),
        (
            Some("Bearer ".to_string() + &"a".repeat(5_000)),
            "invalid_token",
        ),
    ];
    let operations = operations()?;
    // The body of the other one authenticates it.
    for operation in operations
        .iter()
        .filter(|operation| operation.id != "exchange_token")
    {
        for (header, error_type) in &odd_headers {
            let mut request =
                operation.request(&system, |path| fill(path, Uuid::nil(), Uuid::nil()));
            if let Some(header) = header {
                request = request.header("authorization", header);
            }
            let response = request.send().await?;
            assert_eq!(
                response.headers()["www-authenticate"],
                "Bearer",
                "{}",
                operation.id
            );
            let fault = refused_answer(response, 401, error_type)
                .await
                .context(operation.id.clone())?;
            assert_eq!(fault["loc"], json!(["header", "authorization"]));
        }
    }
    Ok(())
}

#[tokio::test]
async fn bearer_scheme_is_case_insensitive() -> Result<()> {
    let system = System::start()?;
    for scheme in ["bearer", "BEARER"] {
        let header = format!("{scheme} {}", system.server.token());
        let response = system
            .anonymous(Method::GET, "/api/datasets")
            .header("authorization", header)
            .send()
            .await?;
        assert_eq!(response.status(), 200);
    }
    Ok(())
}

#[tokio::test]
async fn revoked_token_is_refused() -> Result<()> {
    let system = System::start()?;
    let (revoked, kept) = (system.token_of("bob")?, system.token_of("bob")?);
    let fetch = async |token: &str| {
        Ok::<_, anyhow::Error>(
            system
                .client_with(token)?
                .api()
                .list_datasets()
                .send()
                .await,
        )
    };
    fetch(&revoked).await??;
    let listed = system.server.run(&["token", "list"])?;
    let of_bob: Vec<&str> = listed
        .lines()
        .filter(|line| line.ends_with("bob"))
        .collect();
    assert_eq!(of_bob.len(), 2, "{listed}");
    let id = of_bob[0].split_whitespace().next().context("no id")?;
    system.server.run(&["token", "revoke", id])?;
    // Either may be the first of the list. Which one is refused shows within the bound.
    let refusals = eventually("no token is refused", || async {
        let refusals = [
            fetch(&revoked).await.unwrap().is_err(),
            fetch(&kept).await.unwrap().is_err(),
        ];
        refusals.contains(&true).then_some(refusals)
    });
    let refusals = refusals.await;
    assert!(refusals.contains(&false), "all tokens are refused");
    assert!(system.server.run(&["token", "revoke", id]).is_err());
    Ok(())
}

#[tokio::test]
async fn expired_token_is_refused() -> Result<()> {
    let system = System::start()?;
    let token = system
        .server
        .run(&["token", "create", "--principal", "bob", "--expires", "4s"])?;
    let bob = system.client_with(&token)?;
    bob.api().list_datasets().send().await?;
    let error = eventually("the token expires", async || {
        bob.api().list_datasets().send().await.err()
    })
    .await;
    assert!(restow_sdk::Error::from(error).is_unauthorized());
    Ok(())
}
