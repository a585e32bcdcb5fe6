//! Jobs of GitLab.

use anyhow::Result;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::Site;
use crate::fixture::refused_answer;

/// The claims of a job on the branch `main` of a project.
fn job() -> Value {
    json!({
        "sub": "project_path:octo/weather:ref_type:branch:ref:main",
        "project_path": "octo/weather",
        "job_project_path": "octo/weather",
        "namespace_id": "42",
        "ref": "main",
        "ref_type": "branch",
        "ci_config_ref_uri": "gitlab.example/octo/weather//.gitlab-ci.yml@refs/heads/main",
        "pipeline_id": "7",
        "pipeline_source": "push",
    })
}

#[tokio::test]
async fn merge_requests_are_no_branches() -> Result<()> {
    let site = Site::start_with(&json!({ "trust-rules": "gitlab" }))?;
    let dataset_id = site.system.dataset("weather").await?;
    let path = format!("/datasets/{dataset_id}/trust-rules");
    let rule =
        json!({ "issuer": site.issuer.url(), "repository": "octo/weather", "branch": "main" });
    let create = site.system.request(Method::POST, &path).json(&rule);
    create.send().await?.error_for_status()?;
    for (name, value) in [
        ("pipeline_source", json!("merge_request_event")),
        ("pipeline_source", json!("external_pull_request_event")),
        ("pipeline_source", json!("parent_pipeline")),
        ("pipeline_source", json!(null)),
        ("job_project_path", json!("upstream/weather")),
        ("ref_type", json!("tag")),
        ("namespace_id", json!(null)),
    ] {
        let mut claims = job();
        claims[name] = value;
        let token = site.issuer.token(&claims)?;
        let response = site.send_exchange(dataset_id, &token).await?;
        refused_answer(response, 401, "invalid_token").await?;
    }
    let token = site.issuer.token(&job())?;
    let response = site.send_exchange(dataset_id, &token).await?;
    assert_eq!(response.status(), StatusCode::CREATED);
    Ok(())
}
