//! The audit of datasets.

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{exported, listed, types};
use crate::fixture::{System, csv, eventually};

/// An event, without what differs from run to run.
fn told(event: &Value) -> Value {
    let actor = event["actor"]["principal"].clone();
    json!([
        event["type"],
        event["version"],
        actor,
        event["before"],
        event["after"]
    ])
}

/// Renames a dataset, and gives it another policy.
async fn change(system: &System, dataset_id: Uuid, name: &str) -> Result<()> {
    let body = json!({ "name": name, "policy": { "auto_commit": true } });
    let path = format!("/datasets/{dataset_id}");
    let response = system
        .request(Method::PATCH, &path)
        .json(&body)
        .send()
        .await?;
    response.error_for_status()?;
    Ok(())
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "it is one story, and the list of its events"
)]
async fn life_of_a_dataset_is_audited() -> Result<()> {
    // So that each job takes the same path, however busy the machine is.
    let system = System::start_with(&[("--inspect-inline", "0")])?;
    let client = &system.client;
    let begin = exported(&system, "0")?;
    let begin = begin.last().context("the first token is not logged")?["id"].to_string();
    let dataset_id = system.dataset("weather").await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(1)).await?;
    upload.wait().await?;
    upload.commit().await?;
    let cancelled = system.begin(dataset_id, "rows.csv", csv(2)).await?;
    cancelled.cancel().await?;
    // Committed by itself, as the policy says; its completer is who committed it.
    change(&system, dataset_id, "climate").await?;
    let automatic = system.prepare(dataset_id, "rows.csv", csv(3)).await?;
    automatic.wait().await?;
    let restore = client.api().restore_version().dataset_id(dataset_id);
    restore.version(1).body_map(|body| body).send().await?;
    client
        .api()
        .delete_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    let undelete = client.api().undelete_dataset().dataset_id(dataset_id);
    undelete.send().await?;
    client
        .api()
        .delete_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    system.reap_until(&[], "1 deleted datasets").await;

    let events = exported(&system, &begin)?;
    assert!(
        events
            .iter()
            .all(|event| event["dataset_id"] == json!(dataset_id))
    );
    let ids: Vec<_> = events
        .iter()
        .filter_map(|event| event["id"].as_u64())
        .collect();
    assert!(ids.is_sorted() && ids.len() == events.len());
    let text = events.iter().map(|event| told(event).to_string() + "\n");
    println!("{}", text.collect::<String>());

    let me = json!("default");
    let versions: Vec<_> = events
        .iter()
        .filter(|event| event["type"] == "version.committed")
        .collect();
    let etags: Vec<_> = versions
        .iter()
        .map(|event| &event["after"]["etag"])
        .collect();
    let status = |status: &str| json!({ "status": status });
    let job = |by: &Value, from: &str, to: &str| {
        json!([format!("job.{to}"), null, by, status(from), status(to)])
    };
    let created = |size: usize, base: Value| {
        let after = json!({ "status": "awaiting_upload", "file_size": size, "base_version": base });
        json!(["job.created", null, me, null, after])
    };
    let committed = |version: u64, size: usize, rows: u64, etag: &Value| {
        let after = json!({ "file_size": size, "row_count": rows, "etag": etag });
        json!(["version.committed", version, me, null, after])
    };
    let none = Value::Null;
    let default_policy = Value::Null;
    let expected = vec![
        json!(["dataset.created", null, me, null, { "name": "weather" }]),
        created(csv(1).len(), none.clone()),
        job(&me, "awaiting_upload", "completing"),
        job(&none, "completing", "inspecting"),
        job(&none, "inspecting", "ready"),
        json!(["job.committed", 1, me, status("ready"), status("committed")]),
        committed(1, csv(1).len(), 1, etags[0]),
        created(csv(2).len(), json!(1)),
        job(&me, "awaiting_upload", "cancelled"),
        json!(["dataset.renamed", null, me, { "name": "weather" }, { "name": "climate" }]),
        json!(["dataset.policy_changed", null, me, { "policy": default_policy }, { "policy": { "auto_commit": true } }]),
        created(csv(3).len(), json!(1)),
        job(&me, "awaiting_upload", "completing"),
        job(&none, "completing", "inspecting"),
        job(&none, "inspecting", "ready"),
        json!([
            "job.committed",
            2,
            null,
            status("ready"),
            status("committed")
        ]),
        committed(2, csv(3).len(), 3, etags[1]),
        json!(["version.restored", 1, me, { "current_version": 2 }, { "current_version": 1 }]),
        json!(["dataset.deleted", null, me, { "name": "climate", "current_version": 1 }, null]),
        json!(["dataset.undeleted", null, me, null, { "name": "climate", "current_version": 1 }]),
        json!(["dataset.deleted", null, me, { "name": "climate", "current_version": 1 }, null]),
        json!(["version.removed", 1, null, { "file_size": csv(1).len(), "etag": etags[0] }, null]),
        json!(["version.removed", 2, null, { "file_size": csv(3).len(), "etag": etags[1] }, null]),
        json!(["dataset.removed", null, null, { "name": "climate" }, null]),
    ];
    let mut told: Vec<_> = events.iter().map(told).collect();
    // Which of two changes of one statement comes first is not said.
    if told[9][0] == "dataset.policy_changed" {
        told.swap(9, 10);
    }
    for (position, (told, expected)) in told.iter().zip(&expected).enumerate() {
        assert_eq!(told, expected, "event {position}");
    }
    assert_eq!(told.len(), expected.len());

    let actor = &events[0]["actor"];
    assert_eq!(actor["address"], "127.0.0.1");
    assert!(actor["token_id"].is_string() && actor["principal_id"].is_string());
    let requests: std::collections::HashSet<_> = events
        .iter()
        .filter_map(|event| event["actor"]["request_id"].as_str())
        .collect();
    assert!(requests.len() > 8, "{requests:?}");
    Ok(())
}

