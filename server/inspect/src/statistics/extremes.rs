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
        let Some((shortest, longest)) = &mut self.lengths else {
            self.lengths = Some((length, length));
            self.first.push_str(head);
            self.last.push_str(head);
            return;
        };
        *shortest = length.min(*shortest);
        *longest = length.max(*longest);
        if head < self.first.as_str() {
            self.first.clear();
            self.first.push_str(head);
        } else if head > self.last.as_str() {
            self.last.clear();
            self.last.push_str(head);
        }
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

fn characters(text: &str) -> usize {
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
