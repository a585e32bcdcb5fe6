//! Arguments of `restow push`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::glob::Glob;
use super::report_argument::ReportArgument;
use crate::accept_arguments::AcceptArguments;
use crate::ci::CiLogin;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::read_arguments::ReadArguments;
use crate::replaces::Replaces;
use restow_sdk::{CommitPolicy, Resume};

/// Examples for the help.
pub const EXAMPLES: &str = "\
Without --dataset, a file is uploaded to the dataset that has the file's name without its extension, and a file below a \
directory to the one that has its path from there. To resume an interrupted upload, run the same command again: it \
sends only the parts that S3 does not have yet.

Examples:
  restow push weather.csv
  restow push today.parquet --dataset weather --create
  restow push data/*.csv --files 8 --commit never
  restow push data --include '*.csv' --exclude tmp --create --dry-run
  zcat part-*.gz | restow push - --filename weather.csv
  restow push weather.csv --ci --dataset 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d
  restow push export.txt --delimiter ';' --encoding windows-1252 --decimal ,
  restow push weather.csv --accept column_removed --report junit=report.xml";

/// Default number of files that are uploaded in parallel.
pub const DEFAULT_FILES: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// Arguments that select files of directories.
#[derive(Args, Debug)]
pub struct SelectionArguments {
    /// Of a directory, upload only files that match this pattern; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<Glob>,
    /// Of a directory, leave out files and directories that match this pattern; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<Glob>,
    /// Print which files would be uploaded to which datasets, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `restow push`.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct PushArguments {
    /// Files to upload, directories with files, or - for standard input
    #[arg(value_name = "FILE|DIR|-", required = true)]
    pub files: Vec<PathBuf>,
    /// Name or identifier of the dataset; single file only [default: the name of the file without its extension]
    #[arg(long, short, value_name = "NAME|ID")]
    pub dataset: Option<String>,
    /// Log in as a CI job, without a stored secret: a trust rule of the dataset, which is named by its identifier, must match
    #[arg(long, requires = "dataset", conflicts_with = "create")]
    pub ci: bool,
    /// Audience of the CI job's token [default: the one that the server expects, which must be its own URL or host]
    #[arg(long, value_name = "TEXT", requires = "ci")]
    pub audience: Option<String>,
    /// Create the dataset if it does not exist
    #[arg(long)]
    pub create: bool,
    /// Filename to store with the version; required for standard input, single file only [default: the name of the file]
    #[arg(long, value_name = "NAME")]
    pub filename: Option<String>,
    /// Content type to store with the version [default: derived from the extension]
    #[arg(long, value_name = "TYPE")]
    pub content_type: Option<String>,
    /// When to make the file the current version after its inspection
    #[arg(long, value_name = "WHEN", default_value = "if-compatible")]
    pub commit: Commit,
    /// Commit only if this version is current, or `none` if there is none; single file only [default: the version that is current when the job begins]
    #[arg(long, value_name = "VERSION|none")]
    pub replaces: Option<Replaces>,
    /// Maximum parallel part uploads per file; the actual number adapts to the throughput [default: 8]
    #[arg(long, value_name = "NUMBER")]
    pub concurrency: Option<NonZeroUsize>,
    /// Maximum number of files uploaded in parallel
    #[arg(long = "files", value_name = "NUMBER", default_value_t = DEFAULT_FILES)]
    pub files_at_once: NonZeroUsize,
    /// What to accept
    #[command(flatten)]
    pub accept: AcceptArguments,
    /// Do not upload files that have the bytes of the current version; the default for several files, unless --force,
    /// --replaces or --commit never is given
    #[arg(long, conflicts_with = "force")]
    pub skip_unchanged: bool,
    /// Write a report for CI, to FILE or in place of the results; can be repeated
    #[arg(long, value_name = "junit|sarif|markdown[=FILE]")]
    pub report: Vec<ReportArgument>,
    /// Which files of directories
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// Start a new upload, even if an earlier one could be resumed
    #[arg(long)]
    pub no_resume: bool,
    /// How to read the files
    #[command(flatten)]
    pub read: ReadArguments,
}

/// When a file becomes the current version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Commit {
    /// Even if its changes break readers, or the policy of the dataset refuses them
    Always,
    /// If readers of the current version can read it, or its changes are accepted; otherwise it waits for `restow job commit`
    IfCompatible,
    /// The file waits for `restow job commit`, unless the policy of the dataset commits it
    Never,
}

impl Commit {
    /// Whether the command should commit at all.
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
    /// The login of a CI job.
    ///
    /// # Errors
    /// If the dataset is not named by its identifier, or there is no endpoint.
    pub fn ci_login(&self, global: &GlobalArguments) -> Result<CiLogin> {
        let dataset = self.dataset.as_deref().unwrap_or_default();
        let invalid = || {
            let message = "with --ci, --dataset must be the identifier of a dataset, as `restow dataset show` prints it";
            Failure::Usage(message.to_string())
        };
        let dataset_id = dataset.parse().map_err(|_| invalid())?;
        CiLogin::new(global, dataset_id, self.audience.clone())
    }

    /// Whether to resume an earlier upload.
    pub fn resume(&self) -> Resume {
        if self.no_resume {
            Resume::Never
        } else {
            Resume::Automatic
        }
    }

    /// Whether to compare files with the current version before their upload.
    pub fn skips_unchanged(&self) -> bool {
        let wants_job = self.accept.force || self.replaces.is_some() || !self.commit.wants_commit();
        let are_several = self.files.len() > 1 || self.files.iter().any(|path| path.is_dir());
        self.skip_unchanged || (are_several && !wants_job)
    }

    /// Whether the content comes from the standard input.
    pub fn reads_standard_input(&self) -> bool {
        self.files.iter().any(|path| path.as_os_str() == "-")
    }

    /// Maximum number of parallel uploads.
    pub fn parallel_files(&self) -> usize {
        self.files_at_once.get()
    }
}
