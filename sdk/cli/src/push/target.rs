//! The files to upload, each with its dataset.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::arguments::PushArguments;
use super::directory::{Filter, Found, files_below};
use super::spool;
use crate::failure::Failure;
use crate::printable::printable;
use restow_sdk::Error;

/// Extensions of compressed files.
const COMPRESSIONS: [&str; 6] = ["gz", "gzip", "zst", "zstd", "bz2", "xz"];

/// Extensions that a compressed file has before its own.
const FORMATS: [&str; 10] = [
    "csv", "tsv", "tab", "psv", "txt", "json", "ndjson", "jsonl", "parquet", "arrow",
];

/// A file and its dataset.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// Path of the file as it was given, or found below a directory.
    pub path: PathBuf,
    /// Path of the content, which differs for the standard input.
    pub content: PathBuf,
    /// Name of the file as it is shown, safe to print.
    pub name: String,
    /// Name or identifier of the dataset.
    pub dataset: String,
}

/// The targets of all files. The standard input was copied to the file `spooled`.
///
/// # Errors
/// [`Failure::Usage`] if the arguments are ambiguous, or select no file.
pub fn targets(arguments: &PushArguments, spooled: Option<&Path>) -> Result<Vec<Target>> {
    let has_directory = arguments.files.iter().any(|path| path.is_dir());
    if arguments.files.len() > 1 || has_directory {
        reject_single_file_options(arguments)?;
    }
    let selects =
        !arguments.selection.include.is_empty() || !arguments.selection.exclude.is_empty();
    if selects && !has_directory {
        let message = "--include and --exclude select files of a directory, and none was given";
        return Err(usage(message.to_string()));
    }
    let mut targets = Vec::new();
    for path in &arguments.files {
        if path.is_dir() {
            targets.extend(targets_below(path, arguments)?);
        } else {
            targets.push(target(path, arguments, spooled)?);
        }
    }
    reject_equal_datasets(&targets)?;
    Ok(targets)
}

fn reject_equal_datasets(targets: &[Target]) -> Result<()> {
    let mut seen: HashMap<&str, &Path> = HashMap::new();
    for Target { path, dataset, .. } in targets {
        if let Some(other) = seen.insert(dataset, path) {
            let (one, other) = (other.display(), path.display());
            return Err(usage(format!(
                "{one} and {other} have the same target, the dataset {}; push them one by one with --dataset",
                printable(dataset)
            )));
        }
    }
    Ok(())
}

