//! Refusals for lack of permission: recorded, and a bounded number of them.

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::listed;
use crate::fixture::{System, eventually};

/// Refusals that are recorded of one principal in a minute.
const MAX_OF_PRINCIPAL: usize = 20;

/// The refusals that an owner sees of a dataset, once there are so many.
async fn refusals(system: &System, dataset_id: Uuid, number: usize) -> Result<Vec<Value>> {
    let path = format!("/datasets/{dataset_id}/events?type=access.refused&limit=1000");
    eventually(&format!("{number} refusals are recorded"), async || {
        let listed = listed(system, &path).await.ok()?;
        (listed.len() >= number).then_some(Ok(listed))
    })
    .await
}

async fn status(system: &System, token: &str, method: Method, path: &str) -> Result<u16> {
    let request = system.anonymous(method, &format!("/api{path}"));
    Ok(request.bearer_auth(token).send().await?.status().as_u16())
}

#[tokio::test]
async fn refusals_are_recorded_with_who_and_why() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let upload = system
        .begin(dataset_id, "rows.csv", crate::fixture::csv(1))
        .await?;
    let dataset = format!("/datasets/{dataset_id}");
    let job = format!("/jobs/{}", upload.job_id);
    // What a reader does not find is no secret.
    let carol = system.token_of("carol")?;
    let grant = system.request(Method::PUT, &format!("{dataset}/grants/carol"));
    let grant = grant.json(&json!({ "role": "reader" })).send().await?;
    assert!(grant.status().is_success());
    let version = format!("{dataset}/versions/99");
    assert_eq!(
        status(&system, carol.trim(), Method::GET, &version).await?,
        404
    );
    let stranger = system.token_of("mallory")?;
    let stranger = stranger.trim();
    assert_eq!(status(&system, stranger, Method::GET, &dataset).await?, 404);
    assert_eq!(status(&system, stranger, Method::GET, &job).await?, 404);
    let reader = system.server.run(&[
        "token",
        "create",
        "--principal",
        "default",
        "--scopes",
        "read",
        "--name",
        "report",
    ])?;
    assert_eq!(
        status(&system, reader.trim(), Method::DELETE, &dataset).await?,
        403
    );
    // Neither of these says anything about rights.
    let missing = format!("/datasets/{}", Uuid::now_v7());
    assert_eq!(status(&system, stranger, Method::GET, &missing).await?, 404);
    assert_eq!(
        status(&system, "restow_unknown", Method::GET, &dataset).await?,
        401
    );

    let mut told: Vec<_> = refusals(&system, dataset_id, 3)
        .await?
        .iter()
        .map(|event| {
            let actor = &event["actor"];
            json!([
                actor["principal"],
                event["reason"],
                event["outcome"],
                event["after"]["operation"],
                actor["token"]
            ])
        })
        .collect();
    told.sort_by_key(Value::to_string);
    assert_eq!(
        told,
        [
            json!([
                "default",
                "forbidden",
                "refused",
                "delete_dataset",
                "report"
            ]),
            json!(["mallory", "not_found", "refused", "get_dataset", null]),
            json!(["mallory", "not_found", "refused", "get_job", null]),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn use_of_a_revoked_token_is_recorded() -> Result<()> {
    let system = System::start()?;
    system.dataset("weather").await?;
    let token = system.token_of("mallory")?;
    let tokens: Vec<Value> = serde_json::from_str(&system.server.run(&[
        "token",
        "list",
        "--json",
        "--principal",
        "mallory",
    ])?)?;
    let id = tokens[0]["id"].as_str().context("no id")?;
    system.server.run(&["token", "revoke", id])?;
    assert_eq!(
        status(&system, token.trim(), Method::GET, "/datasets").await?,
        401
    );
    let exported = eventually("the use of the token is recorded", async || {
        let exported = system.server.run(&["events", "export"]).ok()?;
        let mut lines = exported.lines();
        let line = lines.find(|line| line.contains("access.refused"))?;
        serde_json::from_str::<Value>(line).ok()
    })
    .await;
    assert_eq!(exported["reason"], "invalid_token");
    let actor = &exported["actor"];
    assert_eq!(
        (&actor["principal"], &actor["token_id"]),
        (&json!("mallory"), &json!(id))
    );
    assert_eq!(actor["address"], "127.0.0.1");
    Ok(())
}

#[tokio::test]
async fn refusals_do_not_fill_the_database() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let dataset = format!("/datasets/{dataset_id}");
    let stranger = system.token_of("mallory")?;
    for _ in 0..MAX_OF_PRINCIPAL * 5 {
        assert_eq!(
            status(&system, stranger.trim(), Method::GET, &dataset).await?,
            404
        );
    }
    // What is refused to one principal hides nothing that is refused to another one.
    let other = system.token_of("trudy")?;
    assert_eq!(
        status(&system, other.trim(), Method::GET, &dataset).await?,
        404
    );
    let path = format!("{dataset}/events?type=access.refused&principal=trudy");
    eventually("the other one is recorded", async || {
        (!listed(&system, &path).await.ok()?.is_empty()).then_some(())
    })
    .await;
    let recorded = refusals(&system, dataset_id, MAX_OF_PRINCIPAL + 1).await?;
    assert_eq!(recorded.len(), MAX_OF_PRINCIPAL + 1);
    // How many were not recorded is said when the process stops, or a minute is over.
    let (_, stopped) = system.stop().await?;
    let system = stopped.restart()?;
    let exported = system.server.run(&["events", "export"])?;
    let summary = exported
        .lines()
        .find(|line| line.contains("\"unrecorded\""));
    let summary: Value = serde_json::from_str(summary.context("no summary")?)?;
    assert_eq!(summary["actor"]["principal"], "mallory");
    assert_eq!(summary["after"]["refusals"], MAX_OF_PRINCIPAL * 4);
    Ok(())
}
