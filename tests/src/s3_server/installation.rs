//! Where `cargo xtask install` puts the servers.

use std::path::{Path, PathBuf};

/// The file that is written last, so that an interrupted installation is none.
const MARKER: &str = "complete";

/// The directory of one program that is completely there.
#[derive(Clone, Debug)]
pub struct Installation(PathBuf);

impl Installation {
    /// That of the program with this name.
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
}
