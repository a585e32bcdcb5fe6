//! Clients in TypeScript, of two generators.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::npm::Packages;
use crate::openapi;
use crate::server::Server;

/// The programs, and how they are compiled.
const PROGRAMS: [&str; 4] = [
    "client.ts",
    "hey_api.ts",
    "tsconfig.json",
    "tsconfig.hey.json",
];

/// Two generators, the client that goes with the first, and the compiler, installed.
pub struct TypeScript(Packages);

impl TypeScript {
    /// Brings the packages below the directory, unless they are there.
    ///
    /// # Errors
    /// If they cannot be had.
    pub fn install(directory: &Path) -> Result<Self> {
        let packages = Packages::install(directory, "typescript")?;
        packages.copy(&PROGRAMS)?;
        Ok(Self(packages))
    }

    /// Generates types from the document, compiles the program with them, and has it do the main job.
    ///
    /// # Errors
    /// If any of these fails.
    pub fn generated_client(&self, server: &Server) -> Result<()> {
        self.0.run("openapi-typescript", |command| {
            // Otherwise a member with a default must be sent.
            command.arg(openapi::file()).args([
                "--default-non-nullable",
                "false",
                "--output",
                "schema.ts",
            ])
        })?;
        self.0.run("tsc", |command| command)?;
        self.node("client.js", server)
    }

    /// Does the same with the client that hey-api generates.
    ///
    /// # Errors
    /// If any of these fails.
    pub fn hey_api_client(&self, server: &Server) -> Result<()> {
        self.0.run("openapi-ts", |command| {
            command
                .args(["--silent", "--no-log-file", "--input"])
                .arg(openapi::file())
                .args(["--output", "hey"])
        })?;
        self.0.run("tsc", |command| {
            command.args(["--project", "tsconfig.hey.json"])
        })?;
        self.node("hey_api.js", server)
    }

    /// Runs a compiled program.
    fn node(&self, program: &str, server: &Server) -> Result<()> {
        let mut node = Command::new("node");
        node.arg(format!("built/{program}"))
            .args([&server.api(), server.token()]);
        self.0.succeed(&mut node)
    }
}
