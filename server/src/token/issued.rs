//! Tokens that another issuer has signed.

use chrono::{DateTime, Utc};
use restow_api::scope::{Scope, Scopes};

use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::Identity;
use crate::oidc::{Claims, IssuerConfig, Refusal, Rejected, Subject};
use crate::store::SubjectRow;

/// Whose a token is. A principal that the database does not have yet is created.
///
/// # Errors
/// [`Error::InvalidToken`] where the token is not good or its principal is disabled, [`Error::IssuerUnavailable`] where the keys
/// of its issuer are not known, [`Error::ReadOnly`] where a principal would have to be created.
pub(super) async fn authenticate(app: &App, token: &str, now: DateTime<Utc>) -> Result<Identity> {
    let verified = app.settings.issuers.verify_bearer(token, now).await;
    let verified = verified.and_then(|(issuer, claims)| {
        let subject = Subject::of(issuer, &claims)?;
        Ok((issuer, claims, subject))
    });
    let (issuer, claims, subject) = verified.map_err(refused)?;
    let row = find_or_create(app, &subject.principal, now).await?;
    if row.disabled_at.is_some() {
        return Err(refused(Refusal::Disabled.into()));
    }
    Ok(identity(issuer, &claims, subject, &row))
}

async fn find_or_create(app: &App, name: &str, now: DateTime<Utc>) -> Result<SubjectRow> {
    if let Some(row) = app.store.find_subject(name).await? {
        return Ok(row);
    }
    if app.settings.is_read_only {
        return Err(Error::ReadOnly);
    }
    app.store.ensure_principal(name, now).await?;
    let created = app.store.find_subject(name).await?;
    created.ok_or(Error::InvalidToken)
}

fn identity(
    issuer: &IssuerConfig,
    claims: &Claims,
    subject: Subject,
    row: &SubjectRow,
) -> Identity {
    // The scope is that of administrators, whatever the other claims say.
    let of_admin = subject.is_admin.then_some(Scope::Admin);
    let scopes: Scopes = subject.scopes.iter().chain(of_admin).collect();
    Identity {
        principal: row.principal,
        name: subject.principal,
        is_admin: row.is_admin || subject.is_admin,
        has_grants: row.has_grants,
        token_id: None,
        token_name: issuer.name.clone(),
        scopes,
        datasets: None,
        expires_at: Some(claims.expires_at),
    }
}

fn refused(rejected: Rejected) -> Error {
    tracing::info!(reason = %rejected, "the token of another issuer was refused");
    match rejected {
        Rejected::Invalid(_) => Error::InvalidToken,
        Rejected::IssuerUnavailable => Error::IssuerUnavailable,
    }
}
