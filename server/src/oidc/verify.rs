//! Whether a token is good: a function of the token, the configuration, the key and the time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Validation, decode};
use serde_json::{Map, Value};

use super::claims::Claims;
use super::configuration::IssuerConfig;
use super::header::Header;
use super::key::Key;
use super::refusal::Refusal;

/// Longest token, in bytes. Those of known issuers have 2 KiB or less.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A token whose signature was not verified yet.
#[derive(Debug)]
pub(super) struct Unverified<'a> {
    token: &'a str,
    /// What its header says.
    pub header: Header,
    claims: Map<String, Value>,
}

impl<'a> Unverified<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// If it is too long, malformed, or has a header that is not accepted.
    pub fn read(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Refusal::TooLong);
        }
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Refusal::Malformed);
        };
        Ok(Self {
            token,
            header: Header::read(&object(header)?)?,
            claims: object(claims)?,
        })
    }

    /// Whether the claim of the issuer is exactly this URL.
    pub fn names_issuer(&self, url: &str) -> bool {
        self.claims.get("iss").and_then(Value::as_str) == Some(url)
    }

    /// Refuses an algorithm that is not pinned for the issuer, before any key is looked for.
    pub fn check_algorithm(&self, issuer: &IssuerConfig) -> Result<(), Refusal> {
        if issuer.algorithms.contains(&self.header.algorithm) {
            Ok(())
        } else {
            Err(Refusal::Algorithm)
        }
    }

    /// The claims of the token, if the issuer has signed it with the key, for this server and this time.
    ///
    /// # Errors
    /// Why the token is refused.
    pub fn verify(
        self,
        issuer: &IssuerConfig,
        key: &Key,
        now: DateTime<Utc>,
    ) -> Result<Claims, Refusal> {
        self.check_algorithm(issuer)?;
        if !key.algorithms.contains(&self.header.algorithm) {
            return Err(Refusal::Algorithm);
        }
        let claims = self.signed_claims(key)?;
        if claims.get("iss").and_then(Value::as_str) != Some(issuer.url.as_str()) {
            return Err(Refusal::UnknownIssuer);
        }
        check_audience(&claims, &issuer.audiences)?;
        let expires_at = check_times(&claims, issuer.leeway, now)?;
        let claims = Claims::new(claims, expires_at);
        let mut required = issuer.required_claims.iter();
        if required.all(|(name, value)| claims.is(name, value)) {
            Ok(claims)
        } else {
            Err(Refusal::Claim)
        }
    }

    /// The claims, of which the signature was verified. They are read again from what was signed.
    fn signed_claims(&self, key: &Key) -> Result<Map<String, Value>, Refusal> {
        let mut validation = Validation::new(self.header.algorithm);
        // The claims are checked here, by the clock of the deployment and byte by byte.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let decoded = decode::<Map<String, Value>>(self.token, &key.decoding, &validation);
        decoded
            .map(|decoded| decoded.claims)
            .map_err(|_| Refusal::Signature)
    }
}

/// The JSON object in a part of a token.
fn object(part: &str) -> Result<Map<String, Value>, Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(part);
    let bytes = bytes.map_err(|_| Refusal::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| Refusal::Malformed)
}

fn check_audience(claims: &Map<String, Value>, accepted: &[String]) -> Result<(), Refusal> {
    let is_accepted = |audience: &Value| {
        let audience = audience.as_str();
        audience.is_some_and(|audience| accepted.iter().any(|accepted| accepted == audience))
    };
    let names_this_server = match claims.get("aud") {
        Some(Value::Array(audiences)) => audiences.iter().any(is_accepted),
        Some(audience) => is_accepted(audience),
        None => false,
    };
    names_this_server.then_some(()).ok_or(Refusal::Audience)
}

/// Checks all times of a token, and returns that of its expiry.
fn check_times(
    claims: &Map<String, Value>,
    leeway: TimeDelta,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Refusal> {
    let expires_at = time(claims.get("exp")).ok_or(Refusal::NoExpiry)?;
    if expires_at + leeway <= now {
        return Err(Refusal::Expired);
    }
    for name in ["nbf", "iat"] {
        if let Some(claim) = claims.get(name) {
            let from = time(Some(claim)).ok_or(Refusal::NotYetValid)?;
            if from > now + leeway {
                return Err(Refusal::NotYetValid);
            }
        }
    }
    Ok(expires_at)
}

/// Last second that a claim may name: the end of the year 9999.
const MAX_SECONDS: f64 = 253_402_300_799.0;

/// The time of a claim, which is a number of seconds, with or without a fraction.
fn time(claim: Option<&Value>) -> Option<DateTime<Utc>> {
    let seconds = claim?.as_f64()?;
    if !(0.0..=MAX_SECONDS).contains(&seconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    let seconds = seconds.floor() as i64;
    DateTime::from_timestamp(seconds, 0)
}
