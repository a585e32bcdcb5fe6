//! What a principal leaves behind on a dataset whose owner it no longer is.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::caller::{Kind, Site};
use crate::fixture::{System, eventually};
use crate::webhooks::receiver::Receiver;

/// Grants a role on the dataset to the writer, or ends the grant.
async fn share(site: &Site<'_>, role: Option<&str>) -> Result<()> {
    let path = format!("/api/datasets/{}/grants/writer", site.dataset_id);
    let request = match role {
        Some(role) => site
            .request(Kind::Owner, Method::PUT, &path)
            .json(&json!({ "role": role })),
        None => site.request(Kind::Owner, Method::DELETE, &path),
    };
    request.send().await?.error_for_status()?;
    Ok(())
}

/// A webhook that a caller creates.
async fn webhook(site: &Site<'_>, kind: Kind, receiver: &Receiver) -> Result<Uuid> {
    let path = format!("/api/datasets/{}/webhooks", site.dataset_id);
    let body = json!({ "url": receiver.url(), "types": ["dataset.policy_changed"] });
    let created = site.request(kind, Method::POST, &path).json(&body).send();
    let created: Value = created.await?.error_for_status()?.json().await?;
    ensure!(
        created["webhook"]["created_by"] == kind.principal(),
        "{created}"
    );
    let id = created["webhook"]["id"].as_str().context("an id")?;
    Ok(id.parse()?)
}

/// Changes the policy of the dataset, and waits until the delivery of that has this state.
async fn delivered(site: &Site<'_>, webhook: Uuid, is_automatic: bool, status: &str) -> Value {
    let dataset = format!("/api/datasets/{}", site.dataset_id);
    let body = json!({ "policy": { "auto_commit": is_automatic } });
    let change = site.request(Kind::Owner, Method::PATCH, &dataset);
    let changed = change.json(&body).send().await;
    assert_eq!(
        changed.map(|response| response.status().as_u16()).ok(),
        Some(200)
    );
    let path = format!("{dataset}/webhooks/{webhook}/deliveries");
    eventually(&format!("the delivery is {status}"), async || {
        let listed = site.get(Kind::Owner, &path).await.ok()?;
        let newest = listed["items"][0].clone();
        let was_claimed = newest["attempts"].as_u64()? > 0;
        (was_claimed && newest["status"] == status).then_some(newest)
    })
    .await
}

#[tokio::test]
async fn webhook_ends_with_the_role_of_its_creator() -> Result<()> {
    let system = System::start_with(&[("--webhook-allow-private", "")])?;
    let site = Site::prepare(&system).await?;
    share(&site, Some("owner")).await?;
    let receiver = Receiver::start().await?;
    let of_writer = webhook(&site, Kind::Writer, &receiver).await?;
    let of_admin = webhook(&site, Kind::Admin, &receiver).await?;
    delivered(&site, of_writer, true, "delivered").await;

    share(&site, Some("writer")).await?;
    let ended = delivered(&site, of_writer, false, "dead").await;
    let error = ended["error"].as_str().context("an error")?;
    ensure!(error.contains("no longer an owner"), "{ended}");
    delivered(&site, of_admin, true, "delivered").await;

    for role in [Some("owner"), None, Some("owner")] {
        share(&site, role).await?;
        let status = if role.is_some() { "delivered" } else { "dead" };
        delivered(&site, of_writer, role.is_none(), status).await;
    }
    system.server.run(&["principal", "disable", "writer"])?;
    delivered(&site, of_writer, true, "dead").await;
    system.server.run(&["principal", "enable", "writer"])?;
    delivered(&site, of_writer, false, "delivered").await;
    system
        .server
        .run(&["principal", "erase", "writer", "--yes"])?;
    delivered(&site, of_writer, true, "dead").await;
    system.server.run(&["principal", "demote", "root"])?;
    delivered(&site, of_admin, false, "dead").await;
    Ok(())
}
