//! Values of environment variables, and of files, as users write them.

/// The text of an environment variable; `None` if it is empty, which is how scripts and container files unset one.
pub fn variable(name: &str) -> Option<String> {
    let text = std::env::var(name).ok()?;
    Some(trimmed(&text).to_string()).filter(|text| !text.is_empty())
}

/// The text without the blanks, line ends and byte order marks that files, shells and editors put around it.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|around: char| around.is_whitespace() || around == '\u{feff}')
}
