//! The files to upload, each with its dataset.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::arguments::PushArguments;
use crate::failure::Failure;
use crate::printable::printable;
use restow_sdk::Error;

/// A file and its dataset.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// Path of the file.
    pub path: PathBuf,
    /// Name of the file without its directory, safe to print.
    pub name: String,
    /// Name or identifier of the dataset.
    pub dataset: String,
}

/// The targets of all files.
///
/// # Errors
/// [`Failure::Usage`] if the arguments are ambiguous.
pub fn targets(arguments: &PushArguments) -> Result<Vec<Target>> {
    if arguments.files.len() > 1 {
        reject_single_file_options(arguments)?;
    }
    let targets = arguments
        .files
        .iter()
        .map(|path| target(path, arguments.dataset.as_deref()));
    let targets = targets.collect::<Result<Vec<_>>>()?;
    let mut seen: HashMap<&str, &Path> = HashMap::new();
    for Target { path, dataset, .. } in &targets {
        if let Some(other) = seen.insert(dataset, path) {
            let (one, other) = (other.display(), path.display());
            return Err(usage(format!(
                "{one} and {other} have the same target, the dataset {}; push them one by one with --dataset",
                printable(dataset)
            )));
        }
    }
    Ok(targets)
}

fn reject_single_file_options(arguments: &PushArguments) -> Result<()> {
    let given = [
        ("--dataset", arguments.dataset.is_some()),
        ("--filename", arguments.filename.is_some()),
        ("--replaces", arguments.replaces.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(usage(format!(
            "{option} can be used with a single file only"
        ))),
        None => Ok(()),
    }
}

fn target(path: &Path, dataset: Option<&str>) -> Result<Target> {
    let name = path
        .file_name()
        .map(|name| printable(&name.to_string_lossy()).into_owned());
    let name = name.ok_or_else(|| usage(format!("{} has no filename", path.display())))?;
    let stem = || {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let dataset = dataset.map_or_else(stem, str::to_string);
    Ok(Target {
        path: path.to_path_buf(),
        name,
        dataset,
    })
}

fn usage(message: String) -> anyhow::Error {
    Failure::Usage(message).into()
}

impl Target {
    /// Checks that the file can be uploaded, before anything is created on the server.
    ///
    /// # Errors
    /// If it is missing, unreadable, empty, or no regular file.
    pub fn check(&self) -> Result<()> {
        let unreadable = |source| Error::Source {
            name: self.path.display().to_string(),
            source,
        };
        let metadata = fs::metadata(&self.path).map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(usage(format!(
                "{} is a directory; pass the files in it",
                self.path.display()
            )));
        }
        if !metadata.is_file() {
            let message = "is not a regular file; the size must be known before the upload";
            return Err(usage(format!("{} {message}", self.path.display())));
        }
        if metadata.len() == 0 {
            return Err(Error::EmptySource(self.path.display().to_string()).into());
        }
        File::open(&self.path).map_err(unreadable)?;
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
        Ok(targets(&parsed)?
            .into_iter()
            .map(|target| target.dataset)
            .collect())
    }

    #[test]
    fn dataset_defaults_to_the_file_stem() {
        assert_eq!(datasets(&["data/weather.csv"]).unwrap(), ["weather"]);
        assert_eq!(datasets(&["a.b.csv", "c"]).unwrap(), ["a.b", "c"]);
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
            &[".."],
        ] {
            assert!(datasets(arguments).is_err(), "{arguments:?}");
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
            assert!(
                target(path, None).unwrap().check().is_err(),
                "{}",
                path.display()
            );
        }
    }
}
