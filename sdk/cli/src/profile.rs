//! Profiles: several servers or tokens, each stored by `restow login --profile`.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, Result};
use directories::ProjectDirs;

use crate::environment::variable;
use crate::failure::Failure;

/// Name of the profile that is used if none is named.
pub const DEFAULT: &str = "default";

/// The variable that names a profile.
const VARIABLE: &str = "RESTOW_PROFILE";

/// Maximum length of a name, in bytes: it is that of a file.
const MAX_NAME_LENGTH: usize = 64;

/// A profile: one file with an endpoint and a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    CommandLine,
    Variable,
    Default,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.origin {
            Origin::CommandLine => f.write_str(" (--profile)"),
            Origin::Variable => write!(f, " ({VARIABLE})"),
            Origin::Default => Ok(()),
        }
    }
}

impl Profile {
    /// A profile that the command line names.
    pub fn of_command_line(name: &str) -> Self {
        let name = name.to_string();
        Self {
            name,
            origin: Origin::CommandLine,
        }
    }

    /// The profile of `RESTOW_PROFILE`, or the default one.
    ///
    /// # Errors
    /// If the variable is no name of a profile.
    pub fn of_environment() -> Result<Self> {
        let Some(name) = variable(VARIABLE) else {
            return Ok(Self {
                name: DEFAULT.to_string(),
                origin: Origin::Default,
            });
        };
        let name = profile_name(&name)
            .map_err(|error| Failure::Usage(format!("invalid {VARIABLE}: {error}")))?;
        Ok(Self {
            name,
            origin: Origin::Variable,
        })
    }

    /// Whether the command line names it, so that it precedes the variables for endpoint and token.
    pub fn is_of_command_line(&self) -> bool {
        self.origin == Origin::CommandLine
    }

    /// Whether the command line or a variable names it, so that it must exist.
    pub fn is_named(&self) -> bool {
        self.origin != Origin::Default
    }

    /// Its file, which may not exist.
    ///
    /// # Errors
    /// If the user has no home directory.
    pub fn path(&self) -> Result<PathBuf> {
        Ok(if self.name == DEFAULT {
            directory()?.join("credentials.json")
        } else {
            others()?.join(format!("{}.json", self.name))
        })
    }
}

/// The directory of the files of this user.
///
/// # Errors
/// If the user has no home directory.
pub fn directory() -> Result<PathBuf> {
    let directories = ProjectDirs::from("", "", "restow");
    let directories =
        directories.context("no home directory; set RESTOW_ENDPOINT and RESTOW_TOKEN")?;
    Ok(directories.config_dir().to_owned())
}

/// The names of all profiles that are stored, in order.
///
/// # Errors
/// If the directory of the profiles cannot be read.
pub fn stored() -> Result<Vec<String>> {
    let mut names = Vec::new();
    if Profile::of_command_line(DEFAULT).path()?.exists() {
        names.push(DEFAULT.to_string());
    }
    let directory = others()?;
    let entries = match fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(names),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", directory.display()));
        }
    };
    let mut others: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            profile_name(name.strip_suffix(".json")?).ok()
        })
        .collect();
    others.sort();
    names.append(&mut others);
    Ok(names)
}

fn others() -> Result<PathBuf> {
    Ok(directory()?.join("profiles"))
}

/// Parses the name of a profile, which is also that of a file.
pub fn profile_name(name: &str) -> Result<String, &'static str> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_name = (1..=MAX_NAME_LENGTH).contains(&name.len())
        && name.chars().all(is_allowed)
        && !name.starts_with(['.', '-']);
    is_name.then(|| name.to_string()).ok_or(
        "the name of a profile has up to 64 letters, digits, `-`, `_` and `.`, and begins with a letter or digit",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names_of_files() {
        for name in ["work", "eu-1.prod", "a_b"] {
            assert_eq!(profile_name(name).unwrap(), name);
        }
        for name in ["", "../x", "a/b", ".hidden", "-x", "a b", &"x".repeat(65)] {
            assert!(profile_name(name).is_err(), "{name}");
        }
    }
}
