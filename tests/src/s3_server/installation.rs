//! Where `cargo xtask install` puts the servers.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Kind, ceph, output, seaweedfs};

/// The file that is written last, so that an interrupted installation is none.
const MARKER: &str = "complete";

/// The directory of one program that is completely there.
#[derive(Clone, Debug)]
pub struct Installation(PathBuf);

impl Installation {
    /// That of a server.
    pub fn of(kind: Kind) -> Option<Self> {
        Self::named(kind.name())
    }

    /// That of anything else, by its name.
    pub fn named(name: &str) -> Option<Self> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        let directory = workspace
            .join(target)
            .join("s3-servers")
            .join(name)
            .canonicalize()
            .ok()?;
        directory.join(MARKER).is_file().then_some(Self(directory))
    }

    /// A path below it.
    pub fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// The version that the server's own program says.
    ///
    /// # Errors
    /// If the program cannot be run.
    pub fn version(&self, kind: Kind) -> Result<String> {
        let (mut command, argument): (Command, _) = match kind {
            Kind::SeaweedFs => (seaweedfs::program(self), "version"),
            Kind::Ceph => (ceph::program(self, "radosgw"), "--version"),
        };
        command.arg(argument);
        // "version 8000GB 4.48 linux amd64"; "ceph version 16.2.15 (...) pacific (stable)"
        let said = output(command)?;
        said.split_whitespace()
            .nth(2)
            .map(str::to_string)
            .with_context(|| format!("no version: {said}"))
    }
}
