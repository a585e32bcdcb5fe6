//! One key of an issuer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

/// Smallest and largest modulus of an RSA key, in bits. The upper bound keeps verification cheap.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Longest public exponent of an RSA key, in bytes. A long one makes verification slow.
const MAX_EXPONENT: usize = 5;

/// Longest identifier of a key, in bytes.
const MAX_ID: usize = 256;

/// What an RSA key can be used for.
const OF_RSA: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

/// A key that signatures are verified with.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// Its identifier.
    pub id: Option<String>,
    /// Algorithms that it may be used for: those of its kind that are pinned for the issuer.
    pub algorithms: Vec<Algorithm>,
    /// The key itself.
    pub decoding: DecodingKey,
}

/// A key as a key set has it (RFC 7517, RFC 7518 section 6, RFC 8037).
#[derive(Deserialize)]
pub(super) struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    public_key_use: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// Why a key of a key set is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    #[error("it is not for signatures")]
    Purpose,
    #[error("its kind or its algorithm is not accepted for the issuer")]
    Kind,
    #[error("its parameters are missing or malformed")]
    Malformed,
    #[error(
        "the RSA modulus has fewer than 2048 bits or more than 8192, or the exponent is unusual"
    )]
    RsaSize,
    #[error("its identifier is too long")]
    Id,
}

impl Jwk {
    /// The key, if it can verify signatures of the algorithms that are pinned.
    pub fn usable(&self, pinned: &[Algorithm]) -> Result<Key, Unusable> {
        let is_for_signatures = self
            .public_key_use
            .as_deref()
            .is_none_or(|purpose| purpose == "sig");
        let verifies = self
            .key_ops
            .as_ref()
            .is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
        if !is_for_signatures || !verifies {
            return Err(Unusable::Purpose);
        }
        if self.kid.as_ref().is_some_and(|id| id.len() > MAX_ID) {
            return Err(Unusable::Id);
        }
        let (possible, decoding) = self.parameters()?;
        let is_named = |algorithm: Algorithm| match &self.alg {
            Some(named) => named
                .parse::<Algorithm>()
                .is_ok_and(|named| named == algorithm),
            None => true,
        };
        let algorithms: Vec<_> = possible
            .iter()
            .copied()
            .filter(|algorithm| pinned.contains(algorithm) && is_named(*algorithm))
            .collect();
        if algorithms.is_empty() {
            return Err(Unusable::Kind);
        }
        Ok(Key {
            id: self.kid.clone(),
            algorithms,
            decoding,
        })
    }

    /// The algorithms that a key of this kind can be used for, and the key.
    fn parameters(&self) -> Result<(&'static [Algorithm], DecodingKey), Unusable> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => Ok((&OF_RSA, self.rsa()?)),
            ("EC", Some("P-256")) => Ok((&[Algorithm::ES256], self.point(32)?)),
            ("EC", Some("P-384")) => Ok((&[Algorithm::ES384], self.point(48)?)),
            ("OKP", Some("Ed25519")) => {
                let point = decoded(self.x.as_deref())?;
                if point.len() != 32 {
                    return Err(Unusable::Malformed);
                }
                Ok((&[Algorithm::EdDSA], DecodingKey::from_ed_der(&point)))
            }
            _ => Err(Unusable::Kind),
        }
    }

    fn rsa(&self) -> Result<DecodingKey, Unusable> {
        let modulus = decoded(self.n.as_deref())?;
        let exponent = decoded(self.e.as_deref())?;
        let leading = modulus.iter().take_while(|byte| **byte == 0).count();
        let modulus = &modulus[leading..];
        let unused = modulus.first().map_or(0, |first| first.leading_zeros());
        let bits = (modulus.len() * 8).saturating_sub(unused as usize);
        let is_odd = exponent.last().is_some_and(|last| last % 2 == 1);
        let is_one = exponent.iter().rev().skip(1).all(|byte| *byte == 0)
            && exponent.last().is_some_and(|last| *last == 1);
        if !RSA_BITS.contains(&bits) || exponent.len() > MAX_EXPONENT || !is_odd || is_one {
            return Err(Unusable::RsaSize);
        }
        Ok(DecodingKey::from_rsa_raw_components(modulus, &exponent))
    }

    /// The point of a curve whose coordinates have `length` bytes each, uncompressed.
    fn point(&self, length: usize) -> Result<DecodingKey, Unusable> {
        let (x, y) = (decoded(self.x.as_deref())?, decoded(self.y.as_deref())?);
        if x.len() != length || y.len() != length {
            return Err(Unusable::Malformed);
        }
        Ok(DecodingKey::from_ec_der(
            &[&[4_u8][..], &x[..], &y[..]].concat(),
        ))
    }
}

fn decoded(text: Option<&str>) -> Result<Vec<u8>, Unusable> {
    let text = text.ok_or(Unusable::Malformed)?;
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| Unusable::Malformed)
}
