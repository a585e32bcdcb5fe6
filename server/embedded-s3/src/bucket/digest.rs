//! MD5, which S3 makes its `ETag`s of.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// An MD5 digest. Displayed in hexadecimal, it is the `ETag` of the bytes that it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digest(#[serde(with = "hex::serde")] [u8; 16]);

impl Digest {
    /// Reads a `Content-MD5` header: base64, as RFC 1864 has it.
    pub(crate) fn from_content_md5(header: &str) -> Result<Self> {
        let bytes = STANDARD.decode(header).map_err(|_| Error::InvalidDigest)?;
        bytes.try_into().map(Self).map_err(|_| Error::InvalidDigest)
    }

    /// Reads what [`Display`](fmt::Display) writes.
    pub(super) fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes)
            .ok()
            .map(|()| Self(bytes))
    }

    /// The digest of everything that `hasher` saw.
    pub(super) fn of(hasher: Md5) -> Self {
        Self(hasher.finalize().into())
    }

    /// The `ETag` of an object completed of parts with these digests: the MD5 of their digests, and
    /// how many they are.
    pub(super) fn multipart_etag(parts: impl ExactSizeIterator<Item = Self>) -> String {
        let count = parts.len();
        let mut hasher = Md5::new();
        for part in parts {
            hasher.update(part.0);
        }
        format!("{}-{count}", Self::of(hasher))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
