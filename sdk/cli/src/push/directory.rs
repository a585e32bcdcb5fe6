//! The files below a directory.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::glob::Glob;

/// A file below a directory.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path.
    pub path: PathBuf,
    /// Its path from the directory, with slashes.
    pub relative: String,
}

/// Which files are wanted.
#[derive(Debug)]
pub struct Filter<'a> {
    /// Patterns of which a file must match one; empty for all files.
    pub include: &'a [Glob],
    /// Patterns of which neither a file nor a directory above it may match one.
    pub exclude: &'a [Glob],
}

/// All wanted files below a directory, by their names. Hidden files and directories are left out, and links to
/// directories are not followed, since they can lead in a circle.
///
/// # Errors
/// If a directory cannot be read.
pub fn files_below(directory: &Path, filter: &Filter<'_>) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    walk(directory, "", filter, &mut found)?;
    Ok(found)
}

fn walk(directory: &Path, prefix: &str, filter: &Filter<'_>, found: &mut Vec<Found>) -> Result<()> {
    let unreadable = || format!("cannot read the directory {}", directory.display());
    let entries = fs::read_dir(directory).with_context(unreadable)?;
    let mut entries: Vec<DirEntry> = entries.collect::<Result<_, _>>().with_context(unreadable)?;
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let relative = format!("{prefix}{name}");
        let matches = |globs: &[Glob]| globs.iter().any(|glob| glob.matches(&relative));
        if name.starts_with('.') || matches(filter.exclude) {
            continue;
        }
        let path = entry.path();
        if entry.file_type().with_context(unreadable)?.is_dir() {
            walk(&path, &format!("{relative}/"), filter, found)?;
        } else if path.is_file() && (filter.include.is_empty() || matches(filter.include)) {
            found.push(Found { path, relative });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_excluded_files_are_left_out() {
        let directory = tempfile::tempdir().unwrap();
        let below = |name: &str| directory.path().join(name);
        for name in [
            "a.csv",
            "b.txt",
            ".hidden.csv",
            "x/c.csv",
            "x/tmp/d.csv",
            ".git/e.csv",
        ] {
            fs::create_dir_all(below(name).parent().unwrap()).unwrap();
            fs::write(below(name), "x").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("..", below("x/circle")).unwrap();
        let globs = |patterns: &[&str]| -> Vec<Glob> {
            patterns
                .iter()
                .map(|pattern| pattern.parse().unwrap())
                .collect()
        };
        let names = |include: &[&str], exclude: &[&str]| -> Vec<String> {
            let filter = Filter {
                include: &globs(include),
                exclude: &globs(exclude),
            };
            let found = files_below(directory.path(), &filter).unwrap();
            found.into_iter().map(|found| found.relative).collect()
        };
        assert_eq!(
            names(&[], &[]),
            ["a.csv", "b.txt", "x/c.csv", "x/tmp/d.csv"]
        );
        assert_eq!(names(&["*.csv"], &["tmp"]), ["a.csv", "x/c.csv"]);
        assert_eq!(names(&["x/**"], &["x/c.*"]), ["x/tmp/d.csv"]);
    }
}
