//! An issuer that signs whatever a test wants.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};

use super::super::configuration::{IssuerConfig, IssuerList};

/// URL of the issuer.
pub const URL: &str = "https://issuer.example";

/// Audience of its tokens.
pub const AUDIENCE: &str = "https://restow.example";

/// Where the key of PKCS #1 begins in that of PKCS #8, for a modulus of 2048 bits.
const PKCS1_OFFSET: usize = 26;

/// The time at which tokens are verified.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// The configuration of the issuer.
pub fn config() -> IssuerConfig {
    let list = json!([{
        "name": "test", "url": URL, "audiences": [AUDIENCE], "bearer-tokens": true, "trust-rules": "github",
    }]);
    let list: IssuerList = list.to_string().parse().unwrap();
    list.issuers.into_iter().next().unwrap()
}

/// The claims of a good token.
pub fn claims() -> Value {
    json!({
        "iss": URL,
        "aud": AUDIENCE,
        "sub": "alice",
        "exp": now().timestamp() + 300,
        "nbf": now().timestamp(),
        "iat": now().timestamp(),
        "jti": "1",
    })
}

/// A key, and what it signs.
#[derive(Debug)]
pub struct Signer {
    /// Its algorithm.
    pub algorithm: Algorithm,
    /// Its public key, as a key set has it.
    pub jwk: Value,
    key: EncodingKey,
}

impl Signer {
    /// A key for ES256.
    pub fn es256() -> Self {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let (x, y) = pair.public_key_raw()[1..].split_at(32);
        let jwk =
            json!({ "kty": "EC", "crv": "P-256", "kid": "k", "x": encoded(x), "y": encoded(y) });
        Self {
            algorithm: Algorithm::ES256,
            jwk,
            key: EncodingKey::from_ec_der(&pair.serialize_der()),
        }
    }

    /// A key for `EdDSA`.
    pub fn ed25519() -> Self {
        let pair = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let x = encoded(pair.public_key_raw());
        Self {
            algorithm: Algorithm::EdDSA,
            jwk: json!({ "kty": "OKP", "crv": "Ed25519", "kid": "k", "x": x, "use": "sig" }),
            key: EncodingKey::from_ed_der(&pair.serialize_der()),
        }
    }

    /// A key for RS256.
    pub fn rs256() -> Self {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        let key = EncodingKey::from_rsa_der(&pair.serialize_der()[PKCS1_OFFSET..]);
        let jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
        let mut jwk = serde_json::to_value(jwk).unwrap();
        jwk["kid"] = json!("k");
        Self {
            algorithm: Algorithm::RS256,
            jwk,
            key,
        }
    }

    /// The header of its tokens.
    pub fn header(&self) -> Value {
        json!({ "alg": format!("{:?}", self.algorithm), "typ": "JWT", "kid": "k" })
    }

    /// A token with these claims.
    pub fn token(&self, claims: &Value) -> String {
        self.sign(&self.header(), claims)
    }

    /// A token with this header and these claims, signed with the key whatever the header says.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let signature = crypto::sign(message.as_bytes(), &self.key, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }

    /// The public key in each form that a verifier may mistake for a shared secret.
    pub fn public_forms(&self) -> Vec<Vec<u8>> {
        let n = self.jwk["n"].as_str().unwrap();
        vec![
            n.as_bytes().to_vec(),
            URL_SAFE_NO_PAD.decode(n).unwrap(),
            self.jwk.to_string().into_bytes(),
        ]
    }
}

/// A token that is signed with a shared secret.
pub fn sign_symmetric(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let message = message(header, claims);
    let key = EncodingKey::from_secret(secret).unwrap();
    let signature = crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

fn message(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| encoded(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
