//! What comes from the npm registry: directories with exactly the packages of a `package-lock.json`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::environment::sources;
use crate::process::succeed;
use crate::{docs, install};

/// What npm installs from.
const MANIFESTS: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// The installed packages of one directory of the sources.
pub struct Packages {
    name: &'static str,
    directory: PathBuf,
    search_path: OsString,
}

impl Packages {
    /// Brings the packages below the directory, unless they are there.
    ///
    /// # Errors
    /// If they cannot be had.
    pub fn install(directory: &Path, name: &'static str) -> Result<Self> {
        let packages = Self {
            name,
            directory: directory.join(name),
            search_path: docs::node_search_path()?,
        };
        let wanted = fs::read_to_string(packages.source("package-lock.json"))?;
        install::bring(
            &packages.directory,
            &format!("the packages of {name}/package-lock.json"),
            &wanted,
            |_| {
                packages.copy(&MANIFESTS)?;
                packages.succeed(Command::new("npm").args(["ci", "--loglevel=error"]))
            },
        )
        .context("failed to install the npm packages with npm ci")?;
        Ok(packages)
    }

    /// Copies files of the sources beside the packages.
    ///
    /// # Errors
    /// If one cannot be copied.
    pub fn copy(&self, files: &[&str]) -> Result<()> {
        for file in files {
            let from = self.source(file);
            fs::copy(&from, self.directory.join(file))
                .with_context(|| format!("cannot copy {}", from.display()))?;
        }
        Ok(())
    }

    /// Runs a program of the packages to its end.
    ///
    /// # Errors
    /// If it fails.
    pub fn run(
        &self,
        program: &str,
        with: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Result<()> {
        let mut command = Command::new(self.directory.join("node_modules/.bin").join(program));
        self.succeed(with(&mut command))
    }

    /// Runs a command beside the packages to its end.
    ///
    /// # Errors
    /// If it fails.
    pub fn succeed(&self, command: &mut Command) -> Result<()> {
        succeed(
            command
                .env("PATH", &self.search_path)
                .current_dir(&self.directory),
        )
    }

    fn source(&self, file: &str) -> PathBuf {
        sources().join(self.name).join(file)
    }
}
