//! Turns a filename of the server into one that is safe to write.

use crate::printable::is_unsafe;

/// Maximum length in bytes: file systems allow 255, and `.partial` is appended.
const MAX_LENGTH: usize = 200;

/// Name of a file whose own name has no safe character.
const FALLBACK: &str = "download";

/// The last component of `filename`, without characters that are special to a file system, a shell or a terminal. The
/// result is never hidden, never an option, and never in another directory.
pub fn safe_filename(filename: &str) -> String {
    let last = filename
        .rsplit(['/', '\\'])
        .find(|component| !component.is_empty())
        .unwrap_or_default();
    let special = |character: char| {
        is_unsafe(character) || matches!(character, '<' | '>' | ':' | '"' | '|' | '?' | '*')
    };
    let clean = last.replace(special, "_");
    let clean = clean
        .trim()
        .trim_end_matches(['.', ' '])
        .trim_start_matches(['.', '-', '~', ' ']);
    if clean.is_empty() {
        FALLBACK.to_string()
    } else {
        truncated(clean)
    }
}

/// Truncates the stem, and keeps the extension.
fn truncated(name: &str) -> String {
    if name.len() <= MAX_LENGTH {
        return name.to_string();
    }
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if name.len() - dot <= 20 => name.split_at(dot),
        _ => (name, ""),
    };
    format!(
        "{}{extension}",
        &stem[..stem.floor_char_boundary(MAX_LENGTH - extension.len())]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_names_are_unchanged() {
        for name in ["weather.csv", "Größe (m²) 日本.tar.gz", "a b.parquet", "_x"] {
            assert_eq!(safe_filename(name), name);
        }
    }

    #[test]
    fn names_stay_in_the_directory() {
        for (name, expected) in [
            ("../../etc/passwd", "passwd"),
            ("/etc/cron.d/job", "job"),
            ("C:\\Windows\\x.csv", "x.csv"),
            ("a/..", "download"),
            ("dir/", "dir"),
            ("..", "download"),
            ("", "download"),
            (".bashrc", "bashrc"),
            ("-rf", "rf"),
            ("a\u{0}b\u{1b}.csv", "a_b_.csv"),
            ("CON:", "CON_"),
            ("x. .", "x"),
        ] {
            assert_eq!(safe_filename(name), expected, "{name:?}");
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let safe = safe_filename(&format!("{}.csv", "ä".repeat(255)));
        assert_eq!(safe, format!("{}.csv", "ä".repeat(98)));
        assert!(safe_filename(&format!("a.{}", "é".repeat(250))).len() <= MAX_LENGTH);
    }
}
