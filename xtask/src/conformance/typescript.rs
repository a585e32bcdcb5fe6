//! A client in TypeScript, with types that are generated from the document.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::npm::Packages;
use crate::openapi;
use crate::server::Server;

/// The program itself, and how it is compiled.
const PROGRAM: [&str; 2] = ["client.ts", "tsconfig.json"];

/// The generator of types, the client that goes with it, and the compiler, installed.
pub struct TypeScript(Packages);

impl TypeScript {
    /// Brings the packages below the directory, unless they are there.
    ///
    /// # Errors
    /// If they cannot be had.
    pub fn install(directory: &Path) -> Result<Self> {
        Packages::install(directory, "typescript").map(Self)
    }

    /// Generates types from the document, compiles the program with them, and has it do the main job.
    ///
    /// # Errors
    /// If any of these fails.
    pub fn generated_client(&self, server: &Server) -> Result<()> {
        self.0.copy(&PROGRAM)?;
        let document = openapi::file();
        self.0.run("openapi-typescript", |command| {
            command.arg(&document).args(["--output", "schema.ts"])
        })?;
        self.0.run("tsc", |command| command)?;
        let mut node = Command::new("node");
        self.0.succeed(
            node.arg("built/client.js")
                .args([&server.api(), server.token()]),
        )
    }
}
