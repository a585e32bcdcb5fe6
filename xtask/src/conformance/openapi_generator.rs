//! The clients that openapi-generator generates.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::environment::sources;
use super::go::Go;
use super::python::Python;
use crate::openapi;
use crate::process::output;
use crate::server::Server;
use crate::workspace::renew;

/// What is not generated: tests and pages.
const ONLY_SOURCES: &str =
    "apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false";

/// Generates a Python client, and does the main job with it.
///
/// # Errors
/// If any of these fails.
pub fn python_client(python: &Python, server: &Server) -> Result<()> {
    let generated = python.directory().join("openapi-generator");
    generate(
        python,
        "python",
        &generated,
        &["--package-name", "restow_openapi"],
    )?;
    python.run("python", |command| {
        command
            .env("PYTHONPATH", &generated)
            .arg(sources().join("openapi_generator.py"))
            .args([&server.api(), server.token()])
    })
}

/// Generates a Go client, compiles the program with it, and does the main job.
///
/// # Errors
/// If any of these fails.
pub fn go_client(python: &Python, go: &Go, server: &Server) -> Result<()> {
    let (program, from) = (go.directory(), sources().join("go"));
    // Without these, sizes are limited to 2 GiB, and constants of two enumerations have one name.
    let options = [
        "--type-mappings",
        "integer=int64",
        "--additional-properties",
        "enumClassPrefix=true,withGoMod=false",
        "--package-name",
        "restow",
    ];
    renew(&program)?;
    generate(python, "go", &program.join("restow"), &options)?;
    for file in ["main.go", "go.mod"] {
        fs::copy(from.join(file), program.join(file))?;
    }
    go.run(&[&server.api(), server.token()])
}

fn generate(python: &Python, language: &str, into: &Path, options: &[&str]) -> Result<()> {
    renew(into)?;
    let mut generator = python.command("openapi-generator-cli")?;
    generator
        .args(["generate", "--generator-name", language, "--input-spec"])
        .arg(openapi::file())
        .arg("--output")
        .arg(into)
        .args(["--global-property", ONLY_SOURCES])
        .args(options);
    output(&mut generator).map(drop)
}
