//! Least and greatest values, with how they are written.

use std::fmt::{Display, Write as _};

use crate::sample::shortened;

/// Bytes of a text that are shown.
const MAX_TEXT_BYTES: usize = 1024;

/// Bytes of a text that are compared and kept: one character more, which shows that a text is cut.
const MAX_KEPT_BYTES: usize = MAX_TEXT_BYTES + 4;

/// Least and greatest of the values so far, by a key.
#[derive(Debug, Default)]
pub(crate) struct Extremes<K> {
    least: Option<(K, String)>,
    greatest: Option<(K, String)>,
}

impl<K: Copy + PartialOrd> Extremes<K> {
    /// Adds a value that is shown as `text`. Without an order (NaN) it is left out.
    #[inline]
    pub(crate) fn add(&mut self, key: K, text: impl Display) {
        match &mut self.least {
            Some((least, shown)) if key < *least => replace(least, shown, key, &text),
            Some(_) => {}
            none => *none = new(key, &text),
        }
        match &mut self.greatest {
            Some((greatest, shown)) if key > *greatest => replace(greatest, shown, key, &text),
            Some(_) => {}
            none => *none = new(key, &text),
        }
    }

    /// The same values with other keys in the same order.
    pub(crate) fn map_keys<L>(self, key: impl Fn(K) -> L) -> Extremes<L> {
        let map = |(old, text)| (key(old), text);
        Extremes {
            least: self.least.map(map),
            greatest: self.greatest.map(map),
        }
    }

    /// Adds the values of `other`.
    pub(crate) fn merge(&mut self, other: Self) {
        for (key, text) in other.least.into_iter().chain(other.greatest) {
            self.add(key, text);
        }
    }

    /// The least and the greatest value as they are shown.
    pub(crate) fn texts(self) -> Option<(String, String)> {
        Some((self.least?.1, self.greatest?.1))
    }
}

fn new<K: PartialOrd>(key: K, text: &impl Display) -> Option<(K, String)> {
    let ordered = key.partial_cmp(&key).is_some();
    ordered.then(|| (key, text.to_string()))
}

/// Replaces a value without allocating, since every row of an ascending column does so.
fn replace<K>(kept: &mut K, shown: &mut String, key: K, text: &impl Display) {
    *kept = key;
    shown.clear();
    // Writing to a string does not fail.
    let _ = write!(shown, "{text}");
}

/// First and last of the texts so far, by code points, and the shortest and longest length in characters.
///
/// Of long texts the beginning is compared and shown.
#[derive(Debug, Default)]
pub(crate) struct TextExtremes {
    first: String,
    last: String,
    /// The first eight bytes of both as numbers: for most texts it takes no more to see that they lie between.
    first_key: u64,
    last_key: u64,
    /// Characters of the shortest and the longest text; none before the first text.
    lengths: Option<(usize, usize)>,
}

impl TextExtremes {
    #[inline]
    pub(crate) fn add(&mut self, text: &str) {
        let length = characters(text);
        let head = if text.len() > MAX_KEPT_BYTES {
            &text[..text.floor_char_boundary(MAX_KEPT_BYTES)]
        } else {
            text
        };
        let key = key(head.as_bytes());
        let Some((shortest, longest)) = &mut self.lengths else {
            self.lengths = Some((length, length));
            self.set_first(head, key);
            self.set_last(head, key);
            return;
        };
        *shortest = length.min(*shortest);
        *longest = length.max(*longest);
        if key <= self.first_key && head < self.first.as_str() {
            self.set_first(head, key);
        } else if key >= self.last_key && head > self.last.as_str() {
            self.set_last(head, key);
        }
    }

    fn set_first(&mut self, head: &str, key: u64) {
        head.clone_into(&mut self.first);
        self.first_key = key;
    }

    fn set_last(&mut self, head: &str, key: u64) {
        head.clone_into(&mut self.last);
        self.last_key = key;
    }

    /// Characters of the shortest and the longest text.
    pub(crate) fn lengths(&self) -> Option<(u64, u64)> {
        self.lengths
            .map(|(shortest, longest)| (shortest as u64, longest as u64))
    }

    /// First and last text.
    pub(crate) fn texts(self) -> Option<(String, String)> {
        let shown = |text: &str| shortened(text, MAX_TEXT_BYTES);
        self.lengths
            .map(|_| (shown(&self.first), shown(&self.last)))
    }
}

/// The first eight bytes as a number, in the order of texts; of a shorter text zeros follow.
#[inline]
fn key(text: &[u8]) -> u64 {
    if let Some(bytes) = text.first_chunk() {
        return u64::from_be_bytes(*bytes);
    }
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(text) {
        *to = *from;
    }
    u64::from_be_bytes(bytes)
}

fn characters(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    // Bytes that do not continue a character.
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_written() {
        let mut extremes = Extremes::default();
        for (key, text) in [(2.5, "2.50"), (f64::NAN, "NaN"), (1e3, "1e3"), (2.5, "2.5")] {
            extremes.add(key, text);
        }
        assert_eq!(extremes.texts(), Some(("2.50".into(), "1e3".into())));
    }

    #[test]
    fn first_value_without_order_is_left_out() {
        let mut extremes = Extremes::default();
        extremes.add(f64::NAN, "NaN");
        extremes.add(1.0, "1");
        assert_eq!(extremes.texts(), Some(("1".into(), "1".into())));
    }

    #[test]
    fn long_texts_are_cut() {
        let mut extremes = TextExtremes::default();
        extremes.add(&"é".repeat(2000));
        let (first, last) = extremes.texts().unwrap();
        assert_eq!((first.chars().count(), first == last), (513, true));
        assert!(first.ends_with("é…"));
    }

    #[test]
    fn texts_by_code_point_and_lengths_in_characters() {
        let mut extremes = TextExtremes::default();
        for text in ["b", "éé", "B", "", "zürich"] {
            extremes.add(text);
        }
        assert_eq!(extremes.lengths(), Some((0, 6)));
        assert_eq!(extremes.texts(), Some((String::new(), "éé".into())));
    }
}