fn reject_single_file_options(arguments: &PushArguments) -> Result<()> {
    let given = [
        ("--dataset", arguments.dataset.is_some()),
        ("--filename", arguments.filename.is_some()),
        ("--replaces", arguments.replaces.is_some()),
        ("-", arguments.reads_standard_input()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(usage(format!(
            "{option} can be used with a single file only"
        ))),
        None => Ok(()),
    }
}

/// The files below a directory, each for the dataset that has its relative path without the extension as its name.
fn targets_below(directory: &Path, arguments: &PushArguments) -> Result<Vec<Target>> {
    let filter = Filter {
        include: &arguments.selection.include,
        exclude: &arguments.selection.exclude,
    };
    let found = files_below(directory, &filter)?;
    if found.is_empty() {
        let message = format!("no file to push below {}", directory.display());
        return Err(usage(message));
    }
    let targets = found.into_iter().map(|Found { path, relative }| {
        let start = relative.rfind('/').map_or(0, |slash| slash + 1);
        let (prefix, filename) = relative.split_at(start);
        Target {
            content: path.clone(),
            path,
            name: printable(&relative).into_owned(),
            dataset: format!("{prefix}{}", stem(filename)),
        }
    });
    Ok(targets.collect())
}

fn target(path: &Path, arguments: &PushArguments, spooled: Option<&Path>) -> Result<Target> {
    let file_name = path.file_name().map(|name| name.to_string_lossy());
    let file_name =
        file_name.ok_or_else(|| usage(format!("{} has no filename", path.display())))?;
    let name = arguments.filename.as_deref().unwrap_or(&file_name);
    let named = if spooled.is_some() { name } else { &*file_name };
    let dataset = arguments.dataset.as_deref().unwrap_or(stem(named));
    Ok(Target {
        path: path.to_path_buf(),
        content: spooled.unwrap_or(path).to_path_buf(),
        name: printable(name).into_owned(),
        dataset: dataset.to_string(),
    })
}

/// The filename without its extension; a compressed file has two.
fn stem(filename: &str) -> &str {
    let is_any =
        |extension: &str, any: &[&str]| any.iter().any(|one| extension.eq_ignore_ascii_case(one));
    match split_extension(filename) {
        Some((inner, outer)) if is_any(outer, &COMPRESSIONS) => match split_extension(inner) {
            Some((stem, extension)) if is_any(extension, &FORMATS) => stem,
            _ => inner,
        },
        Some((stem, _)) => stem,
        None => filename,
    }
}

/// Stem and extension; the name of a hidden file is no extension.
fn split_extension(filename: &str) -> Option<(&str, &str)> {
    filename
        .rsplit_once('.')
        .filter(|(stem, _)| !stem.is_empty())
}

fn usage(message: String) -> anyhow::Error {
    Failure::Usage(message).into()
}

impl Target {
    /// Size of the file in bytes; 0 if it cannot be read.
    pub fn size(&self) -> u64 {
        fs::metadata(&self.content).map_or(0, |found| found.len())
    }

    /// The path, or what it stands for, in messages.
    fn display(&self) -> String {
        if self.content == self.path {
            self.path.display().to_string()
        } else {
            spool::NAME.to_string()
        }
    }

    /// Checks that the file can be uploaded, before anything is created on the server.
    ///
    /// # Errors
    /// If it is missing, unreadable, empty, or no regular file.
    pub fn check(&self) -> Result<()> {
        let unreadable = |source| Error::Source {
            name: self.display(),
            source,
        };
        let metadata = fs::metadata(&self.content).map_err(unreadable)?;
        if !metadata.is_file() {
            let message =
                "is not a regular file; `restow push - --filename NAME` reads standard input";
            return Err(usage(format!("{} {message}", self.display())));
        }
        if metadata.len() == 0 {
            return Err(Error::EmptySource(self.display()).into());
        }
        File::open(&self.content).map_err(unreadable)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        push: PushArguments,
    }

    fn datasets(arguments: &[&str]) -> Result<Vec<String>> {
        let parsed = Command::parse_from([&["push"], arguments].concat()).push;
        Ok(targets(&parsed, None)?
            .into_iter()
            .map(|target| target.dataset)
            .collect())
    }

    #[test]
    fn dataset_defaults_to_the_file_stem() {
        assert_eq!(datasets(&["data/weather.csv"]).unwrap(), ["weather"]);
        assert_eq!(datasets(&["a.b.csv", "c"]).unwrap(), ["a.b", "c"]);
        let compressed = ["z.csv.gz", "y.NDJSON.ZST", "x.gz", "v.2.gz", ".csv.gz"];
        assert_eq!(
            datasets(&compressed).unwrap(),
            ["z", "y", "x", "v.2", ".csv"]
        );
        assert_eq!(
            datasets(&["weather.csv", "--dataset", "climate"]).unwrap(),
            ["climate"]
        );
    }

    #[test]
    fn ambiguous_targets_are_refused() {
        for arguments in [
            &["a.csv", "b.csv", "--dataset", "x"][..],
            &["a.csv", "b.csv", "--filename", "x"],
            &["a.csv", "b.csv", "--replaces", "none"],
            &["one/a.csv", "two/a.parquet"],
            &["a.csv", "-"],
            &["a.csv", "--include", "*.csv"],
        ] {
            assert!(datasets(arguments).is_err(), "{arguments:?}");
        }
    }

    #[test]
    fn files_below_a_directory_have_relative_names() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("alps")).unwrap();
        for name in ["rain.csv.gz", "alps/snow.csv"] {
            fs::write(directory.path().join(name), "x").unwrap();
        }
        let path = directory.path().to_str().unwrap();
        assert_eq!(datasets(&[path]).unwrap(), ["alps/snow", "rain"]);
        assert_eq!(datasets(&[path, "--exclude", "alps"]).unwrap(), ["rain"]);
        for refused in [
            &[path, "--include", "*.parquet"][..],
            &[path, "--dataset", "x"],
        ] {
            assert!(datasets(refused).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn unusable_files_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        let empty = directory.path().join("empty.csv");
        fs::write(&empty, "").unwrap();
        for path in [
            directory.path(),
            &empty,
            &directory.path().join("missing.csv"),
        ] {
            let target = Target {
                path: path.to_owned(),
                content: path.to_owned(),
                name: String::new(),
                dataset: String::new(),
            };
            assert!(target.check().is_err(), "{}", path.display());
        }
    }
}
