//! What S3's entity tags of parts are: MD5s on most stores, but not under KMS, and not on every store.

use std::sync::atomic::{AtomicU8, Ordering};

use md5::{Digest as _, Md5};

use super::upload::PartEtags;
use crate::digest::Digest;
use crate::s3::{PartEtag, md5_of_etag};

const UNKNOWN: u8 = 0;
const MD5: u8 = 1;
const OPAQUE: u8 = 2;

/// What is known of the tags of one upload.
#[derive(Debug)]
pub(super) struct EtagMode(AtomicU8);

/// What a tag says of the content of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EtagCheck {
    /// Nothing against it.
    Match,
    /// It is not what was sent; or the first of the tags that are no MD5s though they look like some.
    Mismatch,
}

impl EtagMode {
    /// Nothing is known, or it is known that they are no MD5s.
    pub fn new(are_opaque: bool) -> Self {
        Self(AtomicU8::new(if are_opaque { OPAQUE } else { UNKNOWN }))
    }

    /// Whether they are known to be no MD5s.
    pub fn are_opaque(&self) -> bool {
        self.0.load(Ordering::Relaxed) == OPAQUE
    }

    /// Judges a part that was sent by its tag.
    pub fn check(&self, tag: &PartEtag, digest: &Digest) -> EtagCheck {
        if tag.is_opaque {
            self.0.store(OPAQUE, Ordering::Relaxed);
        }
        match md5_of_etag(&tag.etag) {
            Some(md5) if md5 == *digest => {
                self.0.store(MD5, Ordering::Relaxed);
                EtagCheck::Match
            }
            Some(_) if !self.are_opaque() => EtagCheck::Mismatch,
            _ => EtagCheck::Match,
        }
    }

    /// The same part, sent again, has again another tag than its MD5: then the tags are no MD5s, unless one of them
    /// was. Returns whether they are none. Each part goes with its MD5, which S3 checks whatever its tags are.
    pub fn assume_opaque(&self) -> bool {
        let known = self
            .0
            .compare_exchange(UNKNOWN, OPAQUE, Ordering::Relaxed, Ordering::Relaxed);
        known.is_ok() || self.are_opaque()
    }
}

impl EtagMode {
    /// The tag of an object made of these parts, where tags are known to be MD5s: the MD5 of the MD5s, and how many
    /// there are.
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

/// Whether a tag is that of another object. One of another form says nothing.
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

    fn tag(etag: &str, is_opaque: bool) -> PartEtag {
        PartEtag {
            etag: etag.to_string(),
            is_opaque,
        }
    }

    const RIGHT: &str = "\"0102030405060708090a0b0c0d0e0f10\"";
    const OTHER: &str = "\"ffffffffffffffffffffffffffffffff\"";
    const DIGEST: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    #[test]
    fn where_tags_are_md5s_another_one_is_wrong() {
        let tags = EtagMode::new(false);
        assert_eq!(tags.check(&tag(RIGHT, false), &DIGEST), EtagCheck::Match);
        assert_eq!(tags.check(&tag(OTHER, false), &DIGEST), EtagCheck::Mismatch);
        assert!(!tags.assume_opaque());
    }

    #[test]
    fn where_no_tag_was_an_md5_they_need_not_be() {
        let tags = EtagMode::new(false);
        assert_eq!(tags.check(&tag(OTHER, false), &DIGEST), EtagCheck::Mismatch);
        assert!(tags.assume_opaque());
        assert!(tags.are_opaque());
        assert_eq!(tags.check(&tag(OTHER, false), &DIGEST), EtagCheck::Match);
    }

    #[test]
    fn tags_under_kms_and_of_another_form_say_nothing() {
        assert_eq!(
            EtagMode::new(false).check(&tag(OTHER, true), &DIGEST),
            EtagCheck::Match
        );
        assert_eq!(
            EtagMode::new(false).check(&tag("\"opaque\"", false), &DIGEST),
            EtagCheck::Match
        );
        assert_eq!(
            EtagMode::new(false).check(&tag("", false), &DIGEST),
            EtagCheck::Match
        );
    }
}
