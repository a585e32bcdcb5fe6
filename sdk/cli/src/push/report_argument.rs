//! `--report`: the formats of reports, and the files to write.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A format of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `JUnit` XML.
    Junit,
    /// SARIF.
    Sarif,
    /// Markdown.
    Markdown,
}

/// `--report`: a format, and the file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportArgument {
    /// The format.
    pub format: Format,
    /// `None` for the standard output.
    pub file: Option<PathBuf>,
}

impl FromStr for ReportArgument {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (format, file) = match text.split_once('=') {
            Some((_, "")) => return Err("expected the name of a file after ="),
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = match format {
            "junit" => Format::Junit,
            "sarif" => Format::Sarif,
            "markdown" => Format::Markdown,
            _ => return Err("expected junit, sarif or markdown, alone or followed by =FILE"),
        };
        Ok(Self { format, file })
    }
}

impl fmt::Display for ReportArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.format {
            Format::Junit => "junit",
            Format::Sarif => "sarif",
            Format::Markdown => "markdown",
        })?;
        match &self.file {
            Some(file) => write!(f, "={}", file.display()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_arguments_are_formats_with_files() {
        for text in ["junit", "sarif=a=b.json", "markdown=x.md"] {
            assert_eq!(text.parse::<ReportArgument>().unwrap().to_string(), text);
        }
        for invalid in ["", "html", "junit=", "=x"] {
            assert!(invalid.parse::<ReportArgument>().is_err(), "{invalid}");
        }
    }
}
