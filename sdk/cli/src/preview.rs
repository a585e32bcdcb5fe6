//! `restow preview`.

use anyhow::Result;
use clap::Args;
use console::{Alignment, style};
use serde_json::Value;
use uuid::Uuid;

use crate::context::Context;
use crate::printable::printable;
use crate::table::Table;
use crate::{output, schema_diff, units};
use restow_sdk::generated::types::Preview;

/// Arguments of `restow preview`.
#[derive(Args, Debug)]
pub struct PreviewArguments {
    /// Identifier of the job
    pub job: Uuid,
}

/// Shows the result of an inspection.
pub async fn run(context: Context, arguments: PreviewArguments) -> Result<()> {
    let client = &context.client;
    let preview = client
        .call(|| client.api().get_preview().job_id(arguments.job).send())
        .await?;
    context.output.result(
        &preview,
        preview.job_id,
        description(&preview, output::width()),
    )
}

/// The preview as text of at most `width` columns.
fn description(preview: &Preview, width: usize) -> String {
    let mut sections = vec![heading(preview)];
    if !preview.columns.is_empty() {
        sections.push(columns(preview).render(width));
    }
    if !preview.sample.is_empty() {
        let first = match preview.sample.len() {
            1 => "First row".to_string(),
            rows => format!("First {rows} rows"),
        };
        sections.push(format!(
            "{}\n{}",
            style(first).bold(),
            sample(preview).render(width)
        ));
    }
    let diff = &preview.schema_diff;
    if !preview.columns.is_empty() || !diff.removed.is_empty() {
        sections.push(schema_diff::lines(diff).join("\n"));
    }
    sections.join("\n\n")
}

fn heading(preview: &Preview) -> String {
    let format = preview.format.as_deref().unwrap_or("unknown format");
    let columns = units::counted(preview.columns.len() as u64, "column");
    let content = match preview.row_count {
        Some(rows) => format!(
            "{}, {columns}",
            units::counted(units::unsigned(rows), "row")
        ),
        None if matches!(format, "csv" | "tsv" | "ndjson" | "parquet") => {
            "rows and columns are not known, since the inspection reached its time limit"
                .to_string()
        }
        None => "this format is not inspected".to_string(),
    };
    format!("{}: {content}", style(printable(format)).bold())
}

fn columns(preview: &Preview) -> Table {
    let nulls = |nulls: Option<i64>| {
        nulls.map_or_else(
            || "-".to_string(),
            |nulls| units::count(units::unsigned(nulls)),
        )
    };
    Table::default()
        .column(
            "COLUMN",
            Alignment::Left,
            preview.columns.iter().map(|column| column.name.clone()),
        )
        .column(
            "TYPE",
            Alignment::Left,
            preview
                .columns
                .iter()
                .map(|column| column.type_.to_string()),
        )
        .column(
            "NULLS",
            Alignment::Right,
            preview.columns.iter().map(|column| nulls(column.nulls)),
        )
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

    #[test]
    fn preview_shows_columns_rows_and_diff() {
        console::set_colors_enabled(false);
        let preview = serde_json::from_value(json!({
            "job_id": Uuid::nil(), "format": "csv", "row_count": 1461,
            "columns": [{"name": "date", "type": "date", "nulls": 0}, {"name": "rain", "type": "float", "nulls": 1200}],
            "sample": [["2012-01-01", 0.5], ["2012-01-02", null]],
            "schema_diff": {"compatible": true, "added": [], "removed": [], "changed": []},
        }));
        let expected = "csv: 1,461 rows, 2 columns\n\n\
                        COLUMN  TYPE   NULLS\ndate    date       0\nrain    float  1,200\n\n\
                        First 2 rows\ndate        rain\n2012-01-01   0.5\n2012-01-02     -\n\n\
                        The dataset has no version to compare with.";
        assert_eq!(description(&preview.unwrap(), 80), expected);
    }

    #[test]
    fn uninspected_format_is_reported() {
        console::set_colors_enabled(false);
        let preview = serde_json::from_value(json!({
            "job_id": Uuid::nil(), "format": "xlsx", "columns": [], "sample": [],
            "schema_diff": {"current_version": 1, "compatible": true, "added": [], "removed": [], "changed": []},
        }));
        assert_eq!(
            description(&preview.unwrap(), 80),
            "xlsx: this format is not inspected"
        );
        let preview = serde_json::from_value(json!({
            "job_id": Uuid::nil(), "format": "csv", "columns": [], "sample": [],
            "schema_diff": {"compatible": true, "added": [], "removed": [], "changed": []},
        }));
        let said = description(&preview.unwrap(), 80);
        assert!(
            said.starts_with("csv: rows and columns are not known"),
            "{said}"
        );
    }
}
