//! Trust rules of datasets, and the exchange of a CI job's token for one of Restow.
//!
//! A client that fails to exchange a token learns nothing about the dataset: every mismatch has the same response. The
//! reason is in the log.

mod job;
mod rule_match;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use dropshot::ResultsPage;
use restow_api::error::ErrorType;
use restow_api::grant::Role;
use restow_api::page::PageQuery;
use restow_api::scope::{Scope, Scopes};
use restow_api::trust::{CreateTrustRuleRequest, ExchangeTokenRequest, ExchangedToken, TrustRule};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use self::job::CiJob;
use crate::actor::{Actor, Request};
use crate::app::App;
use crate::dataset;
use crate::error::{Error, Forbidden, Result};
use crate::event::{Attempt, Suspect};
use crate::oidc::{Claims, IssuerConfig, Refusal, Rejected};
use crate::page;
use crate::store::{Candidate, CiToken, CiTokenUse, EventScope, Exchange, Principal};
use crate::token::NewToken;

/// How long the token of a CI job is valid.
const TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// Longest time that the token of a CI job may be valid at its issuer, since its use is remembered for so long.
const MAX_CI_TOKEN_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// How long after the expiry of a CI job's token its use is forgotten.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::minutes(1);

/// What the token of a CI job may be used for.
const SCOPES: Scopes = Scopes::of(&[Scope::Upload, Scope::Commit]);

/// Most rules for one repository that are compared with a token.
const MAX_CANDIDATES: i64 = 100;

/// Operation by which tokens of CI jobs are exchanged.
const OPERATION: &str = "exchange_token";

/// Where a request for an exchange comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Address of the client.
    pub address: Option<IpAddr>,
    /// Identifier of the request.
    pub request_id: String,
}

/// Creates a trust rule.
///
/// # Errors
/// [`Error::UnknownIssuer`] where the server is not configured for the issuer, [`Error::NotFound`]; [`Error::Forbidden`] for an
/// administrator that only its issuer calls one, since that can end unnoticed.
pub async fn create_rule(
    app: &App,
    owner: &Principal,
    creator_id: Uuid,
    dataset_id: Uuid,
    rule: &CreateTrustRuleRequest,
) -> Result<TrustRule> {
    if app.settings.issuers.of_trust_rules(&rule.issuer).is_none() {
        let configs = app
            .settings
            .issuers
            .configs()
            .filter(|config| config.ci.is_some());
        return Err(Error::UnknownIssuer {
            issuer: rule.issuer.clone(),
            known: configs.map(|config| config.url.clone()).collect(),
        });
    }
    let created = app
        .store
        .create_trust_rule(owner.id, creator_id, dataset_id, rule, app.now());
    if let Some(rule) = created.await? {
        return Ok(rule);
    }
    dataset::get(app, owner, dataset_id).await?;
    Err(Forbidden::Role(Role::Owner).into())
}

/// The trust rules of a dataset, oldest first.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list_rules(
    app: &App,
    owner: &Principal,
    dataset_id: Uuid,
    query: &PageQuery,
) -> Result<ResultsPage<TrustRule>> {
    let after = page::after::<Uuid>(query)?;
    let wanted = page::rows_wanted(query);
    let rules = app
        .store
        .list_trust_rules(owner.id, dataset_id, after, wanted)
        .await?;
    if rules.is_empty() {
        dataset::get(app, owner, dataset_id).await?;
    }
    Ok(page::of(rules, query, |rule| rule.id))
}

/// Deletes a trust rule, and revokes the tokens that were issued by it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete_rule(
    app: &App,
    owner: &Principal,
    dataset_id: Uuid,
    rule_id: Uuid,
) -> Result<()> {
    let deleted = app
        .store
        .delete_trust_rule(owner.id, dataset_id, rule_id, app.now());
    if deleted.await? {
        return Ok(());
    }
    dataset::get(app, owner, dataset_id).await?;
    Err(Error::NotFound(["path", "rule_id"]))
}

/// Exchanges the token of a CI job for one that may upload to the dataset and commit.
///
/// # Errors
/// [`Error::InvalidCiToken`] where the token is not good, was exchanged before, or matches no rule of the dataset;
/// [`Error::IssuerUnavailable`] where the issuer's keys are not known.
pub async fn exchange(
    app: &App,
    request: &ExchangeTokenRequest,
    origin: Origin,
) -> Result<ExchangedToken> {
    let now = app.now();
    let verified = app.settings.issuers.verify_ci(&request.token, now).await;
    let exchanged = match verified {
        Ok((issuer, claims)) => {
            let by = (issuer, &claims);
            let outcome = issue(app, by, request.dataset_id, &origin, now).await?;
            if outcome.is_err() {
                note_refusal(app, by, request.dataset_id, origin);
            }
            outcome
        }
        Err(rejected) => Err(rejected),
    };
    exchanged.map_err(|rejected| {
        // The dataset is what the client named, which may not exist.
        tracing::info!(dataset_id = %request.dataset_id, reason = %rejected, "the token of a CI job was refused");
        match rejected {
            Rejected::Invalid(_) => Error::InvalidCiToken,
            Rejected::IssuerUnavailable => Error::IssuerUnavailable,
        }
    })
}

