//! A judgement for people and for CI systems.

mod junit;
mod sarif;
mod text;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::judgement::{Judgement, Verdict};
use crate::options::Reports;

/// Prints a judgement, writes the reports, and returns the exit code.
pub fn conclude(judgement: Result<Judgement>, reports: &Reports) -> ExitCode {
    let concluded = judgement.and_then(|judgement| {
        print!("{}", text::document(&judgement));
        write(&judgement, reports)?;
        Ok(judgement.verdict())
    });
    let verdict = concluded.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        Verdict::Unjudged
    });
    verdict.exit_code()
}

fn write(judgement: &Judgement, reports: &Reports) -> Result<()> {
    if let Some(path) = &reports.junit {
        write_file(path, &junit::document(judgement)?)?;
    }
    if let Some(path) = &reports.sarif {
        write_file(path, &sarif::document(judgement))?;
    }
    Ok(())
}

fn write_file(path: &Path, document: &str) -> Result<()> {
    fs::write(path, document)
        .with_context(|| format!("failed to write the report {}", path.display()))
}

#[cfg(test)]
mod tests {
    use crate::check::Check;
    use crate::finding::Rule;
    use crate::judgement::Judgement;

    /// Two checks with the same departure, one with a note, and one that could not be made.
    pub fn judgement() -> Judgement {
        let place = "POST /datasets 201 /name";
        let departing = |name: &str| {
            let mut check = Check::begin(name);
            check.find(Rule::WrongType, place, &"string", &"<1> & \"2\"");
            check
        };
        let mut noted = Check::begin("third");
        noted.find(
            Rule::UndocumentedMember,
            "GET /jobs 200",
            &"no others",
            &"x",
        );
        Judgement {
            subject: "http://127.0.0.1:1".to_string(),
            checks: vec![departing("first"), departing("second"), noted],
            stopped: Some("connection refused".to_string()),
        }
    }
}
