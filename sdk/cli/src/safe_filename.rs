//! A filename that a server gives, made safe for a directory of ours.

use crate::printable::is_harmful;

/// Most bytes of a filename: file systems take 255, and a part of them is for `.partial` at the end.
const LONGEST: usize = 200;

/// What a file is called whose name has nothing to offer.
const NAMELESS: &str = "download";

/// The last component of `filename`, without what a file system, a shell or a terminal could take for
/// something else. It is never hidden, never an option, and never a way to another directory.
pub fn safe_filename(filename: &str) -> String {
    let last = filename
        .rsplit(['/', '\\'])
        .find(|component| !component.is_empty())
        .unwrap_or_default();
    let special = |character: char| {
        is_harmful(character) || matches!(character, '<' | '>' | ':' | '"' | '|' | '?' | '*')
    };
    let clean = last.replace(special, "_");
    let clean = clean
        .trim()
        .trim_end_matches(['.', ' '])
        .trim_start_matches(['.', '-', '~', ' ']);
    if clean.is_empty() {
        NAMELESS.to_string()
    } else {
        shortened(clean)
    }
}

/// Cuts the stem, so that the extension remains.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_string();
    }
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if name.len() - dot <= 20 => name.split_at(dot),
        _ => (name, ""),
    };
    format!(
        "{}{extension}",
        &stem[..stem.floor_char_boundary(LONGEST - extension.len())]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in ["weather.csv", "Größe (m²) 日本.tar.gz", "a b.parquet", "_x"] {
            assert_eq!(safe_filename(name), name);
        }
    }

    #[test]
    fn names_lead_to_no_other_place() {
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
        assert!(safe_filename(&format!("a.{}", "é".repeat(250))).len() <= LONGEST);
    }
}
