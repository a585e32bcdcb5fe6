//! Breaks text into lines of limited width.

use console::measure_text_width;

use crate::printable::printable;

/// Narrowest text that is wrapped, in columns: on narrower terminals, lines are left to the terminal.
const MIN_WIDTH: usize = 20;

/// Untrusted text in lines of at most `width` columns, the first after `first`, the others indented as far. A word that
/// is longer is not broken.
pub fn wrapped(first: &str, text: &str, width: usize) -> Vec<String> {
    let indent = " ".repeat(measure_text_width(first));
    let available = width.saturating_sub(indent.len()).max(MIN_WIDTH);
    let text = printable(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if measure_text_width(line) + 1 + measure_text_width(word) <= available => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    let start = |index| if index == 0 { first } else { indent.as_str() };
    let lines = lines.iter().enumerate();
    lines
        .map(|(index, line)| format!("{}{line}", start(index)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_are_indented() {
        let lines = wrapped("  + ", "Column `日本` was integer and is float now", 26);
        let expected = [
            "  + Column `日本` was",
            "    integer and is float",
            "    now",
        ];
        assert_eq!(lines, expected);
        assert!(lines.iter().all(|line| measure_text_width(line) <= 26));
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(wrapped("", "a\u{1b}[2Jb", 80), ["a\\u{1b}[2Jb"]);
        assert_eq!(
            wrapped("- ", &"x".repeat(30), 10),
            [format!("- {}", "x".repeat(30))]
        );
    }
}
