//! Linters of the document: what they report stands in the way of generators, mock servers and consoles.

use std::path::Path;

use anyhow::Result;

use super::npm::Packages;
use crate::openapi;

/// The rules that the document is held to.
const RULES: [&str; 2] = ["redocly.yaml", ".spectral.yaml"];

/// The linters, installed.
pub struct Linters(Packages);

impl Linters {
    /// Brings the linters below the directory, unless they are there.
    ///
    /// # Errors
    /// If they cannot be had.
    pub fn install(directory: &Path) -> Result<Self> {
        Packages::install(directory, "lint").map(Self)
    }

    /// Runs redocly with its recommended rules.
    ///
    /// # Errors
    /// If it reports an error.
    pub fn redocly(&self) -> Result<()> {
        self.0.copy(&RULES)?;
        self.0.run("redocly", |command| {
            command
                .env("REDOCLY_TELEMETRY", "off")
                .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
                .arg("lint")
                .arg(openapi::file())
        })
    }

    /// Runs Spectral with its rules for OpenAPI.
    ///
    /// # Errors
    /// If it reports an error or a warning.
    pub fn spectral(&self) -> Result<()> {
        self.0.copy(&RULES)?;
        self.0.run("spectral", |command| {
            command
                .args(["lint", "--fail-severity=warn"])
                .arg(openapi::file())
        })
    }
}
