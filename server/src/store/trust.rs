//! Trust rules, and the tokens of CI jobs that were exchanged by them.

use chrono::{DateTime, Utc};
use restow_api::trust::{CreateTrustRuleRequest, TrustRule};
use restow_row::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::statement::{is_owner, of_dataset, statements};
use super::{Store, reading, writing};
use crate::actor::Actor;

#[derive(FromRow)]
struct RuleRow {
    id: Uuid,
    issuer: String,
    repository: String,
    repository_owner_id: Option<String>,
    workflow: Option<String>,
    branch: Option<String>,
    environment: Option<String>,
    created_by: Option<String>,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

impl From<RuleRow> for TrustRule {
    fn from(row: RuleRow) -> Self {
        Self {
            id: row.id,
            issuer: row.issuer,
            repository: row.repository,
            repository_owner_id: row.repository_owner_id,
            workflow: row.workflow,
            branch: row.branch,
            environment: row.environment,
            created_by: row.created_by,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

#[derive(FromRow)]
struct CandidateRow {
    owner_id: Uuid,
    owner: String,
    #[sqlx(flatten)]
    rule: RuleRow,
}

/// A rule that may match the token of a CI job.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The rule.
    pub rule: TrustRule,
    /// Owner of the dataset, for whom the CI job works.
    pub owner_id: Uuid,
    /// Name of the owner.
    pub owner: String,
}

impl From<CandidateRow> for Candidate {
    fn from(row: CandidateRow) -> Self {
        Self {
            rule: row.rule.into(),
            owner_id: row.owner_id,
            owner: row.owner,
        }
    }
}

/// The use of a CI job's token.
#[derive(Clone, Debug)]
pub struct CiTokenUse<'a> {
    /// Issuer of the token.
    pub issuer: &'a str,
    /// Hash of the token's identifier.
    pub jti_hash: [u8; 32],
    /// Time from which the issuer's token is refused anyway.
    pub expires_at: DateTime<Utc>,
}

/// A token that a CI job gets for its own.
#[derive(Clone, Debug)]
pub struct CiToken<'a> {
    /// Identifier of the token.
    pub id: Uuid,
    /// Owner of the dataset, for whom the CI job works.
    pub owner_id: Uuid,
    /// Its hash.
    pub hash: [u8; 32],
    /// The CI job that it is issued to.
    pub name: &'a str,
    /// What it may be used for, separated by spaces.
    pub scopes: &'a str,
    /// The dataset that it is for.
    pub dataset_id: Uuid,
    /// The rule by which it is issued.
    pub rule_id: Uuid,
    /// Number of the repository's owner, which the rule has from now on.
    pub repository_owner_id: &'a str,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// Time from which it is no longer valid.
    pub expires_at: DateTime<Utc>,
}

/// What is read of a rule: the name of the table.
macro_rules! rule_columns {
    ($rule:literal) => {
        concat!(
            rule_columns!($rule: "id", "issuer", "repository", "repository_owner_id", "workflow", "branch", "environment",
                "created_at", "last_used_at"),
            "(SELECT n.name FROM principals n WHERE n.id = ",
            $rule,
            ".created_by) AS created_by"
        )
    };
    ($rule:literal: $($column:literal),+) => { concat!($($rule, ".", $column, ", "),+) };
}

statements! {
    /// Its creator has to be an owner as the database knows it, since what an issuer says of a principal can end unnoticed.
    INSERT = concat!("INSERT INTO trust_rules \
         (id, dataset_id, issuer, repository, repository_owner_id, workflow, branch, environment, created_at, \
         changed_by, changed_in, created_by) SELECT $1, d.id, $4, $5, $6, $7, $8, $9, $3, $11, $12, $13 FROM datasets d \
         WHERE d.id = $2 AND d.principal_id = $10 AND CASE WHEN d.deleted_at IS NULL THEN TRUE END AND ", is_owner!("$13", "d.id"),
         " RETURNING ", rule_columns!("trust_rules"));
    LIST = concat!("SELECT ", rule_columns!("r"), " FROM trust_rules r WHERE r.dataset_id = $1 AND ", of_dataset!("r", "$2"),
         " AND r.id > $3 ORDER BY r.id LIMIT $4");
    /// What is deleted says who deletes it, to the trigger that logs it. Until the end, no token is issued by it.
    MARK_DELETED = concat!("UPDATE trust_rules SET changed_by = $4, changed_in = $5, is_ending = TRUE \
         WHERE id = $1 AND dataset_id = $2 AND ", of_dataset!("trust_rules", "$3"));
    DELETE = concat!("DELETE FROM trust_rules WHERE id = $1 AND dataset_id = $2 AND ", of_dataset!("trust_rules", "$3"));
    REVOKE_TOKENS = "UPDATE tokens SET revoked_at = $2, changed_by = $3, changed_in = $4 \
         WHERE trust_rule_id = $1 AND revoked_at IS NULL";
    FIND_CANDIDATES = concat!("SELECT d.principal_id AS owner_id, p.name AS owner, ", rule_columns!("r"), " \
         FROM trust_rules r JOIN datasets d ON d.id = r.dataset_id JOIN principals p ON p.id = d.principal_id \
         WHERE r.dataset_id = $1 AND r.issuer = $2 AND r.repository = $3 \
         AND CASE WHEN d.deleted_at IS NULL THEN TRUE END AND p.disabled_at IS NULL AND ", is_owner!("r.created_by", "r.dataset_id"),
         " ORDER BY r.id LIMIT $4");
    /// Of two exchanges at once, the second waits here until the first has committed or failed.
    USE = "INSERT INTO exchanged_ci_tokens (issuer, jti_hash, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    /// Locks the rule, so that its deletion finds the token that is issued by it, and revokes it. The owner of the repository
    /// is the same from the first use on.
    USE_RULE = "UPDATE trust_rules SET last_used_at = $2, repository_owner_id = $3, changed_by = $4, changed_in = $5 \
         WHERE id = $1 AND (repository_owner_id IS NULL OR repository_owner_id = $3)";
    INSERT_TOKEN = "INSERT INTO tokens \
         (id, principal_id, hash, name, scopes, is_restricted, created_at, expires_at, trust_rule_id, changed_by, changed_in) \
         VALUES ($1, $2, $3, $4, $5, TRUE, $6, $7, $8, $9, $10)";
    INSERT_DATASET = "INSERT INTO token_datasets (token_id, dataset_id) VALUES ($1, $2)";
    FORGET = "DELETE FROM exchanged_ci_tokens WHERE (issuer, jti_hash) IN \
         (SELECT issuer, jti_hash FROM exchanged_ci_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
}

/// How an exchange ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// The token is kept.
    Done,
    /// The token of the CI job was exchanged before.
    Reused,
    /// The rule was deleted meanwhile, or was used for the repository of another owner.
    RuleGone,
}

