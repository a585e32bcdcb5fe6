//! The Go toolchain: that of the machine, or Debian's, unpacked into the target directory.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::install::{apt, bring};
use crate::process::{output, succeed};

/// Debian's package of the compiler.
const PACKAGE: &str = "golang-go";

/// A toolchain.
pub struct Go {
    program: PathBuf,
    /// Where programs are compiled; the cache of the compiler is beside them.
    directory: PathBuf,
}

impl Go {
    /// Finds or fetches the toolchain.
    ///
    /// # Errors
    /// If there is none, and Debian's cannot be had.
    pub fn install(directory: &Path) -> Result<Self> {
        let directory = directory.join("go");
        if output(Command::new("go").arg("version")).is_ok() {
            let program = PathBuf::from("go");
            return Ok(Self { program, directory });
        }
        let toolchain = directory.join("toolchain");
        bring(&toolchain, PACKAGE, PACKAGE, |into| {
            apt::unpack(&[PACKAGE], into)
        })
        .context("Go is needed (Debian: apt-get install golang-go; macOS: brew install go)")?;
        let program = toolchain.join("root/usr/lib/go/bin/go");
        Ok(Self { program, directory })
    }

    /// The directory of a program that is compiled.
    pub fn directory(&self) -> PathBuf {
        self.directory.join("client")
    }

    /// Compiles the program in the directory, and runs it.
    ///
    /// # Errors
    /// If it does not compile, or fails.
    pub fn run(&self, arguments: &[&str]) -> Result<()> {
        let mut build = Command::new(&self.program);
        build
            .current_dir(self.directory())
            .args(["build", "-o", "client", "."])
            .env("GOCACHE", self.directory.join("cache"))
            // The program has no dependencies but the generated client.
            .env("GOPROXY", "off")
            .env("GOTOOLCHAIN", "local")
            .env("CGO_ENABLED", "0")
            .env_remove("GOFLAGS");
        succeed(&mut build)?;
        succeed(Command::new(self.directory().join("client")).args(arguments))
    }
}
