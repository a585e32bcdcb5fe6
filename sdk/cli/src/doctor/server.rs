//! Checks of the server: that it responds, reaches its dependencies, and accepts the token.

use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;
use reqwest::StatusCode;
use serde_json::Value;

use super::finding::{Finding, Findings};
use super::{clock, http};
use crate::network_hint::network_hint;
use crate::report;
use restow_sdk::{Client, Error, Peer};

/// Timeout of `/healthz`, which needs neither the database nor S3.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(4);

/// Checks `/healthz` and `/readyz`, or where a proxy does not pass these on, that there is the API. Returns `false` if there is no
/// Restow server, so that no other check can run.
pub async fn check(
    client: &reqwest::Client,
    server: &str,
    findings: &mut Findings,
) -> Result<bool> {
    let (started, requested) = (Instant::now(), SystemTime::now());
    let request = client.get(format!("{server}/healthz"));
    let response = match http::send(Peer::Api, request.timeout(HEALTH_TIMEOUT)).await {
        Ok(response) => response,
        Err(error) => {
            findings.add(unreachable(server, &error.into()))?;
            return Ok(false);
        }
    };
    let (status, headers) = (response.status(), response.headers().clone());
    let body: Value = response.json().await.unwrap_or_default();
    findings.add(match body["status"].as_str() {
        Some("ok") => {
            let elapsed = started.elapsed().as_millis();
            Finding::ok("server", format!("{server} responded in {elapsed} ms"))
        }
        Some("failing") => Finding::failed(
            "server",
            format!(
                "background tasks of the server keep failing: {}",
                body["tasks"]
            ),
            "restart the server; its log contains the reason",
        ),
        _ if has_api(client, server).await => {
            findings.add(Finding::info(
                "server",
                format!("{server} responded; a proxy in front of it does not pass /healthz on"),
                "its database and S3 are not checked: the operator can, with restow-server doctor",
            ))?;
            let skew = clock::compare("server_clock", "the server", &headers, requested);
            findings.add(skew)?;
            return Ok(true);
        }
        _ => {
            let message = format!("{server} is not a Restow server: /healthz returned {status}");
            let advice = "check the endpoint, and any proxy in front of the server";
            findings.add(Finding::failed("server", message, advice))?;
            return Ok(false);
        }
    })?;
    findings.add(clock::compare(
        "server_clock",
        "the server",
        &headers,
        requested,
    ))?;
    check_dependencies(client, server, findings).await?;
    Ok(true)
}

/// Whether the API responds as Restow's does to a request without a token.
async fn has_api(client: &reqwest::Client, server: &str) -> bool {
    let request = client.get(format!("{server}/api/caller"));
    let Ok(response) = http::send(Peer::Api, request.timeout(HEALTH_TIMEOUT)).await else {
        return false;
    };
    let body: Value = response.json().await.unwrap_or_default();
    body["detail"][0]["type"] == "not_authenticated"
}

/// Checks that the server accepts the token. Returns whether it does.
pub async fn check_token(client: &Client, findings: &mut Findings) -> Result<bool> {
    let response = check_accepted(client).await;
    let accepted = response.is_ok();
    findings.add(match response {
        Ok(()) => Finding::ok("token", "the server accepts the token"),
        Err(error) => Finding::of_error("token", &error.into()),
    })?;
    Ok(accepted)
}

/// Sends the cheapest request that needs a token, once: doctor reports within seconds.
async fn check_accepted(client: &Client) -> Result<(), Error> {
    let response = client.api().list_datasets().limit(1_u64).send().await;
    response.map(drop).map_err(Error::from)
}

fn unreachable(server: &str, error: &anyhow::Error) -> Finding {
    let message = format!("{server} cannot be reached: {}", report::message(error));
    let advice = error.downcast_ref().and_then(network_hint);
    let advice = advice.unwrap_or_else(|| {
        "check that the server is running and that the endpoint is correct".to_string()
    });
    Finding::failed("server", message, advice)
}

async fn check_dependencies(
    client: &reqwest::Client,
    server: &str,
    findings: &mut Findings,
) -> Result<()> {
    let request = client.get(format!("{server}/readyz"));
    let response = match http::send(Peer::Api, request).await {
        Ok(response) => response,
        Err(error) => {
            return findings.add(Finding::failed(
                "dependencies",
                format!("/readyz failed: {}", report::message(&error.into())),
                "the server is overloaded, or a proxy blocks this path",
            ));
        }
    };
    let (status, body) = (response.status(), response.json().await.unwrap_or_default());
    findings.add(readiness(status, &body))?;
    for (member, name) in [("database", "the database"), ("storage", "S3")] {
        if let Some(seconds) = body[member]["clock_skew_seconds"].as_i64() {
            findings.add(Finding::warning(
                "dependencies",
                format!("the clock of {name} is {seconds} s ahead of that of the server"),
                "synchronize both clocks by NTP",
            ))?;
        }
    }
    Ok(())
}

fn readiness(status: StatusCode, body: &Value) -> Finding {
    let unavailable: Vec<_> = [("database", "its database"), ("storage", "S3")]
        .into_iter()
        .filter(|(member, _)| body[member]["status"] == "unavailable")
        .map(|(_, name)| name)
        .collect();
    match (status, unavailable.as_slice()) {
        (StatusCode::OK, []) => {
            Finding::ok("dependencies", "the server reaches its database and S3")
        }
        (_, []) => Finding::failed(
            "dependencies",
            format!("/readyz returned {status}"),
            "the server may be shutting down",
        ),
        // A server of an earlier release gives no reason.
        (_, ["S3"]) if body["storage"]["message"].is_string() => {
            let text = |member: &str| body["storage"][member].as_str().unwrap_or_default();
            let message = format!("the server cannot use S3: {}", text("message"));
            Finding::failed("dependencies", message, text("advice"))
        }
        (_, unavailable) => Finding::failed(
            "dependencies",
            format!("the server cannot reach {}", unavailable.join(" and ")),
            "requests that need it are refused until it is available; see the log of the server",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Status;
    use super::*;
    use serde_json::json;

    #[test]
    fn unavailable_dependency_is_named() {
        let body = json!({"status": "unavailable", "database": {"status": "ok"}, "storage": {"status": "unavailable"}});
        let finding = readiness(StatusCode::SERVICE_UNAVAILABLE, &body);
        assert_eq!(
            (finding.status, finding.message.as_str()),
            (Status::Failed, "the server cannot reach S3")
        );
        let storage =
            json!({"status": "unavailable", "message": "no bucket", "advice": "create it"});
        let body = json!({"status": "degraded", "storage": storage});
        let finding = readiness(StatusCode::OK, &body);
        assert_eq!(finding.message, "the server cannot use S3: no bucket");
        assert_eq!(readiness(StatusCode::OK, &json!({})).status, Status::Ok);
        assert_eq!(
            readiness(StatusCode::BAD_GATEWAY, &Value::Null).status,
            Status::Failed
        );
    }
}
