//! Text of the difference between the columns of an uploaded file and those of the current version.

use console::{measure_text_width, style};

use crate::printable::printable;
use restow_sdk::generated::types::{Column, SchemaDiff};

/// The difference in lines: `+` for added columns, `-` for removed ones, `~` for changed types, and at the end whether
/// readers of the current version can read the file.
pub fn lines(diff: &SchemaDiff) -> Vec<String> {
    let Some(version) = diff.current_version else {
        return vec!["The dataset has no version to compare with.".to_string()];
    };
    let width = width(diff);
    let mut lines = vec![
        style(format!("Compared with version {version}"))
            .bold()
            .to_string(),
    ];
    for column in &diff.added {
        lines.push(
            style(format!("  + {}", with_type(column, width)))
                .green()
                .to_string(),
        );
    }
    for column in &diff.removed {
        lines.push(
            style(format!("  - {}", with_type(column, width)))
                .red()
                .to_string(),
        );
    }
    for change in &diff.changed {
        let name = padded(&change.name, width);
        lines.push(
            style(format!("  ~ {name}  {} → {}", change.from, change.to))
                .yellow()
                .to_string(),
        );
    }
    if lines.len() == 1 {
        lines.push("  no columns added, removed or changed".to_string());
    }
    lines.push(compatibility(diff.compatible, version));
    lines
}

fn compatibility(compatible: bool, version: i64) -> String {
    if compatible {
        format!(
            "{}: readers of version {version} can read this file",
            style("Compatible").green().bold()
        )
    } else {
        format!(
            "{}: readers of version {version} may fail to read this file",
            style("Incompatible").red().bold()
        )
    }
}

fn with_type(column: &Column, width: usize) -> String {
    format!("{}  {}", padded(&column.name, width), column.type_)
}

fn padded(name: &str, width: usize) -> String {
    let name = printable(name);
    let missing = width.saturating_sub(measure_text_width(&name));
    format!("{name}{}", " ".repeat(missing))
}

fn width(diff: &SchemaDiff) -> usize {
    let columns = diff
        .added
        .iter()
        .chain(&diff.removed)
        .map(|column| &column.name);
    let names = columns.chain(diff.changed.iter().map(|change| &change.name));
    names
        .map(|name| measure_text_width(&printable(name)))
        .max()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn diff(value: serde_json::Value) -> SchemaDiff {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn every_kind_of_change_has_a_sign() {
        console::set_colors_enabled(false);
        let diff = diff(json!({
            "current_version": 3, "compatible": false,
            "added": [{"name": "wind_speed", "type": "float"}],
            "removed": [{"name": "a\u{1b}", "type": "integer"}],
            "changed": [{"name": "station", "from": "integer", "to": "string"}],
        }));
        let expected = "Compared with version 3\n  + wind_speed  float\n  - a\\u{1b}     integer\n  \
                        ~ station     integer → string\n\
                        Incompatible: readers of version 3 may fail to read this file";
        assert_eq!(lines(&diff).join("\n"), expected);
    }

    #[test]
    fn missing_changes_and_versions_are_reported() {
        console::set_colors_enabled(false);
        let same = json!({"current_version": 3, "compatible": true, "added": [], "removed": [], "changed": []});
        let lines_of_same = lines(&diff(same));
        assert_eq!(lines_of_same[1], "  no columns added, removed or changed");
        assert!(lines_of_same[2].starts_with("Compatible:"));
        let first = json!({"compatible": true, "added": [], "removed": [], "changed": []});
        assert_eq!(
            lines(&diff(first)),
            ["The dataset has no version to compare with."]
        );
    }
}
