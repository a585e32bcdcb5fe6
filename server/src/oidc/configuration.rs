//! The file of `--oidc-issuers`: which issuers are trusted, and for what.

mod entry;
mod issuer_config;
mod url;

use std::str::FromStr;

use self::entry::IssuerFile;

pub use self::issuer_config::{CiSystem, ClaimMapping, DeviceLogin, IssuerConfig, KeyTimes};
pub(super) use self::url::is_allowed;

/// The issuers of a configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IssuerList {
    /// The issuers, with names and URLs that differ.
    pub issuers: Vec<IssuerConfig>,
}

/// The name of a TOML file with `[[issuer]]`, or the list itself as JSON.
impl FromStr for IssuerList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let file: IssuerFile = if text.starts_with('[') {
            let issuer =
                serde_json::from_str(text).map_err(|error| format!("oidc-issuers: {error}"))?;
            IssuerFile { issuer }
        } else {
            let content = std::fs::read_to_string(text)
                .map_err(|error| format!("cannot read {text}: {error}"))?;
            toml::from_str(&content).map_err(|error| format!("{text}: {error}"))?
        };
        Self::checked(file)
    }
}

impl IssuerList {
    fn checked(file: IssuerFile) -> Result<Self, String> {
        let mut issuers: Vec<IssuerConfig> = Vec::new();
        for entry in file.issuer {
            let name = entry.name.clone();
            let issuer = entry
                .checked()
                .map_err(|reason| format!("issuer {name:?}: {reason}"))?;
            let is_same = |other: &IssuerConfig| other.name == name || other.url == issuer.url;
            if issuers.iter().any(is_same) {
                return Err(format!("issuer {name:?}: another one has this name or URL"));
            }
            issuers.push(issuer);
        }
        Ok(Self { issuers })
    }
}

#[cfg(test)]
mod tests;
