//! What is uploaded.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use bytesize::ByteSize;
use rand::Rng;

/// Bytes that are made at a time.
const BLOCK: usize = 64 * 1024;

/// Files of one size in a directory of their own. Their bytes cannot be compressed, and nothing inspects files of their
/// extension.
#[derive(Debug)]
pub struct Load {
    directory: PathBuf,
    files: Vec<String>,
    size: u64,
}

impl Load {
    /// Makes so many files of so many bytes each, in a new directory.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn create(directory: &Path, files: u64, size: u64) -> Result<Self> {
        fs::create_dir(directory)?;
        let load = Self {
            directory: directory.to_path_buf(),
            files: (1..=files)
                .map(|number| format!("file-{number:05}.bin"))
                .collect(),
            size,
        };
        load.files
            .iter()
            .try_for_each(|file| write(&directory.join(file), size))?;
        Ok(load)
    }

    /// Where the files are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What it is called for short, which is the name of the directory.
    pub fn name(&self) -> String {
        self.directory
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// The names of the files.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// How many files, and of which size.
    pub fn title(&self) -> String {
        let size = ByteSize::b(self.size)
            .display()
            .iec()
            .to_string()
            .replace(".0 ", " ");
        match self.files.len() {
            1 => format!("one file of {size}"),
            number => format!("{number} files of {size}"),
        }
    }

    /// Bytes of all files together.
    pub fn bytes(&self) -> u64 {
        self.size * self.files.len() as u64
    }

    /// Bytes of all files together, in MiB.
    #[expect(clippy::cast_precision_loss, reason = "it is divided by a time")]
    pub fn mebibytes(&self) -> f64 {
        self.bytes() as f64 / f64::from(1 << 20)
    }

    /// Reads all files, so that they are in memory where there is enough of it.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn read(&self) -> Result<()> {
        for file in &self.files {
            io::copy(&mut File::open(self.directory.join(file))?, &mut io::sink())?;
        }
        Ok(())
    }
}

fn write(path: &Path, size: u64) -> Result<()> {
    let mut file = BufWriter::with_capacity(BLOCK, File::create(path)?);
    let (mut generator, mut block, mut left) = (rand::rng(), vec![0; BLOCK], size);
    while left > 0 {
        let length = usize::try_from(left)?.min(BLOCK);
        generator.fill_bytes(&mut block[..length]);
        file.write_all(&block[..length])?;
        left -= length as u64;
    }
    Ok(file.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_exist_with_their_sizes() {
        let directory = tempfile::tempdir().unwrap();
        let load = Load::create(&directory.path().join("few"), 3, 100_000).unwrap();
        assert_eq!((load.bytes(), load.name().as_str()), (300_000, "few"));
        assert_eq!(load.title(), "3 files of 97.7 KiB");
        let contents: Vec<_> = load
            .files()
            .iter()
            .map(|file| fs::read(load.directory().join(file)).unwrap())
            .collect();
        assert!(contents.iter().all(|content| content.len() == 100_000));
        assert!(
            contents[0] != contents[1] && contents[1] != contents[2],
            "the same bytes could be stored once"
        );
        load.read().unwrap();
    }

    #[test]
    fn load_of_one_file_is_described() {
        let load = Load {
            directory: "large".into(),
            files: vec!["file".to_string()],
            size: 4 << 30,
        };
        assert_eq!(
            (load.title().as_str(), load.mebibytes()),
            ("one file of 4 GiB", 4096.0)
        );
    }
}
