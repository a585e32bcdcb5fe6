//! Webhooks: receivers of the events of a dataset. A trigger writes the deliveries with the event; [`dispatch`] sends them.

mod address;
mod dispatch;
mod permission;
mod sender;
mod signature;
mod takeover;
mod turns;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use dropshot::ResultsPage;
use reqwest::Url;
use restow_api::grant::Role;
use restow_api::page::PageQuery;
use restow_api::webhook::{CreateWebhookRequest, Delivery, DeliveryStatus, Webhook, WebhookSecret};
use uuid::Uuid;

pub use self::dispatch::run as dispatch;
pub use self::sender::Sender;
pub use self::takeover::{Enabled, disable, discard, enable, enabled};
use crate::app::App;
use crate::dataset;
use crate::error::{Error, Forbidden, Result};
use crate::identity::Identity;
use crate::page;
use crate::store::{DeliveryRow, NewSecret, NewWebhook, Principal, WebhookRow};

/// Most webhooks of a dataset.
const MAX_WEBHOOKS: i64 = 20;

/// How long messages are signed with an earlier secret, too.
const OVERLAP: TimeDelta = TimeDelta::days(1);

/// Most earlier secrets that messages are signed with: of a caller that rotates again and again, the oldest end early.
const MAX_EARLIER_SECRETS: i64 = 9;

/// How long a delivery is tried.
pub const MAX_AGE: TimeDelta = TimeDelta::days(1);

/// Where a request names a webhook, and a delivery.
const IN_PATH: [&str; 2] = ["path", "webhook_id"];
const DELIVERY_IN_PATH: [&str; 2] = ["path", "delivery_id"];

impl From<WebhookRow> for Webhook {
    fn from(row: WebhookRow) -> Self {
        Self {
            id: row.id,
            dataset_id: row.dataset_id,
            types: row.types(),
            url: row.url,
            created_by: row.created_by,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
        }
    }
}

/// A delivery of the webhook, as its owner sees it.
fn described(webhook: &WebhookRow, row: DeliveryRow) -> Delivery {
    let status = row.status.parse().unwrap_or(DeliveryStatus::Dead);
    let is_sent = status == DeliveryStatus::Pending && webhook.disabled_at.is_none();
    Delivery {
        id: row.id,
        event_id: row.event_id.cast_unsigned(),
        event_type: row.event_type,
        status,
        attempts: row.attempts.cast_unsigned(),
        next_attempt_at: is_sent.then(|| next_attempt_at(row.run_after, webhook.resume_at)),
        response_status: row.response.map(i64::cast_unsigned),
        error: row.error,
        created_at: row.created_at,
        delivered_at: row.delivered_at,
    }
}

/// When a delivery is sent: when it is due, or where the webhook is not called before, then.
fn next_attempt_at(run_after: DateTime<Utc>, resume_at: Option<DateTime<Utc>>) -> DateTime<Utc> {
    resume_at.map_or(run_after, |resume_at| run_after.max(resume_at))
}

/// Creates a webhook, and returns it with its secret.
///
/// # Errors
/// [`Error::WebhookUrl`] for a URL that is not allowed, [`Error::TooManyWebhooks`]; [`Error::Forbidden`] for an administrator
/// that only its issuer calls one, since that can end unnoticed.
pub async fn create(
    app: &App,
    owner: &Principal,
    creator: &Identity,
    dataset_id: Uuid,
    request: &CreateWebhookRequest,
) -> Result<WebhookSecret> {
    let url = checked_url(&request.url, app.settings.webhooks_allow_private)?;
    dataset::get(app, owner, dataset_id).await?;
    let creator_id = creator.principal.id;
    if !app.store.is_owner(dataset_id, creator_id).await? {
        return Err(Forbidden::Role(Role::Owner).into());
    }
    let mut types: Vec<_> = request.types.iter().map(ToString::to_string).collect();
    types.sort_unstable();
    types.dedup();
    let (id, secret, now) = (Uuid::now_v7(), signature::new_secret(), app.now());
    let new = NewWebhook {
        id,
        dataset_id,
        url: &request.url,
        origin: &url.origin().ascii_serialization(),
        types: &types,
        secret: &secret,
        creator_id,
        limit: MAX_WEBHOOKS,
        created_at: now,
    };
    if !app.store.insert_webhook(&new).await? {
        dataset::get(app, owner, dataset_id).await?;
        return Err(Error::TooManyWebhooks {
            limit: MAX_WEBHOOKS.cast_unsigned(),
        });
    }
    tracing::info!(%dataset_id, webhook_id = %id, "webhook created");
    Ok(WebhookSecret {
        webhook: Webhook {
            id,
            dataset_id,
            url: request.url.clone(),
            types,
            created_by: Some(creator.name.clone()),
            created_at: now,
            disabled_at: None,
        },
        secret: signature::shown(&secret),
    })
}

