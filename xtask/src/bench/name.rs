//! The benchmarks, and where their figures are.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::workspace::target;

/// A benchmark, by its name on the command line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Name {
    Sign,
    Serve,
    Limits,
    Small,
    Scale,
    Start,
    Inspect,
    Upload,
}

impl Name {
    /// The name on the command line.
    pub(super) fn title(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_string())
    }

    /// Where the figures of the latest run are.
    pub(super) fn json_file(self) -> PathBuf {
        let file = format!("{}.json", self.title());
        target().join("bench").join(file)
    }
}
