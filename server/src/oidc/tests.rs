//! Tokens of every kind against the verifier.

mod fuzz;
mod key_sets;
mod signer;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value, json};

use self::signer::{AUDIENCE, Signer, URL, config, now};
use super::configuration::IssuerConfig;
use super::key_set::KeySet;
use super::refusal::Refusal;
use super::subject::Subject;
use super::verify::Unverified;
use super::{Claims, is_jwt};

/// What the verifier says of a token, of an issuer with the keys of `signers`.
fn verify_with(
    issuer: &IssuerConfig,
    signers: &[&Signer],
    token: &str,
    now: DateTime<Utc>,
) -> Result<Claims, Refusal> {
    let jwks: Vec<_> = signers.iter().map(|signer| signer.jwk.clone()).collect();
    let document = json!({ "keys": jwks }).to_string();
    let keys = KeySet::read(document.as_bytes(), &issuer.algorithms).unwrap();
    let unverified = Unverified::read(token)?;
    if !unverified.names_issuer(&issuer.url) {
        return Err(Refusal::UnknownIssuer);
    }
    unverified.check_algorithm(issuer)?;
    let key = unverified.header.find_key(&keys);
    unverified.verify(issuer, &key.ok_or(Refusal::UnknownKey)?, now)
}

fn verify(signer: &Signer, token: &str) -> Result<(), Refusal> {
    verify_with(&config(), &[signer], token, now()).map(drop)
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = signer::claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = signer::claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

#[test]
fn good_tokens_of_each_algorithm_are_accepted() {
    for signer in [Signer::es256(), Signer::ed25519(), Signer::rs256()] {
        let token = signer.token(&signer::claims());
        assert_eq!(verify(&signer, &token), Ok(()), "{:?}", signer.algorithm);
        assert!(is_jwt(&token));
    }
    assert!(!is_jwt("restow_abc"));
}

#[test]
fn claims_that_are_missing_or_wrong_are_refused() {
    let signer = Signer::es256();
    let at = |seconds: i64| json!((now() + TimeDelta::seconds(seconds)).timestamp());
    for (claims, refusal) in [
        (without("exp"), Refusal::NoExpiry),
        (with("exp", json!("soon")), Refusal::NoExpiry),
        (with("exp", json!(-1)), Refusal::NoExpiry),
        (with("exp", json!(1e300)), Refusal::NoExpiry),
        (with("exp", at(-60)), Refusal::Expired),
        (without("aud"), Refusal::Audience),
        (
            with("aud", json!("https://other.example")),
            Refusal::Audience,
        ),
        (
            with("aud", json!(["https://other.example"])),
            Refusal::Audience,
        ),
        (with("aud", json!([])), Refusal::Audience),
        (with("aud", json!({ "aud": AUDIENCE })), Refusal::Audience),
        (
            with("aud", json!(format!("{AUDIENCE}/"))),
            Refusal::Audience,
        ),
        (without("iss"), Refusal::UnknownIssuer),
        (
            with("iss", json!(format!("{URL}/"))),
            Refusal::UnknownIssuer,
        ),
        (
            with("iss", json!(URL.to_uppercase())),
            Refusal::UnknownIssuer,
        ),
        (with("iss", json!([URL])), Refusal::UnknownIssuer),
        (with("nbf", at(61)), Refusal::NotYetValid),
        (with("nbf", json!("now")), Refusal::NotYetValid),
        (with("iat", at(61)), Refusal::NotYetValid),
    ] {
        let token = signer.token(&claims);
        assert_eq!(verify(&signer, &token), Err(refusal), "{claims}");
    }
}

#[test]
fn leeway_covers_clocks_that_differ() {
    let signer = Signer::es256();
    let at = |seconds: i64| json!((now() + TimeDelta::seconds(seconds)).timestamp());
    for claims in [
        with("exp", at(-59)),
        with("nbf", at(60)),
        with("iat", at(60)),
        with("exp", json!(1_800_000_000.5)),
        with("aud", json!(["https://other.example", AUDIENCE])),
    ] {
        assert_eq!(verify(&signer, &signer.token(&claims)), Ok(()), "{claims}");
    }
}

#[test]
fn headers_that_are_not_accepted_are_refused() {
    let signer = Signer::es256();
    let claims = signer::claims();
    for (name, value, refusal) in [
        ("crit", json!(["b64"]), Refusal::Critical),
        ("crit", json!(["exp"]), Refusal::Critical),
        ("crit", json!([]), Refusal::Critical),
        ("typ", json!("dpop+jwt"), Refusal::Type),
        ("typ", json!("logout+jwt"), Refusal::Type),
        ("typ", json!(1), Refusal::Type),
        ("alg", json!("none"), Refusal::Algorithm),
        ("alg", json!("nOnE"), Refusal::Algorithm),
        ("alg", json!(null), Refusal::Algorithm),
        ("alg", json!("HS256"), Refusal::Algorithm),
        ("alg", json!("ES384"), Refusal::Algorithm),
        ("alg", json!("RS256"), Refusal::Algorithm),
        ("alg", json!("PS256"), Refusal::Algorithm),
        ("kid", json!("other"), Refusal::UnknownKey),
        ("kid", json!(["k"]), Refusal::Malformed),
    ] {
        let mut header = signer.header();
        header[name] = value;
        let token = signer.sign(&header, &claims);
        let found = verify(&signer, &token);
        let is_kind = found == Err(refusal)
            // A pinned algorithm of another kind has no key.
            || (name == "alg" && found == Err(Refusal::UnknownKey));
        assert!(is_kind, "{header}: {found:?}");
    }
    for kind in ["JWT", "jwt", "at+jwt", "application/at+jwt"] {
        let mut header = signer.header();
        header["typ"] = json!(kind);
        let token = signer.sign(&header, &claims);
        assert_eq!(verify(&signer, &token), Ok(()), "{kind}");
    }
}

#[test]
fn public_key_is_no_shared_secret() {
    let signer = Signer::rs256();
    let mut header = signer.header();
    header["alg"] = json!("HS256");
    for secret in signer.public_forms() {
        let token = signer::sign_symmetric(&header, &signer::claims(), &secret);
        assert_eq!(verify(&signer, &token), Err(Refusal::Algorithm));
    }
}

#[test]
fn keys_in_the_header_are_not_used() {
    let (signer, attacker) = (Signer::es256(), Signer::es256());
    let mut header = signer.header();
    header["jwk"] = attacker.jwk.clone();
    header["jku"] = json!("https://attacker.example/keys");
    let token = attacker.sign(&header, &signer::claims());
    assert_eq!(verify(&signer, &token), Err(Refusal::Signature));
}

#[test]
fn changed_tokens_are_refused() {
    let signer = Signer::es256();
    let token = signer.token(&signer::claims());
    let other = signer.token(&with("sub", json!("mallory")));
    let parts: Vec<_> = token.split('.').collect();
    let stolen = other.split('.').nth(1).unwrap();
    for (changed, refusal) in [
        (
            format!("{}.{stolen}.{}", parts[0], parts[2]),
            Refusal::Signature,
        ),
        (format!("{}.{}.", parts[0], parts[1]), Refusal::Signature),
        (format!("{}.{}", parts[0], parts[1]), Refusal::Malformed),
        (format!("{token}.{}", parts[2]), Refusal::Malformed),
        (format!("{token}="), Refusal::Signature),
        (
            format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
            Refusal::Malformed,
        ),
        (format!(" {token}"), Refusal::Malformed),
        (format!(".{}.{}", parts[1], parts[2]), Refusal::Malformed),
        ("..".to_string(), Refusal::Malformed),
        ("a".repeat(20_000), Refusal::TooLong),
    ] {
        assert_eq!(verify(&signer, &changed), Err(refusal), "{changed}");
    }
}

#[test]
fn algorithms_are_pinned_by_the_configuration() {
    let signer = Signer::es256();
    let token = signer.token(&signer::claims());
    let issuer = IssuerConfig {
        algorithms: vec![Algorithm::RS256],
        ..config()
    };
    let found = verify_with(&issuer, &[&signer], &token, now());
    assert_eq!(found.map(drop), Err(Refusal::Algorithm));
}

#[test]
fn required_claims_are_compared() {
    let signer = Signer::es256();
    let mut issuer = config();
    issuer.required_claims = [("hd".to_string(), "restow.example".to_string())].into();
    for (claims, expected) in [
        (without("hd"), Err(Refusal::Claim)),
        (with("hd", json!("restow.example.org")), Err(Refusal::Claim)),
        (with("hd", json!("restow.example")), Ok(())),
    ] {
        let found = verify_with(&issuer, &[&signer], &signer.token(&claims), now());
        assert_eq!(found.map(drop), expected, "{claims}");
    }
}

fn subject_of(claims: &Map<String, Value>, issuer: &IssuerConfig) -> Result<Subject, Refusal> {
    Subject::of(issuer, &Claims::new(claims.clone(), now()))
}

#[test]
fn scopes_are_those_that_are_allowed() {
    let mut issuer = config();
    for (claims, expected) in [
        (json!({ "sub": "a" }), ""),
        (
            json!({ "sub": "a", "scope": "openid read upload admin" }),
            "read upload",
        ),
        (
            json!({ "sub": "a", "scp": ["commit", "read"] }),
            "read commit",
        ),
        (json!({ "sub": "a", "scope": "", "scp": ["commit"] }), ""),
        (json!({ "sub": "a", "scope": 7 }), ""),
    ] {
        let found = subject_of(claims.as_object().unwrap(), &issuer).unwrap();
        assert_eq!(found.scopes.to_string(), expected, "{claims}");
        assert_eq!(found.principal, "test:a");
        assert!(!found.is_admin);
    }
    issuer.mapping.scope_prefix = "restow:".to_string();
    let claims = json!({ "sub": "a", "scope": "read restow:upload" });
    let found = subject_of(claims.as_object().unwrap(), &issuer).unwrap();
    assert_eq!(found.scopes.to_string(), "upload");
}

#[test]
fn administrators_are_those_of_the_claim() {
    let mut issuer = config();
    issuer.mapping.admin = Some(("groups".to_string(), "admins".to_string()));
    for (groups, is_admin) in [
        (json!(["users", "admins"]), true),
        (json!("admins"), true),
        (json!(["administrators"]), false),
        (json!({ "admins": true }), false),
        (json!(null), false),
    ] {
        let claims = json!({ "sub": "a", "groups": groups });
        let found = subject_of(claims.as_object().unwrap(), &issuer).unwrap();
        assert_eq!(found.is_admin, is_admin, "{claims}");
    }
}

#[test]
fn subjects_that_are_unusable_are_refused() {
    for subject in [
        json!(null),
        json!(""),
        json!(" a"),
        json!("a\nb"),
        json!("a\u{0}"),
        json!("a".repeat(256)),
        json!(["a"]),
    ] {
        let claims = json!({ "sub": subject });
        let found = subject_of(claims.as_object().unwrap(), &config());
        assert_eq!(found, Err(Refusal::Name), "{claims}");
    }
}