impl Store {
    /// Creates a trust rule; `None` where the principal has no such dataset, or the creator is no owner of it.
    pub async fn create_trust_rule(
        &self,
        principal_id: Uuid,
        creator_id: Uuid,
        dataset_id: Uuid,
        rule: &CreateTrustRuleRequest,
        now: DateTime<Utc>,
    ) -> Result<Option<TrustRule>, sqlx::Error> {
        let actor = Actor::current();
        let row: Option<RuleRow> = writing!(self, pool => sqlx::query_as(INSERT).bind(Uuid::now_v7()).bind(dataset_id)
            .bind(now).bind(&rule.issuer).bind(&rule.repository).bind(&rule.repository_owner_id).bind(&rule.workflow)
            .bind(&rule.branch).bind(&rule.environment).bind(principal_id)
            .bind(actor.principal()).bind(actor.request().map(JsonText)).bind(creator_id).fetch_optional(pool).await)?;
        Ok(row.map(TrustRule::from))
    }

    /// At most `limit` trust rules of a dataset behind the id `after`, oldest first.
    pub async fn list_trust_rules(
        &self,
        principal_id: Uuid,
        dataset_id: Uuid,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<TrustRule>, sqlx::Error> {
        let rows: Vec<RuleRow> = reading!(self, pool => sqlx::query_as(LIST).bind(dataset_id).bind(principal_id)
            .bind(after.unwrap_or(Uuid::nil())).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(TrustRule::from).collect())
    }

    /// Deletes a trust rule, and revokes the tokens that were issued by it; false where there is none.
    pub async fn delete_trust_rule(
        &self,
        principal_id: Uuid,
        dataset_id: Uuid,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<bool, sqlx::Error> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let marked = sqlx::query(MARK_DELETED).bind(id).bind(dataset_id).bind(principal_id).bind(actor.principal())
                .bind(actor.request().map(JsonText)).execute(&mut *transaction).await?;
            if marked.rows_affected() == 0 {
                return Ok(false);
            }
            // First, since the log finds the dataset of a token by its rule.
            sqlx::query(REVOKE_TOKENS).bind(id).bind(now).bind(actor.principal())
                .bind(actor.request().map(JsonText)).execute(&mut *transaction).await?;
            sqlx::query(DELETE).bind(id).bind(dataset_id).bind(principal_id).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(true)
        })
    }

    /// At most `limit` trust rules of a dataset for this issuer and repository, whose creators are owners of the dataset.
    pub async fn find_trust_rules(
        &self,
        dataset_id: Uuid,
        issuer: &str,
        repository: &str,
        limit: i64,
    ) -> Result<Vec<Candidate>, sqlx::Error> {
        let rows: Vec<CandidateRow> = reading!(self, pool => sqlx::query_as(FIND_CANDIDATES).bind(dataset_id).bind(issuer)
            .bind(repository).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(Candidate::from).collect())
    }

    /// Keeps the token of a CI job, unless the token that it is exchanged for was used before. The rule is for the owner of the
    /// job's repository from then on.
    pub async fn exchange_ci_token(
        &self,
        used: &CiTokenUse<'_>,
        token: &CiToken<'_>,
    ) -> Result<Exchange, sqlx::Error> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let first = sqlx::query(USE).bind(used.issuer).bind(used.jti_hash.as_slice()).bind(used.expires_at)
                .execute(&mut *transaction).await?;
            if first.rows_affected() == 0 {
                return Ok(Exchange::Reused);
            }
            let rule = sqlx::query(USE_RULE).bind(token.rule_id).bind(token.created_at).bind(token.repository_owner_id)
                .bind(actor.principal()).bind(actor.request().map(JsonText)).execute(&mut *transaction).await?;
            if rule.rows_affected() == 0 {
                return Ok(Exchange::RuleGone);
            }
            sqlx::query(INSERT_TOKEN).bind(token.id).bind(token.owner_id).bind(token.hash.as_slice())
                .bind(token.name).bind(token.scopes).bind(token.created_at).bind(token.expires_at).bind(token.rule_id)
                .bind(actor.principal()).bind(actor.request().map(JsonText)).execute(&mut *transaction).await?;
            sqlx::query(INSERT_DATASET).bind(token.id).bind(token.dataset_id).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(Exchange::Done)
        })
    }

    /// Forgets at most `limit` exchanged tokens of CI jobs that expired before `before`, and counts them.
    pub async fn forget_exchanged_ci_tokens(
        &self,
        before: DateTime<Utc>,
        limit: i64,
    ) -> Result<u64, sqlx::Error> {
        writing!(self, pool => Ok(sqlx::query(FORGET).bind(before).bind(limit).execute(pool).await?.rows_affected()))
    }
}
