//! Erases a principal: its name, and what tells of the person behind it, in every row that outlives its datasets.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::statement::statements;
use super::{Database, Store, writing};

/// Rows that are changed at a time, so that no statement takes long, and others have their turn in between.
const BATCH: i64 = 1_000;

/// Changes at most $3 rows of a table that a condition on the name $1 selects, after which it selects them no more.
macro_rules! batch {
    ($table:literal, $key:literal, $set:expr, $condition:expr) => {
        concat!(
            "UPDATE ",
            $table,
            " SET ",
            $set,
            " WHERE (",
            $key,
            ") IN (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE ",
            $condition,
            " LIMIT $3)"
        )
    };
}

/// Calls the principal that last changed the rows of a table $2 in place of $1, and forgets the address that it had then.
macro_rules! rename_changer {
    ($table:literal, $key:literal) => {
        batch!(
            $table,
            $key,
            "changed_by = $2, changed_in = NULL",
            "changed_by = $1"
        )
    };
}

/// Calls the principal that the value of an event names $2 in place of $1, and forgets what a token was called.
macro_rules! rename_in_value_postgres {
    ($value:literal) => {
        batch!(
            "events",
            "id",
            concat!(
                $value,
                " = (jsonb_set(",
                $value,
                "::JSONB, '{principal}', to_jsonb($2::TEXT)) - 'name')::TEXT"
            ),
            concat!(
                "type IN ('token.created', 'token.revoked', 'grant.put', 'grant.deleted') AND ",
                $value,
                "::JSONB ->> 'principal' = $1"
            )
        )
    };
}
macro_rules! rename_in_value_sqlite {
    ($value:literal) => {
        batch!(
            "events",
            "id",
            concat!($value, " = json_remove(json_set(", $value, ", '$.principal', $2), '$.name')"),
            concat!(
                "type IN ('token.created', 'token.revoked', 'grant.put', 'grant.deleted') AND json_extract(", $value,
                ", '$.principal') = $1"
            )
        )
    };
}

statements! {
    ERASE = "UPDATE principals SET name = $2, is_admin = FALSE, disabled_at = $3 WHERE id = $1";
    /// Also those on its own datasets, so that none but an administrator undoes their deletion.
    FORGET_GRANTS = "DELETE FROM grants WHERE principal_id = $1 \
         OR dataset_id IN (SELECT id FROM datasets WHERE principal_id = $1)";
    FORGET_TOKENS = "DELETE FROM tokens WHERE principal_id = $1";
    RENAME_COMMITTER = batch!("versions", "dataset_id, version", "committed_by = $2", "committed_by = $1");
    RENAME_CHANGER_OF_DATASETS = rename_changer!("datasets", "id");
    RENAME_CHANGER_OF_JOBS = rename_changer!("jobs", "id");
    RENAME_CHANGER_OF_TOKENS = rename_changer!("tokens", "id");
    RENAME_CHANGER_OF_GRANTS = rename_changer!("grants", "dataset_id, principal_id");
    RENAME_CHANGER_OF_TRUST_RULES = rename_changer!("trust_rules", "id");
    RENAME_CHANGER_OF_WEBHOOKS = rename_changer!("webhooks", "id");
    /// What the principal did stays in the log, under its pseudonym. Its addresses and the names of its tokens go.
    RENAME_ACTOR_POSTGRES = batch!("events", "id",
         "principal = $2, request = (request::JSONB - 'address' - 'token')::TEXT", "principal = $1");
    RENAME_ACTOR_SQLITE = batch!("events", "id",
         "principal = $2, request = json_remove(request, '$.address', '$.token')", "principal = $1");
    RENAME_IN_OLD_VALUES_POSTGRES = rename_in_value_postgres!("old_value");
    RENAME_IN_NEW_VALUES_POSTGRES = rename_in_value_postgres!("new_value");
    RENAME_IN_OLD_VALUES_SQLITE = rename_in_value_sqlite!("old_value");
    RENAME_IN_NEW_VALUES_SQLITE = rename_in_value_sqlite!("new_value");
    RENAME_SUBJECT_POSTGRES = batch!("events", "id", "new_value = jsonb_set(new_value::JSONB, '{name}', to_jsonb($2::TEXT))::TEXT",
         "type IN ('principal.created', 'principal.changed') AND new_value::JSONB ->> 'name' = $1");
    RENAME_SUBJECT_SQLITE = batch!("events", "id", "new_value = json_set(new_value, '$.name', $2)",
         "type IN ('principal.created', 'principal.changed') AND json_extract(new_value, '$.name') = $1");
}

/// What names a principal on every database, by the principal's name in $1 and its pseudonym in $2.
const RENAMES: [&str; 7] = [
    RENAME_COMMITTER,
    RENAME_CHANGER_OF_DATASETS,
    RENAME_CHANGER_OF_JOBS,
    RENAME_CHANGER_OF_TOKENS,
    RENAME_CHANGER_OF_GRANTS,
    RENAME_CHANGER_OF_TRUST_RULES,
    RENAME_CHANGER_OF_WEBHOOKS,
];
const RENAMES_IN_EVENTS_POSTGRES: [&str; 4] = [
    RENAME_ACTOR_POSTGRES,
    RENAME_IN_OLD_VALUES_POSTGRES,
    RENAME_IN_NEW_VALUES_POSTGRES,
    RENAME_SUBJECT_POSTGRES,
];
const RENAMES_IN_EVENTS_SQLITE: [&str; 4] = [
    RENAME_ACTOR_SQLITE,
    RENAME_IN_OLD_VALUES_SQLITE,
    RENAME_IN_NEW_VALUES_SQLITE,
    RENAME_SUBJECT_SQLITE,
];

impl Store {
    /// Replaces a principal's name by a pseudonym wherever it stands, and forgets its tokens and grants. Its row stays,
    /// disabled, for as long as others refer to it; it is renamed last, so that an interrupted erasure can be repeated.
    pub async fn erase_principal(
        &self,
        id: Uuid,
        name: &str,
        pseudonym: &str,
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let in_events = match self.database {
            Database::Postgres(_) => RENAMES_IN_EVENTS_POSTGRES,
            Database::Sqlite { .. } => RENAMES_IN_EVENTS_SQLITE,
        };
        for statement in RENAMES.into_iter().chain(in_events) {
            self.rename_in_batches(statement, name, pseudonym).await?;
        }
        writing!(self, pool => {
            let mut transaction = pool.begin().await?;
            // First, since the log describes the grants that are deleted by the name that the row has.
            sqlx::query(ERASE).bind(id).bind(pseudonym).bind(now).execute(&mut *transaction).await?;
            sqlx::query(FORGET_GRANTS).bind(id).execute(&mut *transaction).await?;
            sqlx::query(FORGET_TOKENS).bind(id).execute(&mut *transaction).await?;
            transaction.commit().await
        })?;
        // What was recorded meanwhile. From now on, the log knows the principal by its pseudonym.
        for statement in in_events {
            self.rename_in_batches(statement, name, pseudonym).await?;
        }
        Ok(())
    }

    async fn rename_in_batches(
        &self,
        statement: &'static str,
        name: &str,
        pseudonym: &str,
    ) -> Result<(), sqlx::Error> {
        loop {
            let renamed = writing!(self, pool => Ok::<_, sqlx::Error>(sqlx::query(statement).bind(name)
                .bind(pseudonym).bind(BATCH).execute(pool).await?.rows_affected()))?;
            if renamed == 0 {
                return Ok(());
            }
        }
    }
}
