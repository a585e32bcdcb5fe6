//! Signatures of messages (Standard Webhooks): an HMAC of the message's id, the time and the body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What every secret begins with.
const PREFIX: &str = "whsec_";

/// Bytes of randomness in a secret.
const ENTROPY: usize = 32;

/// A new secret.
pub(super) fn new_secret() -> [u8; ENTROPY] {
    rand::random()
}

/// A secret as its owner gets it.
pub(super) fn shown(secret: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret))
}

/// The value of `webhook-signature`: one signature for each secret.
///
/// # Panics
/// Never: HMAC takes keys of any length.
pub(super) fn sign(secrets: &[&[u8]], id: &str, timestamp: i64, body: &str) -> String {
    let sign = |secret: &&[u8]| {
        let hmac: Hmac<Sha256> =
            Hmac::new_from_slice(secret).expect("HMAC takes keys of any length");
        let signed = hmac.chain_update(format!("{id}.{timestamp}.{body}"));
        format!("v1,{}", STANDARD.encode(signed.finalize().into_bytes()))
    };
    secrets.iter().map(sign).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn signature_is_that_of_the_specification() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = sign(
            &[&secret],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let both = sign(&[&secret, b"other"], "id", 1, "{}");
        assert_eq!(both.split(' ').count(), 2);
        assert!(shown(&new_secret()).starts_with("whsec_"));
    }
}
