//! What comes from the npm registry: the generator of types, the client that goes with it, and the compiler.

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

/// The program itself, and how it is compiled.
const PROGRAM: [&str; 2] = ["client.ts", "tsconfig.json"];

/// A directory with exactly the packages of `package-lock.json`.
pub struct TypeScript {
    directory: PathBuf,
}

impl TypeScript {
    /// Brings the packages below the directory, unless they are there.
    ///
    /// # Errors
    /// If they cannot be had.
    pub fn install(directory: &Path) -> Result<Self> {
        let directory = directory.join("typescript");
        let wanted = fs::read_to_string(sources().join("typescript/package-lock.json"))?;
        install::bring(
            &directory,
            "the packages of package-lock.json",
            &wanted,
            |into| {
                copy(&MANIFESTS, into)?;
                docs::ensure_program("node")?;
                docs::ensure_program("npm")?;
                succeed(
                    Command::new("npm")
                        .args(["ci", "--loglevel=error"])
                        .current_dir(into),
                )
            },
        )
        .context("failed to install the npm packages with npm ci")?;
        Ok(Self { directory })
    }

    /// Generates types from the document, compiles the program with them, and has it do the main job.
    ///
    /// # Errors
    /// If any of these fails.
    pub fn generated_client(&self, server: &Server) -> Result<()> {
        copy(&PROGRAM, &self.directory)?;
        let document = openapi::file();
        self.run("openapi-typescript", |command| {
            command.arg(&document).args(["--output", "schema.ts"])
        })?;
        self.run("tsc", |command| command)?;
        let mut node = Command::new("node");
        succeed(
            node.current_dir(&self.directory)
                .arg("built/client.js")
                .args([&server.api(), server.token()]),
        )
    }

    fn run(&self, program: &str, with: impl FnOnce(&mut Command) -> &mut Command) -> Result<()> {
        let mut command = Command::new(self.directory.join("node_modules/.bin").join(program));
        succeed(with(command.current_dir(&self.directory)))
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
