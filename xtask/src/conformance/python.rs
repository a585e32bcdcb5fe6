//! What comes from `PyPI`: schemathesis, the validator, the generator of clients, a checker of types, and readers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::environment::{search_path, sources};
use crate::process::succeed;
use crate::server::Server;
use crate::workspace::renew;
use crate::{install, openapi};

/// An environment with exactly the packages of `requirements.txt`.
pub struct Python {
    directory: PathBuf,
    programs: PathBuf,
}

impl Python {
    /// Brings the packages below the directory, unless they are there.
    ///
    /// # Errors
    /// If they cannot be had.
    pub fn install(directory: &Path) -> Result<Self> {
        let requirements = sources().join("requirements.txt");
        let wanted = fs::read_to_string(&requirements)?;
        let directory = directory.join("python");
        install::bring(
            &directory,
            "the packages of requirements.txt",
            &wanted,
            |into| {
                install::packages(
                    &into.join("venv"),
                    &["--requirement", &requirements.to_string_lossy()],
                )
            },
        )
        .context("Python's packages are missing")?;
        let programs = directory.join("venv/bin");
        Ok(Self {
            directory,
            programs,
        })
    }

    /// The directory that its programs run in.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Runs a program of the environment to its end. What it prints is seen.
    ///
    /// # Errors
    /// If it fails.
    pub fn run(
        &self,
        program: &str,
        with: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Result<()> {
        succeed(with(&mut self.command(program)?))
    }

    /// A program of the environment.
    ///
    /// # Errors
    /// If the name of its directory holds a colon.
    pub fn command(&self, program: &str) -> Result<Command> {
        let mut command = Command::new(self.programs.join(program));
        command
            .current_dir(&self.directory)
            .env("PATH", search_path(&self.programs)?)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONPATH", sources());
        Ok(command)
    }

    /// Generates a client from the document, checks its types, and does the main job with it.
    ///
    /// # Errors
    /// If any of these fails.
    pub fn generated_client(&self, server: &Server) -> Result<()> {
        let generated = self.directory.join("generated");
        renew(&generated)?;
        self.run("openapi-python-client", |command| {
            command
                .args(["generate", "--meta", "none", "--fail-on-warning", "--path"])
                .arg(openapi::file());
            command
                .arg("--output-path")
                .arg(generated.join("restow_client"))
        })?;
        let program = sources().join("python_client.py");
        let cache = self.directory.join("mypy");
        for checked in [
            &["-p".as_ref(), "restow_client".as_ref()][..],
            &[program.as_os_str()],
        ] {
            self.run("mypy", |command| {
                command
                    .env("MYPYPATH", &generated)
                    .env_remove("PYTHONPATH")
                    .arg("--cache-dir")
                    .arg(&cache);
                command
                    .arg("--config-file")
                    .arg(sources().join("mypy.ini"))
                    .args(checked)
            })?;
        }
        self.run("python", |command| {
            command
                .env("PYTHONPATH", &generated)
                .arg(&program)
                .args([&server.api(), server.token()])
        })
    }

    /// Has readers that request the size first read an object through one address of the API.
    ///
    /// # Errors
    /// If one fails, or reads other content.
    pub fn readers(&self, server: &Server) -> Result<()> {
        self.run("python", |command| {
            command
                .arg(sources().join("readers.py"))
                .args([&server.api(), server.token()])
        })
    }
}
