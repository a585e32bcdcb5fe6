//! `cargo xtask sdk`: the SDK's generated part is what progenitor makes of the document.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};

use crate::openapi;
use crate::workspace::root;

const HEADER: &str =
    "// Generated from openapi.json by `cargo xtask sdk write`; not to be edited.\n\n";

fn file() -> PathBuf {
    root().join("sdk/src/generated.rs")
}

/// Renews the file.
pub fn write() -> Result<()> {
    fs::write(file(), generated()?)
        .with_context(|| format!("cannot write {}", file().display()))?;
    println!("wrote {}", file().display());
    Ok(())
}

/// Compares the file with what the generator makes of the document.
pub fn check() -> Result<()> {
    let written =
        fs::read_to_string(file()).with_context(|| format!("cannot read {}", file().display()))?;
    let generated = generated()?;
    if let Some(line) = first_difference(&written, &generated) {
        bail!(
            "sdk/src/generated.rs differs from line {line} on; `cargo xtask sdk write` renews it"
        );
    }
    println!("sdk/src/generated.rs is what the document says");
    Ok(())
}

fn generated() -> Result<String> {
    let text = fs::read_to_string(openapi::file())?;
    let document: OpenAPI = serde_json::from_str(&text)?;
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged);
    let tokens = Generator::new(&settings)
        .generate_tokens(&document)
        .context("progenitor refuses the document")?;
    let code = prettyplease::unparse(&syn::parse2(tokens)?);
    Ok(format!("{HEADER}{code}"))
}

/// Number of the first line, from 1, in which two texts differ.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let equal = one
        .lines()
        .zip(other.lines())
        .take_while(|(one, other)| one == other)
        .count();
    Some(equal + 1)
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn any_difference_is_found() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("a\n", "a"), Some(2));
    }
}
