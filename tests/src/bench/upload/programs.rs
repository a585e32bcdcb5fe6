//! Where the programs are, and which versions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Serialize;

use super::tool::Tool;

/// A tool that is measured.
#[derive(Clone, Debug, Serialize)]
pub struct Contestant {
    /// Which one.
    pub tool: Tool,
    /// The version that it prints.
    pub version: String,
}

/// Where the programs are; `cargo xtask bench` sets them.
#[derive(Args, Debug)]
pub struct Programs {
    #[arg(long, env = "RESTOW_BENCH_RESTOW", hide = true)]
    restow: PathBuf,
    #[arg(long, env = "RESTOW_BENCH_AWS", hide = true)]
    aws: PathBuf,
    #[arg(long, env = "RESTOW_BENCH_S5CMD", hide = true)]
    s5cmd: PathBuf,
    #[arg(long, env = "RESTOW_BENCH_RCLONE", hide = true)]
    rclone: PathBuf,
}

impl Programs {
    /// The program of a tool.
    pub fn of(&self, tool: Tool) -> &Path {
        match tool {
            Tool::Restow => &self.restow,
            Tool::Aws => &self.aws,
            Tool::S5cmd => &self.s5cmd,
            Tool::Rclone => &self.rclone,
        }
    }

    /// Copies Restow's command into a directory, and uses the copy from now on.
    ///
    /// # Errors
    /// If it cannot be copied.
    pub fn copy_restow(&mut self, directory: &Path) -> Result<()> {
        let copy = directory.join("restow");
        fs::copy(&self.restow, &copy).with_context(|| format!("no {}", self.restow.display()))?;
        self.restow = copy;
        Ok(())
    }

    /// All tools, with their versions.
    ///
    /// # Errors
    /// If one cannot be run, or prints no version.
    pub fn contestants(&self) -> Result<Vec<Contestant>> {
        Tool::ALL
            .into_iter()
            .map(|tool| {
                Ok(Contestant {
                    tool,
                    version: self.version(tool)?,
                })
            })
            .collect()
    }

    fn version(&self, tool: Tool) -> Result<String> {
        let argument = if matches!(tool, Tool::Restow | Tool::Aws) {
            "--version"
        } else {
            "version"
        };
        let output = Command::new(self.of(tool)).arg(argument).output();
        let output =
            output.with_context(|| format!("{} cannot be run", self.of(tool).display()))?;
        ensure!(
            output.status.success(),
            "{tool} does not print its version: {}",
            output.status
        );
        let output = String::from_utf8(output.stdout)?;
        version_in(&output)
            .map(str::to_string)
            .with_context(|| format!("no version: {output}"))
    }
}

/// The first digits with points between them: "aws-cli/1.46.3 Python/3.11", "v2.3.0-991c9fb".
fn version_in(output: &str) -> Option<&str> {
    output
        .split(|character: char| !character.is_ascii_digit() && character != '.')
        .find(|word| word.contains('.') && word.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_program_output() {
        for (output, version) in [
            ("restow 0.1.0\n", "0.1.0"),
            (
                "aws-cli/1.46.3 Python/3.11.7 Linux/6.18.44 botocore/1.43.62\n",
                "1.46.3",
            ),
            ("v2.3.0-991c9fb\n", "2.3.0"),
            (
                "rclone v1.75.2\n- os/version: debian 12.11 (64 bit)\n",
                "1.75.2",
            ),
        ] {
            assert_eq!(version_in(output), Some(version));
        }
        assert_eq!(version_in("usage: s5cmd ..."), None);
    }
}
