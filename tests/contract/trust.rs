//! Tokens of other issuers: as bearer tokens, and those of CI jobs, which are exchanged.

mod bearer;
mod ci;
mod creator;
mod device;
mod exchange;
mod gitlab;
mod issuer_keys;
mod rules;

use anyhow::{Context, Result};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{Issuer, System};

/// A server that trusts an issuer.
pub struct Site {
    /// The server.
    pub system: System,
    /// The issuer.
    pub issuer: Issuer,
}

impl Site {
    /// A server that accepts the issuer's tokens as bearer tokens, and of CI jobs.
    ///
    /// # Errors
    /// If one of them does not start.
    pub fn start() -> Result<Self> {
        Self::start_with(&json!({ "bearer-tokens": true, "trust-rules": "github" }))
    }

    /// A server with further members of the issuer's configuration.
    ///
    /// # Errors
    /// If one of them does not start.
    pub fn start_with(members: &Value) -> Result<Self> {
        let issuer = Issuer::start()?;
        let list = issuer.list(members);
        let system = System::start_with(&[("--oidc-issuers", &list)])?;
        Ok(Self { system, issuer })
    }

    /// The claims of a CI job that a rule of [`Self::trust`] matches.
    pub fn job() -> Value {
        json!({
            "sub": "repo:octo/weather:ref:refs/heads/main",
            "repository": "octo/weather",
            "repository_owner_id": "42",
            "job_workflow_ref": "octo/weather/.github/workflows/publish.yml@refs/heads/main",
            "ref": "refs/heads/main",
            "event_name": "push",
            "run_id": "7",
        })
    }

    /// The same with other claims.
    pub fn job_with(name: &str, value: Value) -> Value {
        let mut job = Self::job();
        job[name] = value;
        job
    }

    /// A rule with all of the values.
    pub fn rule(&self) -> Value {
        json!({
            "issuer": self.issuer.url(),
            "repository": "octo/weather",
            "repository_owner_id": "42",
            "workflow": "publish.yml",
            "branch": "main",
        })
    }

    /// A dataset with a rule that trusts the job, and the rule's identifier.
    ///
    /// # Errors
    /// If the API refuses.
    pub async fn trusting_dataset(&self, name: &str) -> Result<(Uuid, Uuid)> {
        let dataset_id = self.system.dataset(name).await?;
        Ok((dataset_id, self.trust(dataset_id).await?))
    }

    /// Has a dataset trust the job; the identifier of the rule.
    ///
    /// # Errors
    /// If the API refuses.
    pub async fn trust(&self, dataset_id: Uuid) -> Result<Uuid> {
        let path = format!("/datasets/{dataset_id}/trust-rules");
        let request = self.system.request(Method::POST, &path).json(&self.rule());
        let response = request.send().await?.error_for_status()?;
        let rule: Value = response.json().await?;
        Ok(rule["id"].as_str().context("no id")?.parse()?)
    }

    /// Sends a token for exchange.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn send_exchange(&self, dataset_id: Uuid, token: &str) -> Result<Response> {
        let body = json!({ "token": token, "dataset_id": dataset_id });
        let request = self.system.anonymous(Method::POST, "/api/token-exchange");
        Ok(request.json(&body).send().await?)
    }

    /// The token for which that of a job is exchanged.
    ///
    /// # Errors
    /// If the API refuses.
    pub async fn exchange(&self, dataset_id: Uuid) -> Result<Value> {
        let token = self.issuer.token(&Self::job())?;
        let response = self.send_exchange(dataset_id, &token).await?;
        Ok(response.error_for_status()?.json().await?)
    }
}

/// The text of a member.
pub fn text<'a>(document: &'a Value, name: &str) -> Result<&'a str> {
    document[name]
        .as_str()
        .with_context(|| format!("no {name} in {document}"))
}
