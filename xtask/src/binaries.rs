//! The test binaries and programs of the workspace, built once and run without cargo in between.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::workspace::cargo;

/// What has been built.
pub struct Binaries(Vec<Binary>);

struct Binary {
    /// Name of the target: a library's, a program's, or that of an integration test.
    target: String,
    /// Whether it is a test binary rather than a program.
    is_test: bool,
    path: PathBuf,
    /// Directory of the package, in which cargo runs tests.
    package: PathBuf,
}

impl Binaries {
    /// Builds the test binaries that these options of `cargo test` select, and the programs that they run.
    ///
    /// # Errors
    /// If something does not compile.
    pub fn build(selection: &[&str]) -> Result<Self> {
        let mut build = cargo();
        build
            .args(["test", "--workspace", "--no-run"])
            .args(selection);
        build
            .arg("--message-format=json-render-diagnostics")
            .stderr(Stdio::inherit());
        let output = build.output().context("failed to run cargo")?;
        ensure!(
            output.status.success(),
            "cargo test --no-run exited with {}",
            output.status
        );
        let messages = String::from_utf8(output.stdout)?;
        let announced = messages
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<Vec<Value>, _>>()?;
        Ok(Self(announced.iter().filter_map(Binary::of).collect()))
    }

    /// Runs every test binary but those of the named targets.
    ///
    /// # Errors
    /// If tests fail. The remaining binaries are run nevertheless.
    pub fn run_tests_except(&self, targets: &[&str]) -> Result<()> {
        let mut failed = Vec::new();
        for binary in self.0.iter().filter(|binary| binary.is_test) {
            if targets.contains(&binary.target.as_str()) {
                continue;
            }
            println!("\n{}", binary.path.display());
            if !binary.command().status()?.success() {
                failed.push(binary.target.as_str());
            }
        }
        ensure!(failed.is_empty(), "tests failed in {}", failed.join(", "));
        Ok(())
    }

    /// The command that runs the test binary of a target.
    ///
    /// # Errors
    /// If it has not been built.
    pub fn test(&self, target: &str) -> Result<Command> {
        self.find(target, true).map(Binary::command)
    }

    /// The path of a program.
    ///
    /// # Errors
    /// If it has not been built.
    pub fn program(&self, target: &str) -> Result<&Path> {
        self.find(target, false).map(|binary| binary.path.as_path())
    }

    fn find(&self, target: &str, is_test: bool) -> Result<&Binary> {
        let mut found = self.0.iter();
        found
            .find(|binary| binary.target == target && binary.is_test == is_test)
            .with_context(|| format!("{target} has not been built"))
    }
}

impl Binary {
    /// The binary that a message of cargo announces, if any.
    fn of(message: &Value) -> Option<Self> {
        Some(Self {
            target: message["target"]["name"].as_str()?.to_string(),
            is_test: message["profile"]["test"].as_bool()?,
            path: message["executable"].as_str()?.into(),
            package: Path::new(message["manifest_path"].as_str()?)
                .parent()?
                .to_path_buf(),
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command
            .current_dir(&self.package)
            .env("CARGO_MANIFEST_DIR", &self.package);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::Binary;

    #[test]
    fn only_executables_are_binaries() {
        let message = serde_json::json!({
            "reason": "compiler-artifact",
            "manifest_path": "/w/tests/Cargo.toml",
            "target": {"name": "contract"},
            "profile": {"test": true},
            "executable": "/w/target/debug/deps/contract-1",
        });
        let binary = Binary::of(&message).expect("is one");
        assert_eq!((binary.target.as_str(), binary.is_test), ("contract", true));
        assert_eq!(binary.package.to_str(), Some("/w/tests"));
        let mut library = message;
        library["executable"] = serde_json::Value::Null;
        assert!(Binary::of(&library).is_none());
    }
}
