//! What comes from the npm registry: two generators, the client that goes with the first, and the compiler.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::environment::sources;
use crate::process::succeed;
use crate::server::Server;
use crate::{docs, install, openapi};

/// What npm installs from.
const MANIFESTS: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// The programs, and how they are compiled.
const PROGRAMS: [&str; 4] = [
    "client.ts",
    "hey_api.ts",
    "tsconfig.json",
    "tsconfig.hey.json",
];

/// A directory with exactly the packages of `package-lock.json`.
pub struct TypeScript {
    directory: PathBuf,
    search_path: OsString,
}

impl TypeScript {
    /// Brings the packages below the directory, unless they are there.
    ///
    /// # Errors
    /// If they cannot be had.
    pub fn install(directory: &Path) -> Result<Self> {
        let directory = directory.join("typescript");
        let search_path = docs::node_search_path()?;
        let wanted = fs::read_to_string(sources().join("typescript/package-lock.json"))?;
        install::bring(
            &directory,
            "the packages of package-lock.json",
            &wanted,
            |into| {
                copy(&MANIFESTS, into)?;
                succeed(
                    Command::new("npm")
                        .args(["ci", "--loglevel=error"])
                        .env("PATH", &search_path)
                        .current_dir(into),
                )
            },
        )
        .context("failed to install the npm packages with npm ci")?;
        copy(&PROGRAMS, &directory)?;
        Ok(Self {
            directory,
            search_path,
        })
    }

    /// Generates types from the document, compiles the program with them, and has it do the main job.
    ///
    /// # Errors
    /// If any of these fails.
    pub fn generated_client(&self, server: &Server) -> Result<()> {
        self.run("openapi-typescript", |command| {
            // Otherwise a member with a default must be sent.
            command.arg(openapi::file()).args([
                "--default-non-nullable",
                "false",
                "--output",
                "schema.ts",
            ])
        })?;
        self.run("tsc", |command| command)?;
        self.node("client.js", server)
    }

    /// Does the same with the client that hey-api generates.
    ///
    /// # Errors
    /// If any of these fails.
    pub fn hey_api_client(&self, server: &Server) -> Result<()> {
        self.run("openapi-ts", |command| {
            command
                .args(["--silent", "--no-log-file", "--input"])
                .arg(openapi::file())
                .args(["--output", "hey"])
        })?;
        self.run("tsc", |command| {
            command.args(["--project", "tsconfig.hey.json"])
        })?;
        self.node("hey_api.js", server)
    }

    /// Runs a compiled program.
    fn node(&self, program: &str, server: &Server) -> Result<()> {
        let mut node = Command::new("node");
        node.current_dir(&self.directory)
            .env("PATH", &self.search_path)
            .arg(format!("built/{program}"))
            .args([&server.api(), server.token()]);
        succeed(&mut node)
    }

    fn run(&self, program: &str, with: impl FnOnce(&mut Command) -> &mut Command) -> Result<()> {
        let mut command = Command::new(self.directory.join("node_modules/.bin").join(program));
        command
            .current_dir(&self.directory)
            .env("PATH", &self.search_path);
        succeed(with(&mut command))
    }
}

fn copy(files: &[&str], into: &Path) -> Result<()> {
    for file in files {
        let from = sources().join("typescript").join(file);
        fs::copy(&from, into.join(file))
            .with_context(|| format!("cannot copy {}", from.display()))?;
    }
    Ok(())
}
