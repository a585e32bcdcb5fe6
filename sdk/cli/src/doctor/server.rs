//! The server itself: whether it answers, with everything that it depends on, and takes the token.

use std::time::{Instant, SystemTime};

use anyhow::Result;
use reqwest::StatusCode;
use serde_json::Value;

use super::finding::{Finding, Findings};
use super::{clock, http};
use restow_sdk::Client;

/// Looks at the probes of the server. `false` if there is none, so that nothing more can be tried.
pub async fn examine(
    http: &reqwest::Client,
    server: &str,
    findings: &mut Findings,
) -> Result<bool> {
    let (began, asked) = (Instant::now(), SystemTime::now());
    let answer = match http.get(format!("{server}/healthz")).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let message = format!("{server} cannot be reached: {}", http::message(error));
            findings.add(Finding::failed(
                "server",
                message,
                "is it running, and the endpoint right?",
            ))?;
            return Ok(false);
        }
    };
    let (status, headers) = (answer.status(), answer.headers().clone());
    if !is_ok(answer.json().await.ok().as_ref()) {
        let message = format!("{server} answers {status}, but not like a Restow server");
        findings.add(Finding::failed(
            "server",
            message,
            "is the endpoint right, and no proxy in the way?",
        ))?;
        return Ok(false);
    }
    findings.add(Finding::ok(
        "server",
        format!("{server} answers in {} ms", began.elapsed().as_millis()),
    ))?;
    findings.add(clock::compare(
        "server_clock",
        "the server",
        &headers,
        asked,
    ))?;
    dependencies(http, server, findings).await?;
    Ok(true)
}

/// Looks whether the token is taken.
pub async fn examine_token(client: &Client, findings: &mut Findings) -> Result<bool> {
    let answer = client
        .call(|| client.api().list_datasets().limit(1_u64).send())
        .await;
    let accepted = answer.is_ok();
    findings.add(match answer {
        Ok(_) => Finding::ok("token", "the server accepts the token"),
        Err(error) => Finding::of_error("token", &error.into()),
    })?;
    Ok(accepted)
}

async fn dependencies(http: &reqwest::Client, server: &str, findings: &mut Findings) -> Result<()> {
    let answer = match http.get(format!("{server}/readyz")).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let advice =
                "the server is there, but slow or behind a proxy that lets only some paths through";
            return findings.add(Finding::failed(
                "dependencies",
                format!("/readyz: {}", http::message(error)),
                advice,
            ));
        }
    };
    let (status, told) = (answer.status(), answer.json().await.unwrap_or_default());
    findings.add(readiness(status, &told))?;
    for (member, name) in [("database", "database"), ("storage", "S3")] {
        if let Some(seconds) = told[member]["clock_skew_seconds"].as_i64() {
            let message = format!("for the server, the clock of {name} is {seconds} s ahead");
            findings.add(Finding::warning(
                "dependencies",
                message,
                "set the clocks of both by NTP",
            ))?;
        }
    }
    Ok(())
}

fn readiness(status: StatusCode, told: &Value) -> Finding {
    let away: Vec<_> = [("database", "its database"), ("storage", "S3")]
        .into_iter()
        .filter(|(member, _)| told[member]["status"] == "unavailable")
        .map(|(_, name)| name)
        .collect();
    match (status, away.as_slice()) {
        (StatusCode::OK, _) => {
            Finding::ok("dependencies", "the server reaches its database and S3")
        }
        (_, []) => Finding::failed(
            "dependencies",
            format!("/readyz answers {status}"),
            "the server may be stopping",
        ),
        (_, away) => {
            let message = format!("the server cannot reach {}", away.join(" and "));
            Finding::failed(
                "dependencies",
                message,
                "requests that need it are refused until it answers",
            )
        }
    }
}

fn is_ok(told: Option<&Value>) -> bool {
    told.is_some_and(|told| told["status"] == "ok")
}

#[cfg(test)]
mod tests {
    use super::super::finding::Status;
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_away_is_named() {
        let told = json!({"status": "unavailable", "database": {"status": "ok"}, "storage": {"status": "unavailable"}});
        let finding = readiness(StatusCode::SERVICE_UNAVAILABLE, &told);
        assert_eq!(
            (finding.status, finding.message.as_str()),
            (Status::Failed, "the server cannot reach S3")
        );
        assert_eq!(readiness(StatusCode::OK, &json!({})).status, Status::Ok);
        assert_eq!(
            readiness(StatusCode::BAD_GATEWAY, &Value::Null).status,
            Status::Failed
        );
    }
}
