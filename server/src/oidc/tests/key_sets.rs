//! Which keys of a key set are used.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::super::key_set::KeySet;
use super::signer::{self, Signer, config, now};
use super::{Refusal, verify, verify_with};

fn usable(keys: &Value) -> usize {
    let document = json!({ "keys": keys }).to_string();
    KeySet::read(document.as_bytes(), &config().algorithms)
        .unwrap()
        .len()
}

fn changed(jwk: &Value, name: &str, value: Value) -> Value {
    let mut jwk = jwk.clone();
    jwk[name] = value;
    jwk
}

fn rsa(bytes: usize, exponent: &str) -> Value {
    let modulus = URL_SAFE_NO_PAD.encode(vec![0xff; bytes]);
    json!({ "kty": "RSA", "kid": "k", "n": modulus, "e": exponent })
}

#[test]
fn keys_for_other_purposes_are_left_out() {
    let good = Signer::es256().jwk;
    assert_eq!(usable(&json!([good])), 1);
    for (name, value) in [
        ("use", json!("enc")),
        ("key_ops", json!(["encrypt"])),
        ("key_ops", json!([])),
        ("alg", json!("ES384")),
        ("alg", json!("HS256")),
        ("crv", json!("P-384")),
        ("crv", json!("P-521")),
        ("kty", json!("oct")),
        ("x", json!("AA")),
        ("y", json!(null)),
        ("x", json!("not base64url!")),
        ("kid", json!("k".repeat(257))),
        ("kid", json!(7)),
    ] {
        let jwk = changed(&good, name, value);
        assert_eq!(usable(&json!([jwk])), 0, "{jwk}");
    }
    for (name, value) in [
        ("use", json!("sig")),
        ("key_ops", json!(["verify"])),
        ("alg", json!("ES256")),
        ("x5c", json!(["ignored"])),
    ] {
        let jwk = changed(&good, name, value);
        assert_eq!(usable(&json!([jwk])), 1, "{jwk}");
    }
    // Shared secrets are never keys.
    assert_eq!(
        usable(&json!([{ "kty": "oct", "kid": "k", "k": "c2VjcmV0" }])),
        0
    );
}

#[test]
fn rsa_keys_have_at_least_2048_bits() {
    assert_eq!(usable(&json!([rsa(256, "AQAB")])), 1);
    assert_eq!(usable(&json!([rsa(128, "AQAB")])), 0);
    assert_eq!(usable(&json!([rsa(255, "AQAB")])), 0);
    assert_eq!(usable(&json!([rsa(1025, "AQAB")])), 0);
    for exponent in ["AQ", "AAE", "AQAC", "AQAAAAAAAAAAAQ", ""] {
        assert_eq!(usable(&json!([rsa(256, exponent)])), 0, "{exponent}");
    }
    // Zeros in front are no bits.
    let padded = URL_SAFE_NO_PAD.encode([vec![0; 200], vec![0xff; 128]].concat());
    assert_eq!(
        usable(&json!([changed(&rsa(256, "AQAB"), "n", json!(padded))])),
        0
    );
}

#[test]
fn keys_with_the_same_id_are_not_used() {
    let (one, other) = (Signer::es256(), Signer::ed25519());
    assert_eq!(usable(&json!([one.jwk, other.jwk])), 0);
    // One that cannot be used makes the identifier no less ambiguous.
    let encryption = changed(&other.jwk, "use", json!("enc"));
    assert_eq!(usable(&json!([one.jwk, encryption])), 0);
    let renamed = changed(&other.jwk, "kid", json!("other"));
    assert_eq!(usable(&json!([one.jwk, renamed])), 2);
}

#[test]
fn token_without_key_id_needs_a_single_key() {
    let signer = Signer::es256();
    let mut header = signer.header();
    header.as_object_mut().unwrap().remove("kid");
    let token = signer.sign(&header, &signer::claims());
    assert_eq!(verify(&signer, &token), Ok(()));
    let mut other = Signer::ed25519();
    other.jwk["kid"] = json!("other");
    let found = verify_with(&config(), &[&signer, &other], &token, now());
    assert_eq!(found.map(drop), Err(Refusal::UnknownKey));
}

#[test]
fn damaged_documents_are_no_key_sets() {
    for document in [
        "",
        "[]",
        "{}",
        "{\"keys\": 1}",
        "{\"keys\": [",
        "\u{feff}{}",
    ] {
        let read = KeySet::read(document.as_bytes(), &config().algorithms);
        assert!(read.is_err(), "{document}");
    }
    let good = Signer::es256().jwk;
    assert_eq!(usable(&json!([1, null, "key", {}, good])), 1);
    // No more than 64 are looked at.
    let many: Vec<_> = (0..100)
        .map(|id| changed(&good, "kid", json!(id.to_string())))
        .collect();
    assert_eq!(usable(&json!(many)), 64);
}
