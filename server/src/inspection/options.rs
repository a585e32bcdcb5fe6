//! How an object is to be read, and what is said of one that is not read, or not to its end.

use restow_api::{Finding, FindingType, ReadOptions, Severity};
use restow_inspect::{Inspection, compression_of_filename, format_of_filename};

use crate::app::App;
use crate::error::Result;
use crate::store::{RememberedOptions, Work};

/// How the object is to be read, as far as a caller has said: of this job, or else of the dataset's current version, where
/// its filename says the same format.
pub(super) async fn read_options(app: &App, work: &Work) -> Result<Option<ReadOptions>> {
    if let Some(stated) = work.job.read_options() {
        return Ok(Some(stated.clone()));
    }
    let remembered = app.store.find_remembered_options(work.job.id).await?;
    let format = format_of_filename(&work.job.filename.0);
    Ok(remembered
        .filter(|remembered| format_of_filename(&remembered.filename.0) == format)
        .map(|remembered| for_filename(remembered, &work.job.filename.0)))
}

/// The remembered options for a file of another name, whose last extension says how it is compressed.
fn for_filename(remembered: RememberedOptions, filename: &str) -> ReadOptions {
    let named = compression_of_filename(&remembered.filename.0);
    let options = remembered.into_options();
    let compression = options.compression;
    ReadOptions {
        compression: compression.filter(|_| named == compression_of_filename(filename)),
        ..options
    }
}

/// What is known of an object that is not read: the format that its caller or its name says.
pub(super) fn unread(work: &Work, options: Option<&ReadOptions>) -> Inspection {
    let stated = options.and_then(|options| options.format);
    let format = stated.map(|format| format.as_str().to_string());
    Inspection {
        format: format.or_else(|| format_of_filename(&work.job.filename.0)),
        ..Inspection::default()
    }
}

/// What is known of an object whose inspection takes too long.
pub(super) fn bounded(app: &App, work: &Work, options: Option<&ReadOptions>) -> Inspection {
    let limit = app.settings.inspect_timeout.unwrap_or_default();
    let finding = Finding {
        finding_type: FindingType::InspectionBounded,
        severity: Severity::Warning,
        msg: format!(
            "The inspection took longer than {}, so that columns and row count are not known",
            humantime::format_duration(limit)
        ),
        column: None,
        line: None,
        count: None,
        examples: Vec::new(),
        suggestion: Some(
            "Set --inspect-timeout of the server to a longer time and inspect the job again"
                .to_string(),
        ),
    };
    Inspection {
        findings: vec![finding],
        findings_total: 1,
        ..unread(work, options)
    }
}
