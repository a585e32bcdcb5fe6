//! Idempotency keys: claimed in the transaction that creates something, so that both are there or neither is.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, SqliteConnection};
use uuid::Uuid;

use super::json::JsonText;
use super::statement::statements;
use super::{Store, reading, writing};
use crate::actor::Actor;
use crate::error::{Error, Result};

/// The use of an idempotency key by a request.
#[derive(Clone, Debug)]
pub struct KeyUse {
    /// Who sent the request; keys of different principals have nothing in common.
    pub principal_id: Uuid,
    /// The key.
    pub key: String,
    /// Hash of the request, which tells it from others.
    pub fingerprint: [u8; 32],
    /// Time of the request.
    pub used_at: DateTime<Utc>,
    /// Earlier uses are forgotten.
    pub remembered_since: DateTime<Utc>,
}

statements! {
    /// Of two requests at once, the second waits here until the first has committed or failed.
    CLAIM = "INSERT INTO idempotency_keys (principal_id, key, fingerprint, created_id, used_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (principal_id, key) DO UPDATE \
         SET fingerprint = excluded.fingerprint, created_id = excluded.created_id, used_at = excluded.used_at \
         WHERE idempotency_keys.used_at < $6";
    FIND = "SELECT fingerprint, created_id FROM idempotency_keys \
         WHERE principal_id = $1 AND key = $2 AND used_at >= $3";
    GIVE_UP = "UPDATE jobs SET status = 'cancelled', lease_until = NULL, run_after = $2, changed_by = $3, changed_in = $4 \
         WHERE id = $1 AND status || '' = 'awaiting_upload' AND upload_id IS NULL";
    RELEASE = "DELETE FROM idempotency_keys WHERE principal_id = $1 AND key = $2 AND created_id = $3";
    FORGET = "DELETE FROM idempotency_keys WHERE (principal_id, key) IN \
         (SELECT principal_id, key FROM idempotency_keys WHERE used_at < $1 ORDER BY used_at LIMIT $2)";
}

impl KeyUse {
    /// What an earlier use of the key created.
    ///
    /// # Errors
    /// [`Error::IdempotencyKeyReused`] where that was another request.
    fn created(&self, (fingerprint, created_id): (Vec<u8>, Uuid)) -> Result<Uuid> {
        if fingerprint == self.fingerprint {
            Ok(created_id)
        } else {
            Err(Error::IdempotencyKeyReused)
        }
    }
}

/// A connection within a transaction that creates something.
pub(super) trait ClaimKey {
    /// Claims a key for what the transaction creates; returns what the same request created before, if it did.
    ///
    /// # Errors
    /// [`Error::IdempotencyKeyReused`] where another request has used the key.
    async fn claim_key(&mut self, key: Option<&KeyUse>, created_id: Uuid) -> Result<Option<Uuid>>;
}

macro_rules! claim_key_on {
    ($($connection:ty),+) => {$(
        impl ClaimKey for $connection {
            async fn claim_key(&mut self, key: Option<&KeyUse>, created_id: Uuid) -> Result<Option<Uuid>> {
                let Some(key) = key else { return Ok(None) };
                let claimed = sqlx::query(CLAIM)
                    .bind(key.principal_id)
                    .bind(&key.key)
                    .bind(&key.fingerprint[..])
                    .bind(created_id)
                    .bind(key.used_at)
                    .bind(key.remembered_since)
                    .execute(&mut *self).await?;
                if claimed.rows_affected() == 1 {
                    return Ok(None);
                }
                let earlier = sqlx::query_as(FIND).bind(key.principal_id).bind(&key.key).bind(key.remembered_since)
                    .fetch_one(&mut *self).await?;
                key.created(earlier).map(Some)
            }
        }
    )+};
}

claim_key_on!(PgConnection, SqliteConnection);

impl Store {
    /// What the same request with this key has created before, if it has.
    ///
    /// # Errors
    /// [`Error::IdempotencyKeyReused`] where another request has used the key.
    pub async fn find_created(&self, key: &KeyUse) -> Result<Option<Uuid>> {
        let earlier: Option<(Vec<u8>, Uuid)> = reading!(self, pool => sqlx::query_as(FIND).bind(key.principal_id)
            .bind(&key.key).bind(key.remembered_since).fetch_optional(pool).await)?;
        earlier.map(|earlier| key.created(earlier)).transpose()
    }

    /// Cancels a job that has got no upload, and releases its key, so that the next request with it begins anew; false
    /// where another request has given the job an upload.
    pub async fn give_up_job(
        &self,
        job_id: Uuid,
        key: Option<&KeyUse>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let given_up = sqlx::query(GIVE_UP).bind(job_id).bind(now).bind(actor.principal())
                .bind(actor.request().map(JsonText)).execute(&mut *transaction).await?;
            if given_up.rows_affected() == 0 {
                return Ok(false);
            }
            if let Some(key) = key {
                sqlx::query(RELEASE).bind(key.principal_id).bind(&key.key).bind(job_id)
                    .execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(true)
        })
    }

    /// Forgets at most `limit` keys that were used before `before`, and counts them.
    pub async fn forget_keys(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        writing!(self, pool => {
            let forgotten = sqlx::query(FORGET).bind(before).bind(limit).execute(pool).await?;
            Ok(forgotten.rows_affected())
        })
    }
}
