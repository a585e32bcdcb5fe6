//! Damaged tokens and key sets: nothing panics, and nothing but the original token is accepted.
//!
//! `BOLERO_RANDOM_ITERATIONS` and `BOLERO_RANDOM_TEST_TIME_MS` have the targets try more variants.

use std::sync::LazyLock;

use bolero::check;
use serde_json::json;

use super::super::key_set::KeySet;
use super::super::verify::Unverified;
use super::signer::{self, Signer, config, now};
use super::verify;

/// Variants of a target, unless the environment says more.
const TRIES: usize = 2_000;

static SIGNER: LazyLock<Signer> = LazyLock::new(Signer::es256);
static TOKEN: LazyLock<String> = LazyLock::new(|| SIGNER.token(&signer::claims()));

#[test]
fn changed_token_is_never_accepted() {
    check!()
        .with_iterations(TRIES)
        .with_type::<Vec<(u16, u8)>>()
        .for_each(|edits: &Vec<(u16, u8)>| {
            let mut bytes = TOKEN.clone().into_bytes();
            for (place, byte) in edits {
                let place = usize::from(*place) % bytes.len();
                bytes[place] = *byte;
            }
            let Ok(changed) = String::from_utf8(bytes) else {
                return;
            };
            if changed != *TOKEN {
                assert!(verify(&SIGNER, &changed).is_err(), "{changed}");
            }
        });
}

#[test]
fn arbitrary_text_is_never_accepted() {
    check!()
        .with_iterations(TRIES)
        .with_type::<(String, Vec<u8>, String)>()
        .for_each(|(header, claims, signature): &(String, Vec<u8>, String)| {
            let claims = String::from_utf8_lossy(claims);
            let parts = json!([header, claims, signature]);
            let token = format!("{header}.{claims}.{signature}");
            assert!(verify(&SIGNER, &token).is_err(), "{parts}");
        });
}

#[test]
fn arbitrary_claims_never_panic() {
    check!()
        .with_iterations(TRIES)
        .with_type::<(u8, i64, String, bool)>()
        .for_each(|(which, number, text, is_text): &(u8, i64, String, bool)| {
            let names = ["exp", "nbf", "iat", "aud", "iss", "sub", "jti"];
            let name = names[usize::from(*which) % names.len()];
            let mut claims = signer::claims();
            claims[name] = if *is_text { json!(text) } else { json!(number) };
            let token = SIGNER.token(&claims);
            if verify(&SIGNER, &token).is_ok() && name == "exp" {
                assert!(!is_text && *number + 60 > now().timestamp(), "{claims}");
            }
        });
}

#[test]
fn arbitrary_key_sets_never_panic() {
    check!()
        .with_iterations(TRIES)
        .with_type::<(String, String, String, Vec<u8>)>()
        .for_each(|(kind, curve, x, document): &(String, String, String, Vec<u8>)| {
            let _ = KeySet::read(document, &config().algorithms);
            let key = json!({ "kty": kind, "crv": curve, "x": x, "y": x, "n": x, "e": x, "kid": "k" });
            let set = json!({ "keys": [key] }).to_string();
            let keys = KeySet::read(set.as_bytes(), &config().algorithms).unwrap();
            let unverified = Unverified::read(&TOKEN).unwrap();
            let found = unverified.header.find_key(&keys);
            assert!(found.is_none_or(|key| unverified.verify(&config(), &key, now()).is_err()));
        });
}
