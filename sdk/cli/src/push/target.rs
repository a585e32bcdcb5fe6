//! Which file goes to which dataset.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::arguments::PushArguments;
use crate::failure::Failure;
use crate::printable::printable;
use restow_sdk::Error;

/// One file, and where it goes.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// The file.
    pub path: PathBuf,
    /// The file's own name, without its directory, fit for a terminal.
    pub name: String,
    /// Name or identifier of the dataset.
    pub dataset: String,
}

/// The targets of all files.
///
/// # Errors
/// [`Failure::Usage`] if the arguments leave open, or mix up, what goes where.
pub fn targets(arguments: &PushArguments) -> Result<Vec<Target>> {
    if arguments.files.len() > 1 {
        refuse_options_for_one(arguments)?;
    }
    let targets = arguments
        .files
        .iter()
        .map(|path| target(path, arguments.dataset.as_deref()));
    let targets = targets.collect::<Result<Vec<_>>>()?;
    let mut taken: HashMap<&str, &Path> = HashMap::new();
    for Target { path, dataset, .. } in &targets {
        if let Some(other) = taken.insert(dataset, path) {
            let (one, other) = (other.display(), path.display());
            return Err(usage(format!(
                "{one} and {other} would both go to the dataset {}",
                printable(dataset)
            )));
        }
    }
    Ok(targets)
}

fn refuse_options_for_one(arguments: &PushArguments) -> Result<()> {
    let given = [
        ("--dataset", arguments.dataset.is_some()),
        ("--filename", arguments.filename.is_some()),
        ("--replaces", arguments.replaces.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(usage(format!(
            "{option} is for a single file; several go to the datasets of their names"
        ))),
        None => Ok(()),
    }
}

fn target(path: &Path, dataset: Option<&str>) -> Result<Target> {
    let name = path
        .file_name()
        .map(|name| printable(&name.to_string_lossy()).into_owned());
    let name =
        name.ok_or_else(|| usage(format!("{} is not the name of a file", path.display())))?;
    let of_file = || {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let dataset = dataset.map_or_else(of_file, str::to_string);
    Ok(Target {
        path: path.to_path_buf(),
        name,
        dataset,
    })
}

fn usage(problem: String) -> anyhow::Error {
    Failure::Usage(problem).into()
}

impl Target {
    /// Whether there is a file with something in it, before anything is made on the server for it.
    pub fn check(&self) -> Result<()> {
        let unreadable = |source| Error::Source {
            name: self.path.display().to_string(),
            source,
        };
        let metadata = fs::metadata(&self.path).map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(usage(format!(
                "{} is a directory; name the files in it",
                self.path.display()
            )));
        }
        if !metadata.is_file() {
            let problem = "is not a regular file, whose size is known before it is uploaded";
            return Err(usage(format!("{} {problem}", self.path.display())));
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
    fn a_file_goes_to_the_dataset_of_its_name() {
        assert_eq!(datasets(&["data/weather.csv"]).unwrap(), ["weather"]);
        assert_eq!(datasets(&["a.b.csv", "c"]).unwrap(), ["a.b", "c"]);
        assert_eq!(
            datasets(&["weather.csv", "--dataset", "climate"]).unwrap(),
            ["climate"]
        );
    }

    #[test]
    fn what_is_ambiguous_is_refused() {
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
    fn what_cannot_be_uploaded_is_found_before_anything_is_made() {
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