/// The URL, where nothing is wrong with it that can be known before it is connected to.
fn checked_url(text: &str, allows_private: bool) -> Result<Url> {
    let url: Url = text
        .parse()
        .map_err(|_| Error::WebhookUrl("it is no valid URL"))?;
    let allowed = if allows_private {
        address::Allowed::Any
    } else {
        address::Allowed::Public
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::WebhookUrl("it contains credentials"));
    }
    if url.scheme() != "https" && !allows_private {
        return Err(Error::WebhookUrl("it does not begin with https://"));
    }
    allowed
        .check_host(&url)
        .map_err(|_| Error::WebhookUrl("its host is no public address"))?;
    Ok(url)
}

/// The webhooks of a dataset, oldest first.
///
/// # Errors
/// [`Error::NotFound`] where there is no such dataset, and for a page token that no list has issued.
pub async fn list(
    app: &App,
    owner: &Principal,
    dataset_id: Uuid,
    query: &PageQuery,
) -> Result<ResultsPage<Webhook>> {
    dataset::get(app, owner, dataset_id).await?;
    let after = page::after::<Uuid>(query)?;
    let limit = page::rows_wanted(query);
    let rows = app
        .store
        .list_webhooks(owner.id, dataset_id, after, limit)
        .await?;
    let webhooks = rows.into_iter().map(Webhook::from).collect();
    Ok(page::of(webhooks, query, |webhook: &Webhook| webhook.id))
}

async fn find(app: &App, owner: &Principal, dataset_id: Uuid, id: Uuid) -> Result<WebhookRow> {
    let found = app.store.find_webhook(owner.id, dataset_id, id).await?;
    match found {
        Some(row) => Ok(row),
        None => Err(dataset::missing_or(app, owner, dataset_id, Error::NotFound(IN_PATH)).await?),
    }
}

/// Gives a webhook another secret. Messages are signed with the one before, too, for a day, and with those before that, each
/// until its day is over: a caller that did not receive the response rotates again, and the receivers still have the first one.
///
/// # Errors
/// [`Error::NotFound`] where there is no such webhook.
pub async fn rotate(
    app: &App,
    owner: &Principal,
    dataset_id: Uuid,
    id: Uuid,
) -> Result<WebhookSecret> {
    let row = find(app, owner, dataset_id, id).await?;
    let (secret, now) = (signature::new_secret(), app.now());
    let new = NewSecret {
        secret: &secret,
        now,
        overlap_until: now + OVERLAP,
        limit: MAX_EARLIER_SECRETS,
    };
    if !app.store.rotate_webhook(id, new).await? {
        return Err(Error::NotFound(IN_PATH));
    }
    tracing::info!(%dataset_id, webhook_id = %id, "secret of a webhook rotated");
    Ok(WebhookSecret {
        webhook: row.into(),
        secret: signature::shown(&secret),
    })
}

/// Deletes a webhook with its deliveries.
///
/// # Errors
/// [`Error::NotFound`] where there is no such webhook.
pub async fn delete(app: &App, owner: &Principal, dataset_id: Uuid, id: Uuid) -> Result<()> {
    find(app, owner, dataset_id, id).await?;
    app.store.delete_webhook(id).await?;
    tracing::info!(%dataset_id, webhook_id = %id, "webhook deleted");
    Ok(())
}

/// Where a page of deliveries begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct DeliveryToken(i64, Uuid);

impl fmt::Display for DeliveryToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl FromStr for DeliveryToken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (event_id, id) = text.split_once('.').ok_or("no id")?;
        let event_id = event_id.parse().map_err(|_| "no number")?;
        Ok(Self(event_id, id.parse().map_err(|_| "no id")?))
    }
}

/// The deliveries of a webhook, newest first.
///
/// # Errors
/// [`Error::NotFound`] where there is no such webhook, and for a page token that no list has issued.
pub async fn deliveries(
    app: &App,
    owner: &Principal,
    (dataset_id, id): (Uuid, Uuid),
    query: &PageQuery,
) -> Result<ResultsPage<Delivery>> {
    let webhook = find(app, owner, dataset_id, id).await?;
    let before = page::after::<DeliveryToken>(query)?;
    let before = before.map(|token| (token.0, token.1));
    let limit = page::rows_wanted(query);
    let rows = app.store.list_deliveries(id, before, limit).await?;
    let rows = rows.into_iter();
    let deliveries = rows.map(|row| described(&webhook, row)).collect();
    Ok(page::of(deliveries, query, |delivery: &Delivery| {
        DeliveryToken(delivery.event_id.cast_signed(), delivery.id)
    }))
}

/// Sends a delivery again, whatever became of it.
///
/// # Errors
/// [`Error::NotFound`] where there is no such delivery.
pub async fn resend(
    app: &App,
    owner: &Principal,
    (dataset_id, id): (Uuid, Uuid),
    delivery_id: Uuid,
) -> Result<Delivery> {
    let mut webhook = find(app, owner, dataset_id, id).await?;
    let now = app.now();
    let resent = app
        .store
        .resend_delivery(id, delivery_id, now, now + MAX_AGE)
        .await?;
    let row = resent.ok_or(Error::NotFound(DELIVERY_IN_PATH))?;
    tracing::info!(%dataset_id, webhook_id = %id, %delivery_id, "message sent to a webhook again on request");
    // No pause is left.
    webhook.resume_at = None;
    Ok(described(&webhook, row))
}
