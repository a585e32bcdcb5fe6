//! The head of a text, in which the dialect is detected.

/// The head of a text.
#[derive(Clone, Copy)]
pub(crate) struct Head<'t> {
    pub(crate) text: &'t str,
    /// Whether it is the whole text.
    pub(crate) is_whole: bool,
    /// Character with which comments may begin.
    pub(crate) comment: Option<u8>,
}

impl<'t> Head<'t> {
    /// The head of a text of which `text` is read.
    pub(crate) fn new(text: &'t str, is_whole: bool) -> Self {
        Self {
            text,
            is_whole,
            comment: Some(b'#'),
        }
    }
}
