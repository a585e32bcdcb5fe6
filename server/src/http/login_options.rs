//! How clients can log in: a document for the command, outside of the published contract.

use dropshot::{Body, HttpError};
use http::{HeaderMap, Response, StatusCode};
use serde_json::{Value, json};

use super::cors::{self, Origin};
use super::probes;
use crate::app::App;
use crate::oidc::{CiSystem, IssuerConfig};

/// The issuers that the server trusts, and what their tokens are for. No secret is among it.
pub(super) fn get(
    app: &App,
    origins: &[Origin],
    headers: &HeaderMap,
) -> Result<Response<Body>, HttpError> {
    let issuers: Vec<_> = app.settings.issuers.configs().map(describe).collect();
    let document = json!({ "issuers": issuers }).to_string();
    let mut response = probes::answer(StatusCode::OK, "application/json", document)?;
    response
        .headers_mut()
        .extend(cors::answer_headers(origins, headers));
    Ok(response)
}

fn describe(issuer: &IssuerConfig) -> Value {
    let device = issuer.device.as_ref().map(|device| {
        json!({
            "client_id": device.client_id,
            "scopes": device.scopes,
            "token": device.token,
        })
    });
    json!({
        "name": issuer.name,
        "url": issuer.url,
        "audience": issuer.audiences.first(),
        "bearer_tokens": issuer.bearer_tokens,
        "trust_rules": issuer.ci.map(CiSystem::as_str),
        "device": device.filter(|_| issuer.bearer_tokens),
    })
}
