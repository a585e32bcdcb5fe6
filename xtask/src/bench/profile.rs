//! How everything is built.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::ValueEnum;

use crate::workspace::{cargo, target};

/// How everything is built.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Profile {
    /// Optimised.
    Release,
    /// As for tests, which is faster to build.
    Dev,
}

impl Profile {
    /// The directory of what is built.
    pub(super) fn directory(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "debug",
        }
    }

    /// Builds something, by the arguments that select it.
    pub(super) fn build(self, selection: &[&str]) -> Result<()> {
        let mut build = cargo();
        build.arg("build").args(selection);
        if self == Self::Release {
            build.arg("--release");
        }
        let status = build.status()?;
        ensure!(
            status.success(),
            "cargo build {} ended with {status}",
            selection.join(" ")
        );
        Ok(())
    }

    /// Builds a program of a package by itself, so that its size and memory are those of what people use.
    pub(super) fn program(self, package: &str) -> Result<PathBuf> {
        self.build(&["--package", package, "--bin", package])?;
        Ok(target().join(self.directory()).join(package))
    }

    /// Builds a program that Restow is compared with.
    pub(super) fn peer(self, package: &str) -> Result<PathBuf> {
        let directory = target().join("peers");
        let into = directory.display().to_string();
        self.build(&[
            "--locked",
            "--manifest-path",
            "tests/peers/Cargo.toml",
            "--target-dir",
            &into,
            "--package",
            package,
        ])?;
        Ok(directory.join(self.directory()).join(package))
    }
}
