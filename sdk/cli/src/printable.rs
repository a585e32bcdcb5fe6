//! Texts that somebody else chose, made fit for a terminal.

use std::borrow::Cow;

/// The text with everything escaped that could move a cursor, change a colour, break a line, or turn the
/// direction of what follows.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().flat_map(|character| {
        let harmful = is_harmful(character).then(|| character.escape_default());
        let harmless = (!is_harmful(character)).then_some(character);
        harmful.into_iter().flatten().chain(harmless)
    });
    Cow::Owned(escaped.collect())
}

/// Whether a character does something to the terminal instead of being shown.
pub fn is_harmful(character: char) -> bool {
    let turns_direction = matches!(character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns_direction || matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_does_harm_is_escaped() {
        assert_eq!(printable("Größe (m²) 日本.csv"), "Größe (m²) 日本.csv");
        assert_eq!(
            printable("a\u{1b}[31m\n\u{9b}b\u{202e}"),
            "a\\u{1b}[31m\\n\\u{9b}b\\u{202e}"
        );
    }
}
