//! All tests of the workspace, by the path of their file and their name.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::workspace::root;

/// Where tests are.
const PLACES: [&str; 4] = ["tests/contract", "server", "sdk", "deploy/tests"];

/// The tests.
#[derive(Default)]
pub(super) struct Index(Vec<Test>);

struct Test {
    /// Directories and name of the file, without its extension.
    path: Vec<String>,
    name: String,
}

impl Index {
    /// The tests in the files of the workspace.
    pub(super) fn of_workspace() -> Result<Self> {
        let mut index = Self::default();
        for place in PLACES {
            index.add_directory(&root().join(place))?;
        }
        Ok(index)
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let mut index = Self::default();
        for (path, text) in files {
            index.add_file(Path::new(path), text);
        }
        index
    }

    /// Whether there is a test of this name in a file whose path ends as the reference begins, or tests in files of this path, with or
    /// without `::*`.
    pub(super) fn contains(&self, reference: &str) -> bool {
        let path: Vec<&str> = reference.trim_end_matches("::*").split("::").collect();
        let Some((name, file)) = path.split_last() else {
            return false;
        };
        self.0.iter().any(|test| {
            let begin = test.path.len().checked_sub(file.len());
            let is_in_file = begin.is_some_and(|begin| test.path[begin..] == *file);
            (is_in_file && test.name == *name)
                || test.path.windows(path.len()).any(|window| window == path)
        })
    }

    fn add_directory(&mut self, directory: &Path) -> Result<()> {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() {
                // What npm and Python install is not ours.
                if name != "node_modules" && name != "target" && name != "venv" {
                    self.add_directory(&path)?;
                }
            } else if path
                .extension()
                .is_some_and(|kind| kind == "rs" || kind == "py")
            {
                self.add_file(&path, &fs::read_to_string(&path)?);
            }
        }
        Ok(())
    }

    fn add_file(&mut self, path: &Path, text: &str) {
        let components = path.with_extension("");
        let components = components.components();
        let path: Vec<String> = components
            .map(|component| component.as_os_str().to_string_lossy().into_owned())
            .collect();
        let mut is_test = false;
        for line in text.lines().map(str::trim_start) {
            if line.starts_with("#[test") || line.starts_with("#[tokio::test") {
                is_test = true;
            } else if let Some(name) = function(line) {
                if is_test || name.starts_with("test_") {
                    let (path, name) = (path.clone(), name.to_string());
                    self.0.push(Test { path, name });
                }
                is_test = false;
            }
        }
    }
}

/// The name of the function that begins in a line of Rust or Python.
fn function(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let name = line.strip_prefix("fn ").or(line.strip_prefix("def "))?;
    name.split('(').next()
}
