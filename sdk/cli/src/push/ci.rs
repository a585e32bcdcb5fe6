//! Reports for continuous integration: what came of each file, in a format that CI systems show.

mod file_report;
mod junit;
mod markdown;
mod sarif;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};

use self::file_report::FileReport;
use super::outcome::FileOutcome;
use super::report_argument::{Format, ReportArgument};
use super::target::Target;
use crate::failure::Failure;
use crate::output::{self, Output};

/// The reports of a push.
pub struct Reports<'a> {
    arguments: &'a [ReportArgument],
    files: Mutex<BTreeMap<usize, FileReport>>,
}

impl<'a> Reports<'a> {
    /// Reports as the arguments demand.
    ///
    /// # Errors
    /// [`Failure::Usage`] if more than one document is to be written to the standard output.
    pub fn new(arguments: &'a [ReportArgument], output: Output) -> Result<Self> {
        let reports = arguments.iter().filter(|report| report.file.is_none());
        if reports.count() + usize::from(output.json) > 1 {
            let message = "only one document can be written to standard output; name a file, as in --report junit=FILE";
            return Err(Failure::Usage(message.to_string()).into());
        }
        Ok(Self {
            arguments,
            files: Mutex::default(),
        })
    }

    /// Whether a report takes the place of the results on the standard output.
    pub fn replace_results(&self) -> bool {
        self.arguments.iter().any(|report| report.file.is_none())
    }

    /// Records what came of a file.
    pub fn record(&self, index: usize, target: &Target, outcome: &Result<FileOutcome>) {
        if self.arguments.is_empty() {
            return;
        }
        let report = FileReport::of(target, outcome);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(index, report);
    }

    /// Writes the reports.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write(&self) -> Result<()> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let files: Vec<&FileReport> = files.values().collect();
        for ReportArgument { format, file } in self.arguments {
            let document = match format {
                Format::Junit => junit::document(&files),
                Format::Sarif => sarif::document(&files),
                Format::Markdown => markdown::document(&files),
            };
            match file {
                Some(path) => write_file(path, &document)?,
                None => output::write(&document)?,
            }
        }
        Ok(())
    }
}

fn write_file(path: &Path, document: &str) -> Result<()> {
    std::fs::write(path, document)
        .with_context(|| format!("cannot write the report to {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_output_takes_one_document() {
        let arguments = |texts: &[&str]| -> Vec<ReportArgument> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let json = Output {
            json: true,
            quiet: false,
        };
        for (texts, output, is_ok) in [
            (&["junit", "sarif=x"][..], Output::default(), true),
            (&["junit=y", "sarif=x"], json, true),
            (&["junit", "sarif"], Output::default(), false),
            (&["junit"], json, false),
        ] {
            let arguments = arguments(texts);
            assert_eq!(Reports::new(&arguments, output).is_ok(), is_ok, "{texts:?}");
        }
    }
}
