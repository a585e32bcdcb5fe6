//! What can be said to `restow push`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::replaces::Replaces;
use restow_sdk::CommitPolicy;

/// Examples for the help.
pub const EXAMPLES: &str = "\
A file goes to the dataset of its name without the extension, unless --dataset names another. An upload that was \
broken off is resumed: the same command once more sends only the parts that S3 does not hold yet.

Examples:
  restow push weather.csv
  restow push today.parquet --dataset weather --create
  restow push data/*.csv --files 8 --commit never";

/// Files that are under way at once unless another number is asked for.
pub const FILES_AT_ONCE: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// Arguments of `restow push`.
#[derive(Args, Debug)]
pub struct PushArguments {
    /// Files to upload
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Name or identifier of the dataset, for a single file [default: the file's name without its extension]
    #[arg(long, short, value_name = "NAME|ID")]
    pub dataset: Option<String>,
    /// Create the dataset if there is none
    #[arg(long)]
    pub create: bool,
    /// Name that the version keeps, for a single file [default: the file's own]
    #[arg(long, value_name = "NAME")]
    pub filename: Option<String>,
    /// MIME type that the version keeps [default: that of the file's extension]
    #[arg(long, value_name = "TYPE")]
    pub content_type: Option<String>,
    /// When to make the file the current version, after its inspection
    #[arg(long, value_name = "WHEN", default_value = "if-compatible")]
    pub commit: Commit,
    /// Only if this version is the current one, or `none`, for a single file [default: the one when the job begins]
    #[arg(long, value_name = "VERSION|none")]
    pub replaces: Option<Replaces>,
    /// Most parts of a file under way at once; fewer are used where more make it no faster [default: 8]
    #[arg(long, value_name = "NUMBER")]
    pub concurrency: Option<NonZeroUsize>,
    /// Most files under way at once
    #[arg(long = "files", value_name = "NUMBER", default_value_t = FILES_AT_ONCE)]
    pub files_at_once: NonZeroUsize,
    /// Begin anew, even if an earlier upload of the file could be resumed
    #[arg(long)]
    pub no_resume: bool,
}

/// When a file becomes the current version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Commit {
    /// Whatever its columns are.
    Always,
    /// If readers of the current version can read it too; else it waits for `restow job commit`.
    IfCompatible,
    /// Not at all: it waits for `restow job commit`.
    Never,
}

impl Commit {
    /// Whether the command is to commit at all.
    pub fn wants_commit(self) -> bool {
        self != Self::Never
    }
}

impl From<Commit> for CommitPolicy {
    fn from(commit: Commit) -> Self {
        match commit {
            Commit::Always => Self::Always,
            Commit::IfCompatible => Self::IfCompatible,
            Commit::Never => Self::LeaveAtPreview,
        }
    }
}

impl PushArguments {
    /// How many files to work on side by side.
    pub fn at_once(&self) -> usize {
        self.files_at_once.get()
    }
}
