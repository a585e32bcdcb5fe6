//! `restow preview`.

use anyhow::Result;
use clap::Args;
use console::{Alignment, style};
use serde_json::Value;
use uuid::Uuid;

use crate::column_table::column_table;
use crate::context::Context;
use crate::printable::printable;
use crate::table::Table;
use crate::wrap::wrapped;
use crate::{dialect, findings, job_reference, output, schema_diff, units};
use restow_sdk::generated::types::{Format, Preview};

/// Arguments of `restow preview`.
#[derive(Args, Debug)]
pub struct PreviewArguments {
    /// Identifier of the job, the beginning of one, or a dataset for its newest job
    #[arg(value_name = "JOB|DATASET")]
    pub job: String,
}

/// Shows the result of an inspection.
pub async fn run(context: Context, arguments: PreviewArguments) -> Result<()> {
    let job_id = job_reference::find(&context.client, &arguments.job).await?;
    show(&context, job_id).await
}

/// Shows the result of the inspection of a job.
pub async fn show(context: &Context, job_id: Uuid) -> Result<()> {
    let client = &context.client;
    let preview = client
        .call(|| client.api().get_preview().job_id(job_id).send())
        .await?;
    context.output.result(
        &preview,
        preview.job_id,
        description(&preview, output::width()),
    )
}

/// The preview as text of at most `width` columns.
pub fn description(preview: &Preview, width: usize) -> String {
    let mut sections = vec![heading(preview, width)];
    if !preview.findings.is_empty() {
        let findings = findings::lines(&preview.findings, preview.findings_total, width);
        sections.push(section("Findings", &findings.join("\n")));
    }
    if !preview.columns.is_empty() {
        sections.push(column_table(&preview.columns).render(width));
    }
    if !preview.sample.is_empty() {
        let first = match preview.sample.len() {
            1 => "First row".to_string(),
            rows => format!("First {rows} rows"),
        };
        sections.push(section(&first, &sample(preview).render(width)));
    }
    let diff = &preview.schema_diff;
    if !preview.columns.is_empty() || !diff.changes.is_empty() {
        sections.push(schema_diff::lines(diff, width).join("\n"));
    }
    sections.join("\n\n")
}

fn section(heading: &str, text: &str) -> String {
    format!("{}\n{text}", style(heading).bold())
}

fn heading(preview: &Preview, width: usize) -> String {
    let format = preview.format.as_deref().unwrap_or("unknown format");
    let columns = units::counted(preview.columns.len() as u64, "column");
    let rows = |rows| units::counted(units::unsigned(rows), "row");
    let is_inspected = preview.format.as_deref().is_some_and(is_inspected);
    let content = match (preview.row_count, preview.columns.is_empty()) {
        (Some(count), _) => format!("{}, {columns}", rows(count)),
        (None, false) => format!("unknown number of rows, {columns}"),
        (None, true) if is_inspected => "rows and columns are not known".to_string(),
        (None, true) => "this format is not inspected".to_string(),
    };
    let mut text = format!("{}: {content}", style(printable(format)).bold());
    if let Some(dialect) = preview.dialect.as_ref().and_then(dialect::description) {
        let lines = wrapped("  ", &dialect, width);
        text = format!("{text}\n{}", lines.join("\n"));
    }
    text
}

fn is_inspected(format: &str) -> bool {
    format.parse::<Format>().is_ok()
}

fn sample(preview: &Preview) -> Table {
    let cells = |index: usize| {
        preview
            .sample
            .iter()
            .map(move |row| row.get(index).map(cell).unwrap_or_default())
    };
    let numbered = preview.columns.iter().enumerate();
    numbered.fold(Table::default(), |table, (index, column)| {
        let numeric = preview
            .sample
            .iter()
            .all(|row| matches!(row.get(index), Some(Value::Number(_) | Value::Null)));
        table.column(
            &column.name,
            if numeric {
                Alignment::Right
            } else {
                Alignment::Left
            },
            cells(index),
        )
    })
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_string(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The text of a preview whose other members are given.
    fn described(members: &Value, current_version: Option<u64>) -> String {
        console::set_colors_enabled(false);
        let mut preview = json!({
            "job_id": Uuid::nil(), "columns": [], "sample": [], "findings": [], "findings_total": 0,
            "schema_diff": {
                "current_version": current_version, "verdict": "compatible", "changes": [],
                "row_count": {}, "file_size": {},
            },
        });
        let members = members.as_object().unwrap().clone();
        preview.as_object_mut().unwrap().extend(members);
        description(&serde_json::from_value(preview).unwrap(), 80)
    }

    #[test]
    fn preview_shows_findings_columns_rows_and_diff() {
        let members = json!({
            "format": "csv", "row_count": 1461, "dialect": {"delimiter": ";"},
            "columns": [{"name": "date", "type": "date", "nulls": 0}, {"name": "rain", "type": "float", "nulls": 1200}],
            "sample": [["2012-01-01", 0.5], ["2012-01-02", null]],
            "findings": [{"type": "delimiter_detected", "severity": "info", "msg": "Semicolons.", "examples": []}],
            "findings_total": 1,
        });
        let expected = "csv: 1,461 rows, 2 columns\n  delimiter ';'\n\n\
                        Findings\n  info    delimiter_detected: Semicolons.\n\n\
                        COLUMN  TYPE   NULLS\ndate    date       0\nrain    float  1,200\n\n\
                        First 2 rows\ndate        rain\n2012-01-01   0.5\n2012-01-02     -\n\n\
                        The dataset has no version to compare with.";
        assert_eq!(described(&members, None), expected);
    }

    #[test]
    fn unknown_content_is_reported() {
        for (members, expected) in [
            (
                json!({"format": "xlsx"}),
                "xlsx: this format is not inspected",
            ),
            (
                json!({"format": "csv"}),
                "csv: rows and columns are not known",
            ),
            (json!({}), "unknown format: this format is not inspected"),
        ] {
            assert_eq!(described(&members, Some(1)), expected);
        }
    }
}
