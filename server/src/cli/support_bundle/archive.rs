//! Where the bundle is written: a compressed archive, in a file or to standard output, or a directory.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, IsTerminal, Stdout, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tar::Builder;

/// Directory within the archive.
const DIRECTORY: &str = "restow-support";

/// What names standard output.
const STANDARD_OUTPUT: &str = "-";

/// A bundle that is being written, for its owner alone.
pub(super) enum Archive {
    File(Box<Builder<GzEncoder<File>>>),
    Output(Box<Builder<GzEncoder<Stdout>>>),
    Directory(PathBuf),
}

impl Archive {
    /// Standard output, if that is named; a new file, if its name is that of a compressed archive; or else a new directory.
    pub(super) fn create(output: &Path) -> Result<Self> {
        if output == Path::new(STANDARD_OUTPUT) {
            let output = io::stdout();
            if output.is_terminal() {
                bail!(
                    "a compressed archive is not for a terminal; redirect standard output to a file"
                );
            }
            return Ok(Self::Output(Box::new(builder(output))));
        }
        Self::create_new(output).with_context(|| {
            format!(
                "cannot create {}; name a file or directory that does not exist, in a directory that does",
                output.display()
            )
        })
    }

    fn create_new(output: &Path) -> io::Result<Self> {
        let name = output.to_string_lossy();
        if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
            let file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(output)?;
            return Ok(Self::File(Box::new(builder(file))));
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
            Self::File(builder) => append(builder, name, &text),
            Self::Output(builder) => append(builder, name, &text),
            Self::Directory(directory) => fs::write(directory.join(name), text),
        }
    }

    /// Writes the rest.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::File(builder) => builder.into_inner()?.finish()?.sync_all(),
            Self::Output(builder) => builder.into_inner()?.finish()?.flush(),
            Self::Directory(_) => Ok(()),
        }
    }
}

fn builder<W: Write>(output: W) -> Builder<GzEncoder<W>> {
    Builder::new(GzEncoder::new(output, Compression::default()))
}

fn append<W: Write>(builder: &mut Builder<W>, name: &str, text: &str) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    header.set_mode(0o600);
    header.set_cksum();
    builder.append_data(&mut header, format!("{DIRECTORY}/{name}"), text.as_bytes())
}
