//! Webhooks: URLs to which the events of a dataset are sent.

use chrono::{DateTime, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::statement::{of_dataset, statements};
use super::{Store, reading, writing};
use crate::actor::Actor;
use crate::error::Result;

/// A webhook, without its secrets.
#[derive(Clone, Debug, FromRow)]
pub struct WebhookRow {
    /// Identifier of the webhook.
    pub id: Uuid,
    /// Dataset whose events it is for.
    pub dataset_id: Uuid,
    /// Where events are sent.
    pub url: String,
    types: String,
    /// Name of the principal that created it; none in early releases.
    pub created_by: Option<String>,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
}

impl WebhookRow {
    /// Types of events that it is for.
    pub fn types(&self) -> Vec<String> {
        let types = self.types.split_ascii_whitespace();
        types.map(str::to_string).collect()
    }
}

/// A webhook that is to be kept.
#[derive(Clone, Debug)]
pub struct NewWebhook<'a> {
    /// Identifier of the webhook.
    pub id: Uuid,
    /// Dataset whose events it is for.
    pub dataset_id: Uuid,
    /// Where events are sent.
    pub url: &'a str,
    /// Types of events.
    pub types: &'a [String],
    /// Key that messages are signed with.
    pub secret: &'a [u8],
    /// Principal that creates it.
    pub creator_id: Uuid,
    /// Most webhooks that a dataset may have.
    pub limit: i64,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
}

/// What is read of a webhook.
macro_rules! webhook_columns {
    () => {
        "id, dataset_id, url, types, created_at, \
         (SELECT p.name FROM principals p WHERE p.id = webhooks.created_by) AS created_by"
    };
}

statements! {
    /// Of two at once, the second waits for the first: both lock the dataset.
    LOCK = "UPDATE datasets SET last_version = last_version WHERE id = $1 AND deleted_at IS NULL";
    COUNT = "SELECT count(*) FROM webhooks WHERE dataset_id = $1";
    INSERT = "INSERT INTO webhooks (id, dataset_id, url, types, secret, created_at, changed_by, changed_in, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LIST = concat!(
        "SELECT ",
        webhook_columns!(),
        " FROM webhooks WHERE dataset_id = $1 AND id > $2 AND ",
        of_dataset!("webhooks", "$4"),
        " ORDER BY id LIMIT $3"
    );
    FIND = concat!(
        "SELECT ",
        webhook_columns!(),
        " FROM webhooks WHERE dataset_id = $1 AND id = $2 AND ",
        of_dataset!("webhooks", "$3")
    );
    ROTATE = "UPDATE webhooks SET secret = $2, old_secret = secret, old_secret_until = $3, changed_by = $4, changed_in = $5 \
         WHERE id = $1";
    /// What is deleted says who deletes it, to the trigger that logs it.
    MARK_DELETED = "UPDATE webhooks SET changed_by = $2, changed_in = $3, is_ending = TRUE WHERE id = $1";
    DELETE = "DELETE FROM webhooks WHERE id = $1";
}

impl Store {
    /// Keeps a webhook; false where its dataset is gone, or has as many as it may have.
    pub async fn insert_webhook(&self, new: &NewWebhook<'_>) -> Result<bool> {
        let actor = Actor::current();
        // Between spaces, so that a type is found whatever other types begin or end with.
        let types = format!(" {} ", new.types.join(" "));
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let locked = sqlx::query(LOCK).bind(new.dataset_id).execute(&mut *transaction).await?;
            let count: i64 = sqlx::query_scalar(COUNT).bind(new.dataset_id).fetch_one(&mut *transaction).await?;
            if locked.rows_affected() == 0 || count >= new.limit {
                return Ok(false);
            }
            sqlx::query(INSERT).bind(new.id).bind(new.dataset_id).bind(new.url).bind(types).bind(new.secret)
                .bind(new.created_at).bind(actor.principal()).bind(actor.request().map(JsonText)).bind(new.creator_id)
                .execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(true)
        })
    }

    /// At most `limit` webhooks of a dataset of the principal behind the id `after`, oldest first.
    pub async fn list_webhooks(
        &self,
        principal_id: Uuid,
        dataset_id: Uuid,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<WebhookRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(LIST).bind(dataset_id).bind(after.unwrap_or(Uuid::nil())).bind(limit)
            .bind(principal_id).fetch_all(pool).await)?,
        )
    }

    /// A webhook of a dataset of the principal.
    pub async fn find_webhook(
        &self,
        principal_id: Uuid,
        dataset_id: Uuid,
        id: Uuid,
    ) -> Result<Option<WebhookRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND).bind(dataset_id).bind(id).bind(principal_id)
            .fetch_optional(pool).await)?,
        )
    }

    /// Gives a webhook another secret; messages are signed with the present one too, until `until`. False where it is gone.
    pub async fn rotate_webhook(
        &self,
        id: Uuid,
        secret: &[u8],
        until: DateTime<Utc>,
    ) -> Result<bool> {
        let actor = Actor::current();
        writing!(self, pool => {
            let rotated = sqlx::query(ROTATE).bind(id).bind(secret).bind(until).bind(actor.principal())
                .bind(actor.request().map(JsonText)).execute(pool).await?;
            Ok(rotated.rows_affected() == 1)
        })
    }

    /// Forgets a webhook and its deliveries; false where it is gone.
    pub async fn delete_webhook(&self, id: Uuid) -> Result<bool> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            sqlx::query(MARK_DELETED).bind(id).bind(actor.principal()).bind(actor.request().map(JsonText))
                .execute(&mut *transaction).await?;
            let deleted = sqlx::query(DELETE).bind(id).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(deleted.rows_affected() == 1)
        })
    }
}
