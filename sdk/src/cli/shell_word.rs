//! Texts as words of a command that somebody may paste into a shell.

use super::printable::is_harmful;

/// The text as a shell reads it as one word, which does nothing to a terminal that shows it.
pub fn shell_word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./,:=+@%".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_string();
    }
    if !text.contains(is_harmful) {
        return format!("'{}'", text.replace('\'', "'\\''"));
    }
    let escaped = text.chars().map(|character| match character {
        '\\' | '\'' => format!("\\{character}"),
        character if is_harmful(character) => in_octal(character),
        character => character.to_string(),
    });
    format!("$'{}'", escaped.collect::<String>())
}

fn in_octal(character: char) -> String {
    let bytes = character.to_string().into_bytes();
    bytes.iter().map(|byte| format!("\\{byte:03o}")).collect::<Vec<_>>().concat()
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
            let bash = std::process::Command::new("bash").args(["-c", &format!("printf %s {word}")]).output();
            // Not everybody has it.
            let Ok(read) = bash else { continue };
            assert_eq!(String::from_utf8(read.stdout).unwrap(), text, "{word}");
        }
    }

    #[test]
    fn plain_words_stay_plain() {
        assert_eq!(shell_word("data/weather-1.csv"), "data/weather-1.csv");
        assert_eq!(shell_word("it's new.csv"), "'it'\\''s new.csv'");
    }
}
