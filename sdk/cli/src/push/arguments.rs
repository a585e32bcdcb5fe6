//! What can be said to `restow push`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::super::replaces::Replaces;
use super::super::shell_word::{option_words, shell_word};
use super::target::Target;
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
const FILES_AT_ONCE: NonZeroUsize = NonZeroUsize::new(8).unwrap();

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

    /// The command that pushes `targets` like this one does.
    pub fn command_line(&self, targets: &[&Target]) -> String {
        let mut words = vec!["restow".to_string(), "push".to_string()];
        words.extend(targets.iter().map(|target| file_word(&target.path)));
        words.extend(self.options(targets));
        let switches = [("--create", self.create), ("--no-resume", self.no_resume)];
        words.extend(
            switches
                .iter()
                .filter(|(_, given)| *given)
                .map(|(name, _)| (*name).to_string()),
        );
        words.join(" ")
    }

    /// The options that have a value, as words for a shell.
    fn options(&self, targets: &[&Target]) -> impl Iterator<Item = String> {
        let dataset = targets
            .first()
            .filter(|_| self.files.len() == 1)
            .map(|only| only.dataset.clone());
        let commit = (self.commit != Commit::IfCompatible)
            .then(|| self.commit.to_possible_value())
            .flatten();
        let replaced = |replaces: Replaces| {
            replaces
                .0
                .map_or_else(|| "none".to_string(), |version| version.to_string())
        };
        let files_at_once = Some(self.files_at_once).filter(|files| *files != FILES_AT_ONCE);
        let options = [
            ("--dataset", dataset),
            ("--filename", self.filename.clone()),
            ("--content-type", self.content_type.clone()),
            ("--commit", commit.map(|value| value.get_name().to_string())),
            ("--replaces", self.replaces.map(replaced)),
            (
                "--concurrency",
                self.concurrency.map(|parts| parts.to_string()),
            ),
            ("--files", files_at_once.map(|files| files.to_string())),
        ];
        options
            .into_iter()
            .filter_map(|(name, value)| Some(option_words(name, value?)))
    }
}

/// A path as a word that is not taken for an option.
fn file_word(path: &Path) -> String {
    if path.as_os_str().as_encoded_bytes().starts_with(b"-") {
        shell_word(Path::new(".").join(path))
    } else {
        shell_word(path)
    }
}

#[cfg(test)]
mod tests {
    use super::super::target::targets;
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        push: PushArguments,
    }

    fn command_line(arguments: &[&str]) -> String {
        let parsed = Command::parse_from([&["push"], arguments].concat()).push;
        parsed.command_line(&targets(&parsed).unwrap().iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_command_to_resume_says_what_this_one_said() {
        assert_eq!(
            command_line(&["weather.csv"]),
            "restow push weather.csv --dataset weather"
        );
        assert_eq!(
            command_line(&[
                "it's new.csv",
                "-d",
                "weather",
                "--commit",
                "never",
                "--replaces",
                "none"
            ]),
            "restow push 'it'\\''s new.csv' --dataset weather --commit never --replaces none"
        );
        assert_eq!(
            command_line(&["a.csv", "b.csv", "--create"]),
            "restow push a.csv b.csv --create"
        );
        assert_eq!(
            command_line(&[
                "a.csv",
                "b.csv",
                "--no-resume",
                "--concurrency",
                "2",
                "--files",
                "3"
            ]),
            "restow push a.csv b.csv --concurrency 2 --files 3 --no-resume"
        );
    }

    #[test]
    fn nothing_is_taken_for_an_option_that_is_none() {
        for arguments in [&["--", "-x.csv"][..], &["./-x.csv"]] {
            assert_eq!(command_line(arguments), "restow push ./-x.csv --dataset=-x");
        }
    }
}
