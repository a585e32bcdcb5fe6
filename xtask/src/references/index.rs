//! All tests of the workspace, by the path of their file and their name.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::workspace::root;

/// Where tests are, by the words that documents use for it.
pub(super) const PLACES: [(&str, &str); 5] = [
    ("contract", "tests/contract"),
    ("server", "server"),
    ("sdk", "sdk"),
    ("connections", "server/connections"),
    ("deploy", "deploy/tests"),
];

/// The tests.
#[derive(Default)]
pub(super) struct Index(Vec<Test>);

struct Test {
    place: &'static str,
    /// Directories and name of the file, without its extension.
    path: Vec<String>,
    name: String,
}

impl Index {
    /// The tests in the files of the workspace.
    pub(super) fn of_workspace() -> Result<Self> {
        let mut index = Self::default();
        for (place, directory) in PLACES {
            index.add_directory(place, &root().join(directory))?;
        }
        Ok(index)
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&'static str, &str, &str)]) -> Self {
        let mut index = Self::default();
        for (place, path, text) in files {
            index.add_file(place, Path::new(path), text);
        }
        index
    }

    /// Whether there is a test whose file ends with the path before the last `::`, and whose name is behind it; `*` is any.
    pub(super) fn contains(&self, place: &str, reference: &str) -> bool {
        let mut path: Vec<&str> = reference.split("::").collect();
        let name = path.pop().unwrap_or_default();
        let is_at = |test: &Test| {
            let end = test.path.len().checked_sub(path.len());
            end.is_some_and(|end| test.path[end..] == path)
        };
        self.0
            .iter()
            .any(|test| test.place == place && is_at(test) && (name == "*" || test.name == name))
    }

    fn add_directory(&mut self, place: &'static str, directory: &Path) -> Result<()> {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            if path.is_dir() {
                // What npm and Python install is not ours.
                if name != "node_modules" && name != "target" && name != "venv" {
                    self.add_directory(place, &path)?;
                }
            } else if path
                .extension()
                .is_some_and(|kind| kind == "rs" || kind == "py")
            {
                self.add_file(place, &path, &fs::read_to_string(&path)?);
            }
        }
        Ok(())
    }

    fn add_file(&mut self, place: &'static str, path: &Path, text: &str) {
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
                    self.0.push(Test { place, path, name });
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
