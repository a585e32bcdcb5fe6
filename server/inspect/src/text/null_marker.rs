//! Texts that often mean null.

/// Texts that often mean null. A column of another type in which they are found stays a string, with a finding.
const NULL_MARKERS: [&str; 20] = [
    "NULL", "null", "Null", "(null)", "<null>", "N/A", "n/a", "NA", "<NA>", "#N/A", "#NA", "NaN",
    "nan", "NAN", "NaT", "None", "none", "\\N", "-", "--",
];

/// Bytes of the longest of them.
const MAX_BYTES: usize = 6;

/// A text that often means null, or several: a bit for each of [`NULL_MARKERS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NullMarker(u32);

impl NullMarker {
    pub(crate) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// The texts.
    pub(crate) fn texts(self) -> impl Iterator<Item = &'static str> {
        let is_set = move |(index, _): &(usize, &&str)| self.0 & (1 << index) != 0;
        let markers = NULL_MARKERS.iter().enumerate();
        markers.filter(is_set).map(|(_, marker)| *marker)
    }
}

/// `text` as one of the texts that often mean null.
pub(crate) fn null_marker(text: &str) -> Option<NullMarker> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let index = NULL_MARKERS.iter().position(|marker| *marker == text)?;
    Some(NullMarker(1 << index))
}
