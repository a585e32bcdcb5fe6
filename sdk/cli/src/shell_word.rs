//! Texts as words of a command that somebody may paste into a shell.

use std::ffi::OsStr;

use crate::printable::is_harmful;

/// The text as a shell reads it as one word, which does nothing to a terminal that shows it. The text of a path may be no
/// UTF-8, and is read as it is all the same.
pub fn shell_word(text: impl AsRef<OsStr>) -> String {
    let text = text.as_ref();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./,:=+@%".contains(&byte);
    match text.to_str() {
        Some(text) if !text.is_empty() && text.bytes().all(plain) => text.to_string(),
        Some(text) if !text.contains(is_harmful) => format!("'{}'", text.replace('\'', "'\\''")),
        _ => {
            let chunks = text.as_encoded_bytes().utf8_chunks();
            let escaped = chunks.map(|chunk| {
                chunk.valid().chars().map(escaped).collect::<String>() + &in_octal(chunk.invalid())
            });
            format!("$'{}'", escaped.collect::<String>())
        }
    }
}

/// An option and its value, which is never taken for another option.
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
        character if is_harmful(character) => in_octal(character.to_string().as_bytes()),
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
    fn a_shell_reads_them_as_they_are() {
        let odd = [
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
        for text in odd {
            let word = shell_word(text);
            assert!(!word.contains(is_harmful), "{word:?}");
            let bash = std::process::Command::new("bash")
                .args(["-c", &format!("printf %s {word}")])
                .output();
            // Not everybody has it.
            let Ok(read) = bash else { continue };
            assert_eq!(String::from_utf8(read.stdout).unwrap(), text, "{word}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_path_that_is_no_text_is_read_as_it_is() {
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
    fn plain_words_stay_plain() {
        assert_eq!(shell_word("data/weather-1.csv"), "data/weather-1.csv");
        assert_eq!(shell_word("it's new.csv"), "'it'\\''s new.csv'");
    }
}
