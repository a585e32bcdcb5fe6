//! What a benchmark came to: tables of medians, targets, and every single figure as JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;

use super::machine::Machine;
use super::table::{Table, figure};

/// Where the figures go besides the standard output.
#[derive(Args, Debug)]
pub struct Output {
    /// Write every single figure to this file, as JSON
    #[arg(long, value_name = "FILE", env = "RESTOW_BENCH_JSON", hide_env = true)]
    json: Option<PathBuf>,
}

/// On which side of its limit a figure is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Not above it.
    AtMost,
    /// Not below it.
    AtLeast,
}

/// What is to be reached.
#[derive(Debug, Serialize)]
struct Target {
    what: String,
    unit: String,
    value: f64,
    bound: Bound,
    limit: f64,
    met: bool,
}

/// Everything that one run of a benchmark has found.
#[derive(Debug, Serialize)]
pub struct Report {
    name: &'static str,
    command: String,
    profile: &'static str,
    machine: Machine,
    versions: Vec<String>,
    remarks: &'static str,
    tables: Vec<Table>,
    targets: Vec<Target>,
}

impl Report {
    /// One without figures. The remarks are what the figures would be misleading without.
    pub fn new(name: &'static str, versions: Vec<String>, remarks: &'static str) -> Self {
        Self {
            name,
            command: command(),
            profile: profile(),
            machine: Machine::this(),
            versions,
            remarks,
            tables: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// Adds a table.
    pub fn add(&mut self, table: Table) {
        self.tables.push(table);
    }

    /// Adds a target: what is to be on which side of which limit, in a unit, which may be empty. A value that is not a
    /// number meets no target.
    pub fn target(&mut self, what: &str, value: f64, bound: Bound, limit: f64, unit: &str) {
        let met = match bound {
            Bound::AtMost => value <= limit,
            Bound::AtLeast => value >= limit,
        };
        self.targets.push(Target {
            what: what.to_string(),
            unit: unit.to_string(),
            value,
            bound,
            limit,
            met,
        });
    }

    /// The tables, and which targets are met.
    pub fn to_markdown(&self) -> String {
        let Self {
            command,
            profile,
            machine,
            versions,
            remarks,
            ..
        } = self;
        let versions = versions.join(", ");
        let mut text = format!(
            "```sh\n{command}\n```\n\n{machine}. {versions}. {profile} build.\n\n{}\n",
            remarks.trim()
        );
        for table in &self.tables {
            let _ = write!(text, "\n{table}");
        }
        if !self.targets.is_empty() {
            text += "\n| target | limit | measured | met |\n|---|---|---|---|\n";
        }
        for target in &self.targets {
            text += &target.line();
        }
        text
    }

    /// Prints the tables, and writes the JSON where it is wanted.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn publish(&self, output: &Output) -> Result<()> {
        let markdown = self.to_markdown();
        print!("{markdown}");
        output.write(self, &markdown)
    }
}

impl Output {
    /// Writes figures and the tables of them to the file, if there is to be one.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, figures: &impl Serialize, markdown: &str) -> Result<()> {
        let Some(file) = &self.json else {
            return Ok(());
        };
        let mut document = serde_json::to_value(figures)?;
        document["markdown"] = markdown.into();
        let text = serde_json::to_string_pretty(&document)? + "\n";
        fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
    }
}

impl Target {
    fn line(&self) -> String {
        let Self {
            what, unit, met, ..
        } = self;
        let bound = match self.bound {
            Bound::AtMost => "at most",
            Bound::AtLeast => "at least",
        };
        let met = if *met { "yes" } else { "**no**" };
        let with_unit = |value| format!("{} {unit}", figure(value)).trim_end().to_string();
        format!(
            "| {what} | {bound} {} | {} | {met} |\n",
            with_unit(self.limit),
            with_unit(self.value)
        )
    }
}

/// The command line that made this run.
pub fn command() -> String {
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    format!("cargo xtask bench {}", arguments.join(" "))
}

/// How this program was built, and with it the server.
fn profile() -> &'static str {
    if cfg!(debug_assertions) {
        "Debug"
    } else {
        "Release"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut report = Report::new("sign", vec!["boto3 1.2".to_string()], "Medians.\n");
        let mut table = Table::new("URLs", &["µs a URL"]);
        table.add("Restow", &[1.0]);
        table.add("boto3", &[470.0]);
        report.add(table);
        report.target("a URL", 1.0, Bound::AtMost, 1.5, "µs");
        report.target("times boto3", 299.0, Bound::AtLeast, 300.0, "");
        report.target("nothing measured", f64::NAN, Bound::AtMost, 1.0, "");
        report
    }

    #[test]
    fn met_and_missed_targets_are_in_the_tables() {
        let text = report().to_markdown();
        for line in [
            "boto3 1.2. Debug build.",
            "| Restow | 1.00 | 1.00 |",
            "| a URL | at most 1.50 µs | 1.00 µs | yes |",
            "| times boto3 | at least 300 | 299 | **no** |",
            "| nothing measured | at most 1.00 | NaN | **no** |",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn the_json_has_figures_and_tables() {
        let directory = tempfile::tempdir().unwrap();
        let json = Some(directory.path().join("sign.json"));
        let output = Output { json };
        report().publish(&output).unwrap();
        let text = fs::read_to_string(output.json.unwrap()).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["name"], "sign");
        assert_eq!(document["tables"][0]["rows"][1]["samples"][0][0], 470.0);
        assert_eq!(document["targets"][1]["met"], false);
        let markdown = document["markdown"].as_str().unwrap();
        assert!(
            markdown.starts_with("```sh\ncargo xtask bench"),
            "{markdown}"
        );
    }
}