#[tokio::test]
async fn versions_say_who_committed_them() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let version = system.publish(dataset_id, "rows.csv", csv(1)).await?;
    assert_eq!(version.committed_by.as_deref(), Some("default"));
    let listed = system.client.api().list_versions().dataset_id(dataset_id);
    let listed = listed.send().await?;
    assert_eq!(listed.items[0].committed_by.as_deref(), Some("default"));
    Ok(())
}

#[tokio::test]
async fn events_are_listed_by_pages_and_filters() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let path = format!("/datasets/{dataset_id}/events");
    for number in 0..4 {
        change(&system, dataset_id, &format!("weather {number}")).await?;
    }
    let all = listed(&system, &path).await?;
    assert_eq!(types(&all)[..2], ["dataset.renamed"; 2]);
    assert_eq!(types(&all).last(), Some(&"dataset.created"));
    assert_eq!(all[0]["actor"]["address"], Value::Null, "{}", all[0]);
    // The token of a page remembers the filter.
    let (mut pages, mut token) = (Vec::new(), String::new());
    loop {
        let query = if token.is_empty() {
            "limit=3&type=dataset.renamed&principal=default".to_string()
        } else {
            format!("limit=3&page_token={token}")
        };
        let page: Value = system
            .request(Method::GET, &format!("{path}?{query}"))
            .send()
            .await?
            .json()
            .await?;
        pages.push(page["items"].as_array().context("no items")?.clone());
        let Some(next) = page["next_page"].as_str() else {
            break;
        };
        token = next.to_string();
    }
    let lengths: Vec<_> = pages.iter().map(Vec::len).collect();
    assert_eq!(lengths, [3, 1]);
    assert_eq!(types(&pages.concat()), ["dataset.renamed"; 4]);
    assert!(
        listed(&system, &format!("{path}?principal=bob"))
            .await?
            .is_empty()
    );
    assert!(
        listed(&system, &format!("{path}?since=2100-01-01T00:00:00Z"))
            .await?
            .is_empty()
    );
    let since = listed(&system, &format!("{path}?since=2020-01-01T00:00:00Z")).await?;
    assert_eq!(since.len(), all.len());
    let odd = system.request(Method::GET, &format!("{path}?page_token=odd"));
    assert_eq!(odd.send().await?.status(), 404);
    Ok(())
}

#[tokio::test]
async fn deployment_is_audited_by_administrators_alone() -> Result<()> {
    let system = System::start()?;
    system.dataset("weather").await?;
    system.server.run(&["principal", "demote", "default"]).ok();
    let token = system
        .server
        .run(&["token", "create", "--principal", "auditor", "--admin"])?;
    let auditor = system.client_with(token.trim())?;
    let page = auditor.api().list_events().send().await?;
    let seen: Vec<_> = page
        .items
        .iter()
        .map(|event| event.type_.as_str())
        .collect();
    for event_type in ["dataset.created", "token.created", "principal.created"] {
        assert!(seen.contains(&event_type), "{seen:?}");
    }
    let address =
        |event: &restow_sdk::generated::types::Event| event.actor.as_ref()?.address.clone();
    assert!(page.items.iter().any(|event| address(event).is_some()));
    eventually("the first principal is no administrator", async || {
        let refusal = system.client.api().list_events().send().await;
        let error = refusal.err()?.into();
        matches!(&error, restow_sdk::Error::Api { status, .. } if status.as_u16() == 403)
            .then_some(())
    })
    .await;
    let unknown = format!("/datasets/{}/events", Uuid::now_v7());
    let unknown = system.request(Method::GET, &unknown).send().await?;
    assert_eq!(unknown.status(), 404);
    Ok(())
}

#[tokio::test]
async fn events_are_forgotten_after_their_time() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let path = format!("/datasets/{dataset_id}/events");
    assert_eq!(types(&listed(&system, &path).await?), ["dataset.created"]);
    let long_ago = "UPDATE events SET time = '2020-01-01T00:00:00+00:00'";
    system.execute(long_ago).await?;
    eventually("the event is forgotten", async || {
        system.reap(&["--keep-events", "2d"]).ok()?;
        listed(&system, &path).await.ok()?.is_empty().then_some(())
    })
    .await;
    Ok(())
}
