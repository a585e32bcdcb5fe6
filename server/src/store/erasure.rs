//! Erases a principal: its name, and what tells of the person behind it, in every row that outlives its datasets.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::statement::statements;
use super::{Database, Store, writing};

/// Calls the principal that last changed the rows of a table $2 in place of $1, and forgets the address that it had then.
macro_rules! rename_changer {
    ($table:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET changed_by = $2, changed_in = NULL WHERE changed_by = $1"
        )
    };
}

/// The events whose values name a principal.
macro_rules! of_principals {
    () => {
        "type IN ('token.created', 'token.revoked', 'grant.put', 'grant.deleted')"
    };
}

/// Calls the principal that the value of an event names $2 in place of $1.
macro_rules! rename_in_value_postgres {
    ($value:literal) => {
        concat!(
            "UPDATE events SET ",
            $value,
            " = jsonb_set(",
            $value,
            "::JSONB, '{principal}', to_jsonb($2::TEXT))::TEXT WHERE ",
            of_principals!(),
            " AND ",
            $value,
            "::JSONB ->> 'principal' = $1"
        )
    };
}
macro_rules! rename_in_value_sqlite {
    ($value:literal) => {
        concat!(
            "UPDATE events SET ",
            $value,
            " = json_set(",
            $value,
            ", '$.principal', $2) WHERE ",
            of_principals!(),
            " AND json_extract(",
            $value,
            ", '$.principal') = $1"
        )
    };
}

statements! {
    ERASE = "UPDATE principals SET name = $2, is_admin = FALSE, disabled_at = $3 WHERE id = $1";
    FORGET_GRANTS = "DELETE FROM grants WHERE principal_id = $1";
    FORGET_TOKENS = "DELETE FROM tokens WHERE principal_id = $1";
    RENAME_COMMITTER = "UPDATE versions SET committed_by = $2 WHERE committed_by = $1";
    RENAME_CHANGER_OF_DATASETS = rename_changer!("datasets");
    RENAME_CHANGER_OF_JOBS = rename_changer!("jobs");
    RENAME_CHANGER_OF_TOKENS = rename_changer!("tokens");
    RENAME_CHANGER_OF_GRANTS = rename_changer!("grants");
    RENAME_CHANGER_OF_TRUST_RULES = rename_changer!("trust_rules");
    RENAME_CHANGER_OF_WEBHOOKS = rename_changer!("webhooks");
    /// What the principal did stays in the log, under its pseudonym. Its addresses and the names of its tokens go.
    RENAME_ACTOR_POSTGRES = "UPDATE events SET principal = $2, \
         request = (request::JSONB - 'address' - 'token')::TEXT WHERE principal = $1";
    RENAME_ACTOR_SQLITE = "UPDATE events SET principal = $2, \
         request = json_remove(request, '$.address', '$.token') WHERE principal = $1";
    RENAME_IN_OLD_VALUES_POSTGRES = rename_in_value_postgres!("old_value");
    RENAME_IN_NEW_VALUES_POSTGRES = rename_in_value_postgres!("new_value");
    RENAME_IN_OLD_VALUES_SQLITE = rename_in_value_sqlite!("old_value");
    RENAME_IN_NEW_VALUES_SQLITE = rename_in_value_sqlite!("new_value");
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
const RENAMES_IN_EVENTS_POSTGRES: [&str; 3] = [
    RENAME_ACTOR_POSTGRES,
    RENAME_IN_OLD_VALUES_POSTGRES,
    RENAME_IN_NEW_VALUES_POSTGRES,
];
const RENAMES_IN_EVENTS_SQLITE: [&str; 3] = [
    RENAME_ACTOR_SQLITE,
    RENAME_IN_OLD_VALUES_SQLITE,
    RENAME_IN_NEW_VALUES_SQLITE,
];

impl Store {
    /// Forgets a principal's tokens and grants, and replaces its name by a pseudonym wherever it stands. Its row stays,
    /// disabled, for as long as others refer to it.
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
        writing!(self, pool => {
            let mut transaction = pool.begin().await?;
            // First, since the log describes what is deleted by the names that the rows have.
            sqlx::query(ERASE).bind(id).bind(pseudonym).bind(now).execute(&mut *transaction).await?;
            sqlx::query(FORGET_GRANTS).bind(id).execute(&mut *transaction).await?;
            sqlx::query(FORGET_TOKENS).bind(id).execute(&mut *transaction).await?;
            for rename in RENAMES.into_iter().chain(in_events) {
                sqlx::query(rename).bind(name).bind(pseudonym).execute(&mut *transaction).await?;
            }
            transaction.commit().await
        })
    }
}
