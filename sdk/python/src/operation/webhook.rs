//! Operations on webhooks and their deliveries.

use restow_sdk::generated::types::WebhookEventType;
use serde::Deserialize;
use uuid::Uuid;

/// Operations on the webhooks of a dataset. `dataset` is a name or an id.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "documented in Python")]
pub enum WebhookOperation {
    List {
        dataset: String,
    },
    Create {
        dataset: String,
        url: String,
        types: Vec<WebhookEventType>,
    },
    Rotate {
        dataset: String,
        webhook: Uuid,
    },
    Delete {
        dataset: String,
        webhook: Uuid,
    },
    Deliveries {
        dataset: String,
        webhook: Uuid,
        limit: Option<u64>,
    },
    Resend {
        dataset: String,
        webhook: Uuid,
        delivery: Uuid,
    },
}
