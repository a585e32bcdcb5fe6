//! Quotes text for a command that the user can paste into a shell.

use std::ffi::OsStr;

use crate::printable::is_unsafe;

/// The text, quoted if needed, as one word of a shell. It contains no characters that control a terminal. Paths that are
/// not UTF-8 are preserved.
pub fn shell_word(text: impl AsRef<OsStr>) -> String {
    let text = text.as_ref();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./,:=+@%".contains(&byte);
    match text.to_str() {
        Some(text) if !text.is_empty() && text.bytes().all(is_plain) => text.to_string(),
        Some(text) if !text.contains(is_unsafe) => format!("'{}'", text.replace('\'', "'\\''")),
        _ => {
            let chunks = text.as_encoded_bytes().utf8_chunks();
            let escaped = chunks.map(|chunk| {
                chunk.valid().chars().map(escaped).collect::<String>() + &in_octal(chunk.invalid())
            });
            format!("$'{}'", escaped.collect::<String>())
        }
    }
}

/// An option and its value, written so that the value is never parsed as an option.
pub fn option_words(name: &str, value: impl AsRef<OsStr>) -> String {
    let separator = if value.as_ref().as_encoded_bytes().starts_with(b"-") {
        '='
    } else {
        ' '
    };
    format!("{name}{separator}{}", shell_word(value))
}

fn escaped(character: char) -> String {
    match character {
        '\\' | '\'' => format!("\\{character}"),
        character if is_unsafe(character) => in_octal(character.to_string().as_bytes()),
        character => character.to_string(),
    }
}

fn in_octal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| format!("\\{byte:03o}"))
        .collect::<Vec<_>>()
        .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bash_reads_words_unchanged() {
        let texts = [
            "",
            "a",
            "it's",
            "a b",
            "$HOME",
            "`x`",
            "\\n",
            "a\nb",
            "\u{1b}[2J'\\",
            "\u{202e}x",
            "日本",
            "!!",
            "#",
            "~",
        ];
        for text in texts {
            let word = shell_word(text);
            assert!(!word.contains(is_unsafe), "{word:?}");
            let bash = std::process::Command::new("bash")
                .args(["-c", &format!("printf %s {word}")])
                .output();
            // Bash may be missing.
            let Ok(read) = bash else { continue };
            assert_eq!(String::from_utf8(read.stdout).unwrap(), text, "{word}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn paths_that_are_not_utf8_are_preserved() {
        use std::os::unix::ffi::OsStrExt;
        let path = OsStr::from_bytes(b"caf\xe9's.csv");
        assert_eq!(shell_word(path), r"$'caf\351\'s.csv'");
        let command = format!("printf %s {}", shell_word(path));
        let Ok(read) = std::process::Command::new("bash")
            .args(["-c", &command])
            .output()
        else {
            return;
        };
        assert_eq!(read.stdout, path.as_bytes());
    }

    #[test]
    fn only_special_words_are_quoted() {
        assert_eq!(shell_word("data/weather-1.csv"), "data/weather-1.csv");
        assert_eq!(shell_word("it's new.csv"), "'it'\\''s new.csv'");
    }
}
