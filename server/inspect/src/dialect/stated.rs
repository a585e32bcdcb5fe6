//! What is stated about a dialect.

use restow_api::ReadOptions;

/// What the caller states, or the file itself.
pub(super) struct Stated {
    pub(super) delimiter: Option<u8>,
    pub(super) quote: Stating,
    pub(super) escape: Stating,
    pub(super) comment: Stating,
    pub(super) decimal: Option<u8>,
}

impl Stated {
    pub(super) fn new(options: &ReadOptions, marker: Option<u8>) -> Self {
        let first = |text: Option<&str>| text.and_then(|text| text.bytes().next());
        let quote = options.quote.as_deref();
        // A quote that escapes itself is doubled, as without any escape.
        let escape = options.escape.as_deref();
        let escape = escape.map(|escape| if Some(escape) == quote { "" } else { escape });
        Self {
            delimiter: first(options.delimiter.as_deref()).or(marker),
            quote: Stating::new(quote),
            escape: Stating::new(escape),
            comment: Stating::new(options.comment.as_deref()),
            decimal: first(options.decimal.as_deref()),
        }
    }
}

/// A character that may be stated, or that there is none.
#[derive(Clone, Copy)]
pub(super) enum Stating {
    Nothing,
    None,
    Character(u8),
}

impl Stating {
    fn new(text: Option<&str>) -> Self {
        match text.map(|text| text.bytes().next()) {
            None => Self::Nothing,
            Some(None) => Self::None,
            Some(Some(character)) => Self::Character(character),
        }
    }

    /// What is stated, else what is detected.
    pub(super) fn or_detect(self, detect: impl FnOnce() -> Option<u8>) -> Option<u8> {
        match self {
            Self::Nothing => detect(),
            Self::None => None,
            Self::Character(character) => Some(character),
        }
    }

    /// What is stated, else what is to be tried.
    pub(super) fn or_try(self, detected: Vec<Option<u8>>) -> Vec<Option<u8>> {
        match self {
            Self::Nothing => detected,
            Self::None => vec![None],
            Self::Character(character) => vec![Some(character)],
        }
    }
}
