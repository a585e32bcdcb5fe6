//! Webhooks: receivers of the events of a dataset.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::string_enum::string_enum;

string_enum! {
    /// A type of events that webhooks can be for.
    WebhookEventType, "Webhook Event Type" {
        /// A job can be committed.
        JobReady = "job.ready",
        /// The object of a job cannot be read as it stands.
        JobRejected = "job.rejected",
        /// A job failed.
        JobFailed = "job.failed",
        /// A job was cancelled.
        JobCancelled = "job.cancelled",
        /// A job expired.
        JobExpired = "job.expired",
        /// A version was committed.
        VersionCommitted = "version.committed",
        /// An old version was made the current one.
        VersionRestored = "version.restored",
        /// A version can no longer be read.
        VersionRetired = "version.retired",
        /// The dataset was renamed.
        DatasetRenamed = "dataset.renamed",
        /// The policy of the dataset was changed.
        DatasetPolicyChanged = "dataset.policy_changed",
        /// The dataset was deleted.
        DatasetDeleted = "dataset.deleted",
        /// The deletion of the dataset was undone.
        DatasetUndeleted = "dataset.undeleted",
    }
}

string_enum! {
    /// State of a delivery.
    DeliveryStatus, "Delivery Status" {
        /// It is being sent, or sent again later.
        Pending = "pending",
        /// The receiver accepted it.
        Delivered = "delivered",
        /// It is not sent any more.
        Dead = "dead",
    }
}

/// A receiver of the events of a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Webhook {
    /// Identifier of the webhook.
    #[schemars(title = "Id")]
    pub id: Uuid,
    /// Dataset whose events it receives.
    #[schemars(title = "Dataset Id")]
    pub dataset_id: Uuid,
    /// URL that events are sent to.
    #[schemars(title = "Url")]
    pub url: String,
    /// Types of events that it receives.
    #[schemars(title = "Types")]
    pub types: Vec<String>,
    /// Name of the principal that created it, with whose role on the dataset it ends; null for webhooks of early releases,
    /// which count as the owner's.
    #[schemars(title = "Created By")]
    pub created_by: Option<String>,
    /// Time of creation.
    #[schemars(title = "Created At")]
    pub created_at: DateTime<Utc>,
    /// Since when an operator has disabled it, so that it receives nothing; null if it is not disabled.
    #[schemars(title = "Disabled At")]
    pub disabled_at: Option<DateTime<Utc>>,
}

/// A webhook with its secret, which is in this response only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookSecret {
    /// The webhook.
    pub webhook: Webhook,
    /// Secret by which the receiver verifies messages, as the libraries of Standard Webhooks take it.
    #[schemars(title = "Secret")]
    pub secret: String,
}

/// The webhook to create.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CreateWebhookRequest {
    /// URL that events are sent to by POST. It begins with `https://`, and its host has a public address.
    #[schemars(
        title = "Url",
        length(min = 9, max = 2000),
        regex(pattern = "^https?://[^\\s\\x00-\\x1f\\x7f]+$")
    )]
    pub url: String,
    /// Types of events that are sent.
    #[schemars(title = "Types", length(min = 1, max = 20))]
    pub types: Vec<WebhookEventType>,
}

/// One event for one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Delivery {
    /// Identifier of the delivery, which is in the `webhook-id` of the message.
    #[schemars(title = "Id")]
    pub id: Uuid,
    /// Number of the event.
    #[schemars(title = "Event Id")]
    pub event_id: u64,
    /// Type of the event.
    #[serde(rename = "type")]
    #[schemars(title = "Event Type")]
    pub event_type: String,
    /// State of the delivery.
    pub status: DeliveryStatus,
    /// How often it was sent.
    #[schemars(title = "Attempts")]
    pub attempts: u64,
    /// Time of the next attempt; null if there is none.
    #[schemars(title = "Next Attempt At")]
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Status of the last response; null if there was none.
    #[schemars(title = "Response Status")]
    pub response_status: Option<u64>,
    /// Why the last attempt got no response, or why none is made; null otherwise.
    #[schemars(title = "Error")]
    pub error: Option<String>,
    /// Time of the event.
    #[schemars(title = "Created At")]
    pub created_at: DateTime<Utc>,
    /// Time at which the receiver accepted it; null if it has not.
    #[schemars(title = "Delivered At")]
    pub delivered_at: Option<DateTime<Utc>>,
}

/// Path of a webhook.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WebhookPath {
    /// Identifier of the dataset.
    #[schemars(description = "")]
    pub dataset_id: Uuid,
    /// Identifier of the webhook.
    #[schemars(description = "")]
    pub webhook_id: Uuid,
}

/// Path of a delivery.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DeliveryPath {
    /// Identifier of the dataset.
    #[schemars(description = "")]
    pub dataset_id: Uuid,
    /// Identifier of the webhook.
    #[schemars(description = "")]
    pub webhook_id: Uuid,
    /// Identifier of the delivery.
    #[schemars(description = "")]
    pub delivery_id: Uuid,
}
