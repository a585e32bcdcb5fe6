//! Text of the difference between an uploaded file, or a version, and the version that it is compared with.

use console::{Style, style};

use crate::units;
use crate::wrap::wrapped;
use restow_sdk::generated::types::{Change, ChangeKind, Difference, SchemaDiff, Verdict};

/// Maximum number of changes in the text; JSON has all.
const MAX_CHANGES: usize = 50;

/// The difference in lines of at most `width` columns: one for each change, the sizes, and what they mean for readers.
pub fn lines(diff: &SchemaDiff, width: usize) -> Vec<String> {
    let Some(version) = diff.current_version else {
        return vec!["The dataset has no version to compare with.".to_string()];
    };
    let heading = style(format!("Compared with version {version}")).bold();
    let mut lines = vec![heading.to_string()];
    lines.extend(changes(&diff.changes, width));
    if diff.changes.is_empty() && diff.verdict == Verdict::Compatible {
        lines.push("  no changes of the schema".to_string());
    }
    let rows = |number| units::count(units::unsigned(number));
    let size = |number| units::bytes(units::unsigned(number));
    lines.extend(difference("rows", &diff.row_count, rows));
    lines.extend(difference("size", &diff.file_size, size));
    lines.push(verdict(diff.verdict, version));
    lines
}

/// The changes in lines of at most `width` columns: `+` for new columns, `-` for missing ones, `~` for others.
pub fn changes(changes: &[Change], width: usize) -> Vec<String> {
    let shown = changes.iter().take(MAX_CHANGES);
    let mut lines: Vec<String> = shown.flat_map(|change| of_change(change, width)).collect();
    let omitted = changes.len().saturating_sub(MAX_CHANGES);
    if omitted > 0 {
        lines.push(format!(
            "  … and {}",
            units::counted(omitted as u64, "more change")
        ));
    }
    lines
}

fn of_change(change: &Change, width: usize) -> Vec<String> {
    let sign = match change.kind {
        ChangeKind::ColumnAdded => "  + ",
        ChangeKind::ColumnRemoved => "  - ",
        _ => "  ~ ",
    };
    let color = match (change.breaking, change.kind) {
        (true, _) => Style::new().red(),
        (false, ChangeKind::ColumnAdded) => Style::new().green(),
        (false, _) => Style::new().yellow(),
    };
    let lines = wrapped(sign, &change.msg, width);
    lines
        .into_iter()
        .map(|line| color.apply_to(line).to_string())
        .collect()
}

/// A number before and after, where both are known and differ.
fn difference(name: &str, numbers: &Difference, text: impl Fn(i64) -> String) -> Option<String> {
    let (from, to) = (numbers.from?, numbers.to?);
    (from != to).then(|| format!("  {name}: {} → {}", text(from), text(to)))
}

fn verdict(verdict: Verdict, version: i64) -> String {
    match verdict {
        Verdict::Identical => format!(
            "{}: the bytes are those of version {version}",
            style("Identical").green().bold()
        ),
        Verdict::Compatible => format!(
            "{}: readers of version {version} can read this file",
            style("Compatible").green().bold()
        ),
        Verdict::Breaking => format!(
            "{}: readers of version {version} may fail to read this file",
            style("Breaking").red().bold()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn diff(verdict: &str, changes: &Value) -> SchemaDiff {
        let value = json!({
            "current_version": 3, "verdict": verdict, "changes": changes,
            "row_count": {"from": 2000, "to": 1500}, "file_size": {"from": 1024, "to": null},
        });
        serde_json::from_value(value).unwrap()
    }

    fn change(kind: &str, msg: &str) -> Value {
        json!({"kind": kind, "column": "c", "breaking": true, "msg": msg})
    }

    #[test]
    fn every_kind_of_change_has_a_sign() {
        console::set_colors_enabled(false);
        let changes = json!([
            change("column_removed", "Column `a\u{1b}` is missing."),
            change(
                "type_breaks",
                "Column `station` was integer and is string now."
            ),
            change("column_added", "Column `wind` is new."),
        ]);
        let expected = "Compared with version 3\n  - Column `a\\u{1b}` is missing.\n  \
                        ~ Column `station` was integer and\n    is string now.\n  \
                        + Column `wind` is new.\n  rows: 2,000 → 1,500\n\
                        Breaking: readers of version 3 may fail to read this file";
        assert_eq!(lines(&diff("breaking", &changes), 36).join("\n"), expected);
    }

    #[test]
    fn missing_changes_and_versions_are_reported() {
        console::set_colors_enabled(false);
        let same = lines(&diff("compatible", &json!([])), 80);
        assert_eq!(same[1], "  no changes of the schema");
        assert!(same[3].starts_with("Compatible:"), "{same:?}");
        let identical = lines(&diff("identical", &json!([])), 80);
        assert_eq!(identical[2], "Identical: the bytes are those of version 3");
        let mut first = diff("compatible", &json!([]));
        first.current_version = None;
        assert_eq!(
            lines(&first, 80),
            ["The dataset has no version to compare with."]
        );
    }

    #[test]
    fn further_changes_are_counted() {
        console::set_colors_enabled(false);
        let many: Vec<_> = (0..53).map(|_| change("column_added", "New.")).collect();
        let diff = diff("compatible", &json!(many));
        assert_eq!(
            changes(&diff.changes, 80).last().unwrap(),
            "  … and 3 more changes"
        );
    }
}
