//! Escapes untrusted text for a terminal.

use std::borrow::Cow;

/// The text with all characters escaped that could move the cursor, change colors, break the line, or change the
/// writing direction.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().flat_map(|character| {
        let escaped = is_unsafe(character).then(|| character.escape_default());
        let unchanged = (!is_unsafe(character)).then_some(character);
        escaped.into_iter().flatten().chain(unchanged)
    });
    Cow::Owned(escaped.collect())
}

/// Whether a character controls the terminal instead of being shown.
pub fn is_unsafe(character: char) -> bool {
    let changes_direction = matches!(character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || changes_direction || matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unsafe_characters_are_escaped() {
        assert_eq!(printable("Größe (m²) 日本.csv"), "Größe (m²) 日本.csv");
        assert_eq!(
            printable("a\u{1b}[31m\n\u{9b}b\u{202e}"),
            "a\\u{1b}[31m\\n\\u{9b}b\\u{202e}"
        );
    }
}
