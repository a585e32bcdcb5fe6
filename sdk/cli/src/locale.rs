//! Symbols on terminals without UTF-8.

use std::borrow::Cow;
use std::sync::LazyLock;

/// The variables that select a character encoding, the most important first.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

/// The symbols of texts, each with a character of ASCII of the same width.
const SYMBOLS: [(char, char); 13] = [
    ('✓', '*'),
    ('…', '~'),
    ('·', '-'),
    ('→', '>'),
    ('≈', '~'),
    ('▁', '_'),
    ('▂', '.'),
    ('▃', ':'),
    ('▄', '-'),
    ('▅', '='),
    ('▆', '+'),
    ('▇', '*'),
    ('█', '#'),
];

/// Whether texts may contain other characters than those of ASCII. Containers often set no locale at all, on terminals
/// with UTF-8.
pub fn is_utf8() -> bool {
    static IS_UTF8: LazyLock<bool> = LazyLock::new(|| {
        let mut values = VARIABLES.iter().filter_map(|name| std::env::var(name).ok());
        values
            .find(|value| !value.is_empty())
            .is_none_or(|value| names_utf8(&value))
    });
    *IS_UTF8
}

fn names_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// The text as the terminal can show it.
pub fn shown(text: &str) -> Cow<'_, str> {
    if is_utf8() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(in_ascii(text))
    }
}

/// The text without symbols. Names of files and datasets stay as they are.
fn in_ascii(text: &str) -> String {
    let replaced = |character| {
        let found = SYMBOLS.iter().find(|(symbol, _)| *symbol == character);
        found.map_or(character, |(_, ascii)| *ascii)
    };
    text.chars().map(replaced).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_name_their_encoding() {
        for locale in ["C.UTF-8", "de_CH.utf8", "en_US.UTF-8"] {
            assert!(names_utf8(locale), "{locale}");
        }
        for locale in ["C", "POSIX", "de_CH.ISO-8859-1", "en_US"] {
            assert!(!names_utf8(locale), "{locale}");
        }
    }

    #[test]
    fn symbols_keep_their_width() {
        assert_eq!(in_ascii("✓ a… · 1 → 2 ▁█ ä"), "* a~ - 1 > 2 _# ä");
    }
}
