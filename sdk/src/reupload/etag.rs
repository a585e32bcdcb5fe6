//! What the `ETag`s of uploaded parts are: MD5s on most stores, but not under KMS, and not on every store.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, Ordering};

use md5::{Digest as _, Md5};

use super::plan::PartNumber;
use crate::digest::Digest;
use crate::s3::{PartEtag, md5_of_etag};

const UNKNOWN: u8 = 0;
const MD5: u8 = 1;
const OPAQUE: u8 = 2;

/// The `ETag`s of the parts that S3 holds, by number.
pub(super) type PartEtags = BTreeMap<PartNumber, String>;

/// What is known about the `ETag`s of one upload.
#[derive(Debug)]
pub(super) struct EtagMode(AtomicU8);

/// Result of comparing an `ETag` with the MD5 of the part that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EtagCheck {
    /// The `ETag` is the MD5, or cannot be one.
    Match,
    /// S3 holds other bytes, or this is the first `ETag` of a store whose `ETag`s only look like MD5s.
    Mismatch,
}

impl EtagMode {
    /// The mode of a new upload, or of one whose `ETag`s are known not to be MD5s.
    pub fn new(is_opaque: bool) -> Self {
        Self(AtomicU8::new(if is_opaque { OPAQUE } else { UNKNOWN }))
    }

    /// Whether the `ETag`s are known not to be MD5s.
    pub fn is_opaque(&self) -> bool {
        self.0.load(Ordering::Relaxed) == OPAQUE
    }

    /// Compares the `ETag` of a part with its MD5.
    pub fn check(&self, part: &PartEtag, digest: &Digest) -> EtagCheck {
        if part.is_opaque {
            self.0.store(OPAQUE, Ordering::Relaxed);
        }
        match md5_of_etag(&part.etag) {
            Some(md5) if md5 == *digest => {
                self.0.store(MD5, Ordering::Relaxed);
                EtagCheck::Match
            }
            Some(_) if !self.is_opaque() => EtagCheck::Mismatch,
            _ => EtagCheck::Match,
        }
    }

    /// Concludes from a second mismatch of the same part that the `ETag`s are not MD5s, unless one of them was.
    /// Returns whether they are opaque. S3 checks the `Content-MD5` of each part in either case.
    pub fn assume_opaque(&self) -> bool {
        let known = self
            .0
            .compare_exchange(UNKNOWN, OPAQUE, Ordering::Relaxed, Ordering::Relaxed);
        known.is_ok() || self.is_opaque()
    }

    /// The `ETag` of the object made of these parts, where `ETag`s are known to be MD5s: the MD5 of the MD5s, and the
    /// number of parts.
    pub fn of_object(&self, parts: &PartEtags) -> Option<String> {
        if self.0.load(Ordering::Relaxed) != MD5 {
            return None;
        }
        let mut digest = Md5::new();
        for etag in parts.values() {
            digest.update(md5_of_etag(etag)?);
        }
        Some(format!(
            "{}-{}",
            hex::encode(digest.finalize()),
            parts.len()
        ))
    }
}

/// Whether an `ETag` is that of a different object. One of another form proves nothing.
pub(super) fn is_different_object(etag: &str, expected: &str) -> bool {
    let etag = etag.trim_matches('"');
    let has_form = etag
        .rsplit_once('-')
        .is_some_and(|(digest, _)| md5_of_etag(digest).is_some());
    has_form && etag != expected
}

#[cfg(test)]
mod tests {
    use super::{EtagCheck, EtagMode};
    use crate::s3::PartEtag;

    fn part(etag: &str, is_opaque: bool) -> PartEtag {
        PartEtag {
            etag: etag.to_string(),
            is_opaque,
        }
    }

    const RIGHT: &str = "\"0102030405060708090a0b0c0d0e0f10\"";
    const OTHER: &str = "\"ffffffffffffffffffffffffffffffff\"";
    const DIGEST: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    #[test]
    fn md5_etags_must_match() {
        let mode = EtagMode::new(false);
        assert_eq!(mode.check(&part(RIGHT, false), &DIGEST), EtagCheck::Match);
        assert_eq!(
            mode.check(&part(OTHER, false), &DIGEST),
            EtagCheck::Mismatch
        );
        assert!(!mode.assume_opaque());
    }

    #[test]
    fn repeated_mismatch_makes_etags_opaque() {
        let mode = EtagMode::new(false);
        assert_eq!(
            mode.check(&part(OTHER, false), &DIGEST),
            EtagCheck::Mismatch
        );
        assert!(mode.assume_opaque());
        assert!(mode.is_opaque());
        assert_eq!(mode.check(&part(OTHER, false), &DIGEST), EtagCheck::Match);
    }

    #[test]
    fn opaque_etags_always_match() {
        for part in [
            part(OTHER, true),
            part("\"opaque\"", false),
            part("", false),
        ] {
            assert_eq!(EtagMode::new(false).check(&part, &DIGEST), EtagCheck::Match);
        }
    }
}
