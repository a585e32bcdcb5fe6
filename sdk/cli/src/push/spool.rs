//! Standard input, kept in a temporary file: S3 needs the size of an upload before it begins.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use restow_sdk::Source;
use tempfile::NamedTempFile;

/// Name in messages.
pub const NAME: &str = "standard input";

/// Copies the standard input to a temporary file, which is deleted when it is dropped.
///
/// # Errors
/// If the input cannot be read, or the file cannot be written.
pub async fn standard_input() -> Result<NamedTempFile> {
    let file = NamedTempFile::with_prefix("restow-").context("cannot create a temporary file")?;
    let path = file.path().display().to_string();
    let mut copy = tokio::fs::File::from_std(file.reopen()?);
    let copied = async {
        tokio::io::copy(&mut tokio::io::stdin(), &mut copy).await?;
        tokio::io::AsyncWriteExt::flush(&mut copy).await
    };
    let advice = || format!("cannot copy {NAME} to {path}; TMPDIR selects another directory");
    copied.await.with_context(advice)?;
    Ok(file)
}

/// The content of that file. It has no record, since the next input has another path: an interrupted upload is found on
/// the server.
pub struct Spooled {
    /// Path of the file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
}

impl Source for Spooled {
    fn name(&self) -> String {
        NAME.to_string()
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn open(&self, range: Range<u64>) -> io::Result<Box<dyn Read + Send>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(range.start))?;
        Ok(Box::new(file))
    }
}
