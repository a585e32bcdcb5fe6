//! Who the caller of a bearer token is, and what it may do.

use restow_api::scope::{Scope, Scopes};

use super::claims::Claims;
use super::configuration::{ClaimMapping, IssuerConfig};
use super::refusal::Refusal;

/// Longest name of a principal at its issuer, in bytes.
const MAX_SUBJECT: usize = 255;

/// Who the caller is, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Name of the principal: that of the issuer, a colon, and the claim. No two issuers have the same name, and the name of
    /// an issuer has no colon, so that no two callers share a principal.
    pub principal: String,
    /// What the token may be used for.
    pub scopes: Scopes,
    /// Whether the issuer says that the caller administers the deployment.
    pub is_admin: bool,
}

impl Subject {
    /// The caller that the claims of a good token describe.
    ///
    /// # Errors
    /// If the claim that names the principal is missing or unusable.
    pub fn of(issuer: &IssuerConfig, claims: &Claims) -> Result<Self, Refusal> {
        let mapping = &issuer.mapping;
        let subject = claims.text(&mapping.principal);
        let subject = subject.filter(|subject| is_usable(subject));
        let subject = subject.ok_or(Refusal::Name)?;
        let admin = mapping.admin.as_ref();
        Ok(Self {
            principal: format!("{}:{subject}", issuer.name),
            scopes: scopes(mapping, claims),
            is_admin: admin.is_some_and(|(claim, value)| claims.contains(claim, value)),
        })
    }
}

fn is_usable(subject: &str) -> bool {
    (1..=MAX_SUBJECT).contains(&subject.len())
        && !subject.chars().any(char::is_control)
        && subject.trim() == subject
}

/// The scopes in the first of the claims that is there, without those of other services, and without what is not allowed.
fn scopes(mapping: &ClaimMapping, claims: &Claims) -> Scopes {
    let mut named = mapping.scopes.iter().filter_map(|name| claims.words(name));
    let Some(words) = named.next() else {
        return mapping.default_scopes.intersection(mapping.max_scopes);
    };
    let scopes = words.into_iter().filter_map(|word| {
        let scope = word.strip_prefix(mapping.scope_prefix.as_str())?;
        scope.parse::<Scope>().ok()
    });
    let scopes: Scopes = scopes.collect();
    scopes.intersection(mapping.max_scopes)
}
