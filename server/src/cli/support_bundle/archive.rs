//! Where the bundle is written: a compressed archive, or a directory.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

/// Directory within the archive.
const DIRECTORY: &str = "restow-support";

/// A bundle that is being written, for its owner alone.
pub(super) enum Archive {
    Compressed(Box<tar::Builder<GzEncoder<File>>>),
    Directory(PathBuf),
}

impl Archive {
    /// A new file, if its name is that of a compressed archive, or else a new directory.
    pub(super) fn create(output: &Path) -> io::Result<Self> {
        let name = output.to_string_lossy();
        if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
            let file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(output)?;
            let encoder = GzEncoder::new(file, Compression::default());
            return Ok(Self::Compressed(Box::new(tar::Builder::new(encoder))));
        }
        DirBuilder::new().mode(0o700).create(output)?;
        Ok(Self::Directory(output.to_path_buf()))
    }

    /// Adds a file: a string as it is, anything else as JSON.
    pub(super) fn add(&mut self, name: &str, content: &Value) -> io::Result<()> {
        let text = match content {
            Value::String(text) => text.clone(),
            value => serde_json::to_string_pretty(value)? + "\n",
        };
        match self {
            Self::Compressed(builder) => {
                let mut header = tar::Header::new_gnu();
                header.set_size(text.len() as u64);
                header.set_mode(0o600);
                header.set_cksum();
                builder.append_data(&mut header, format!("{DIRECTORY}/{name}"), text.as_bytes())
            }
            Self::Directory(directory) => fs::write(directory.join(name), text),
        }
    }

    /// Writes the rest.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Compressed(builder) => {
                let mut file = builder.into_inner()?.finish()?;
                file.flush()?;
                file.sync_all()
            }
            Self::Directory(_) => Ok(()),
        }
    }
}
