//! Signers that are programs of their own: they take the request as JSON, sign all URLs once without counting it, then
//! print the seconds of a second time, or the first URL, or a version.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::request::Request;

/// A program, with the script that it runs, if any.
pub struct Program {
    program: PathBuf,
    script: Option<PathBuf>,
}

impl Program {
    /// The one at a path.
    pub fn new(program: &Path, script: Option<&PathBuf>) -> Self {
        Self {
            program: program.to_path_buf(),
            script: script.cloned(),
        }
    }

    /// Name and version of what it signs with.
    pub fn version(&self, request: &Request) -> Result<String> {
        self.run("version", request)
    }

    /// The URL of the first part.
    pub fn first_url(&self, request: &Request) -> Result<String> {
        self.run("first", request)
    }

    /// How long all URLs take.
    pub fn time(&self, request: &Request) -> Result<Duration> {
        let seconds = self.run("time", request)?;
        let seconds: f64 = seconds
            .parse()
            .with_context(|| format!("{} printed {seconds}", self.program.display()))?;
        Ok(Duration::try_from_secs_f64(seconds)?)
    }

    fn run(&self, what: &str, request: &Request) -> Result<String> {
        let name = self.program.display();
        let output = Command::new(&self.program)
            .args(&self.script)
            .args([what, &serde_json::to_string(request)?])
            .output()
            .with_context(|| format!("{name} cannot be run"))?;
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(
            output.status.success(),
            "{name} {what} ended with {}: {errors}",
            output.status
        );
        let printed = String::from_utf8(output.stdout)?;
        Ok(last_line(&printed)?.trim().to_string())
    }
}

/// What was printed last.
fn last_line(output: &str) -> Result<&str> {
    output.lines().last().context("it printed nothing")
}