/// Has it be recorded that the token of a CI job was not exchanged. Its issuer vouches for who that was.
fn note_refusal(
    app: &App,
    (issuer, claims): (&IssuerConfig, &Claims),
    dataset_id: Uuid,
    origin: Origin,
) {
    let Some(job) = CiJob::of(issuer, claims) else {
        return;
    };
    app.refusals.note(Attempt {
        suspect: Suspect::CiJob(job.description()),
        address: origin.address,
        request_id: origin.request_id,
        operation: OPERATION.to_string(),
        scope: Some(EventScope::Dataset(dataset_id)),
        reason: ErrorType::InvalidToken.as_str(),
        may_be_missing: true,
    });
}

/// The identifier of a CI job's token, and the job.
fn read_claims(
    issuer: &IssuerConfig,
    claims: &Claims,
    now: DateTime<Utc>,
) -> Result<(String, CiJob), Refusal> {
    if claims.expires_at > now + MAX_CI_TOKEN_LIFETIME {
        return Err(Refusal::TooLongLived);
    }
    let jti = claims.text("jti").filter(|jti| !jti.is_empty());
    let jti = jti.ok_or(Refusal::NoJti)?;
    let job = CiJob::of(issuer, claims).ok_or(Refusal::NoRule)?;
    Ok((jti, job))
}

/// The oldest rule of a dataset that trusts a job.
async fn find_rule(
    app: &App,
    issuer: &IssuerConfig,
    dataset_id: Uuid,
    job: &CiJob,
) -> Result<Option<Candidate>> {
    let candidates = app
        .store
        .find_trust_rules(dataset_id, &issuer.url, &job.repository, MAX_CANDIDATES)
        .await?;
    let mut candidates = candidates.into_iter();
    Ok(candidates.find(|candidate| rule_match::matches(job, &candidate.rule)))
}

/// Who gets a token by a rule: the same as who acts with it, the CI job for the owner of the dataset.
fn actor(candidate: &Candidate, token: &NewToken, name: &str, origin: &Origin) -> Actor {
    let request = Request {
        principal_id: Some(candidate.owner_id),
        token_id: Some(token.id),
        token: Some(name.to_string()),
        address: origin.address,
        request_id: origin.request_id.clone(),
    };
    Actor::new(&candidate.owner, request)
}

/// Issues a token where a rule of the dataset matches the claims.
async fn issue(
    app: &App,
    (issuer, claims): (&IssuerConfig, &Claims),
    dataset_id: Uuid,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<Result<ExchangedToken, Rejected>> {
    let (jti, job) = match read_claims(issuer, claims, now) {
        Ok(read) => read,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let Some(candidate) = find_rule(app, issuer, dataset_id, &job).await? else {
        return Ok(Err(Refusal::NoRule.into()));
    };
    let rule_id = candidate.rule.id;
    let (token, name) = (NewToken::generate(), job.description());
    let used = CiTokenUse {
        issuer: &issuer.url,
        jti_hash: Sha256::digest(&jti).into(),
        expires_at: claims.expires_at + issuer.leeway + FORGOTTEN_AFTER,
    };
    let kept = CiToken {
        id: token.id,
        owner_id: candidate.owner_id,
        hash: Sha256::digest(&token.secret).into(),
        name: &name,
        scopes: &SCOPES.to_string(),
        dataset_id,
        rule_id,
        repository_owner_id: &job.owner_id,
        created_at: now,
        expires_at: now + TOKEN_LIFETIME,
    };
    let actor = actor(&candidate, &token, &name, origin);
    let exchange = app.store.exchange_ci_token(&used, &kept);
    match actor.run(exchange).await? {
        Exchange::Done => app.events.changed(),
        Exchange::Reused => return Ok(Err(Refusal::Reused.into())),
        Exchange::RuleGone => return Ok(Err(Refusal::NoRule.into())),
    }
    tracing::info!(%dataset_id, %rule_id, token_id = %token.id, job = name, "a token was issued to a CI job");
    Ok(Ok(ExchangedToken {
        token: token.secret,
        scopes: SCOPES.iter().collect(),
        dataset_id,
        expires_at: kept.expires_at,
        name,
    }))
}
