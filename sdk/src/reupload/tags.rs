//! What S3's entity tags of parts are: MD5s on most stores, but not under KMS, and not on every store.

use std::sync::atomic::{AtomicU8, Ordering};

use md5::{Digest as _, Md5};

use super::upload::Sent;
use crate::digest::Digest;
use crate::s3::{PartTag, md5_of_etag};

const UNKNOWN: u8 = 0;
const MD5: u8 = 1;
const OPAQUE: u8 = 2;

/// What is known of the tags of one upload.
#[derive(Debug)]
pub(super) struct Tags(AtomicU8);

/// What a tag says of the content of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing against it.
    Right,
    /// It is not what was sent; or the first of the tags that are no MD5s though they look like some.
    Wrong,
}

impl Tags {
    /// Nothing is known, or it is known that they are no MD5s.
    pub fn new(are_opaque: bool) -> Self {
        Self(AtomicU8::new(if are_opaque { OPAQUE } else { UNKNOWN }))
    }

    /// Whether they are known to be no MD5s.
    pub fn are_opaque(&self) -> bool {
        self.0.load(Ordering::Relaxed) == OPAQUE
    }

    /// Judges a part that was sent by its tag.
    pub fn judge(&self, tag: &PartTag, digest: &Digest) -> Verdict {
        if tag.is_opaque {
            self.0.store(OPAQUE, Ordering::Relaxed);
        }
        match md5_of_etag(&tag.etag) {
            Some(md5) if md5 == *digest => {
                self.0.store(MD5, Ordering::Relaxed);
                Verdict::Right
            }
            Some(_) if !self.are_opaque() => Verdict::Wrong,
            _ => Verdict::Right,
        }
    }

    /// The same part, sent again, has again another tag than its MD5: then the tags are no MD5s, unless one of them
    /// was. Returns whether they are none. Each part goes with its MD5, which S3 checks whatever its tags are.
    pub fn concede(&self) -> bool {
        let known = self
            .0
            .compare_exchange(UNKNOWN, OPAQUE, Ordering::Relaxed, Ordering::Relaxed);
        known.is_ok() || self.are_opaque()
    }
}

impl Tags {
    /// The tag of an object made of these parts, where tags are known to be MD5s: the MD5 of the MD5s, and how many
    /// there are.
    pub fn of_object(&self, parts: &Sent) -> Option<String> {
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
pub(super) fn is_other_object(etag: &str, expected: &str) -> bool {
    let etag = etag.trim_matches('"');
    let has_form = etag
        .rsplit_once('-')
        .is_some_and(|(digest, _)| md5_of_etag(digest).is_some());
    has_form && etag != expected
}

#[cfg(test)]
mod tests {
    use super::{Tags, Verdict};
    use crate::s3::PartTag;

    fn tag(etag: &str, is_opaque: bool) -> PartTag {
        PartTag {
            etag: etag.to_string(),
            is_opaque,
        }
    }

    const RIGHT: &str = "\"0102030405060708090a0b0c0d0e0f10\"";
    const OTHER: &str = "\"ffffffffffffffffffffffffffffffff\"";
    const DIGEST: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    #[test]
    fn where_tags_are_md5s_another_one_is_wrong() {
        let tags = Tags::new(false);
        assert_eq!(tags.judge(&tag(RIGHT, false), &DIGEST), Verdict::Right);
        assert_eq!(tags.judge(&tag(OTHER, false), &DIGEST), Verdict::Wrong);
        assert!(!tags.concede());
    }

    #[test]
    fn where_no_tag_was_an_md5_they_need_not_be() {
        let tags = Tags::new(false);
        assert_eq!(tags.judge(&tag(OTHER, false), &DIGEST), Verdict::Wrong);
        assert!(tags.concede());
        assert!(tags.are_opaque());
        assert_eq!(tags.judge(&tag(OTHER, false), &DIGEST), Verdict::Right);
    }

    #[test]
    fn tags_under_kms_and_of_another_form_say_nothing() {
        assert_eq!(
            Tags::new(false).judge(&tag(OTHER, true), &DIGEST),
            Verdict::Right
        );
        assert_eq!(
            Tags::new(false).judge(&tag("\"opaque\"", false), &DIGEST),
            Verdict::Right
        );
        assert_eq!(
            Tags::new(false).judge(&tag("", false), &DIGEST),
            Verdict::Right
        );
    }
}
