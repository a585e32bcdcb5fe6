//! Markdown for a comment or a job summary: a table of the files, and one of what was found in each.

use std::fmt::Write;

use super::file_report::{FileReport, Outcome};
use crate::findings::new_suggestion;

/// The document.
pub fn document(files: &[&FileReport]) -> String {
    let mut text = "# restow push\n\n| file | dataset | result |\n|---|---|---|\n".to_string();
    for file in files {
        let (path, dataset) = (cell(&file.path), cell(&file.dataset));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {path} | {dataset} | {} |", result(file));
    }
    for file in files {
        section(&mut text, file);
    }
    text
}

fn result(file: &FileReport) -> String {
    match &file.outcome {
        Outcome::Committed(version) => format!("version {version}"),
        Outcome::Uncommitted => "not committed".to_string(),
        Outcome::Refused => "**refused**".to_string(),
        Outcome::Rejected => "**rejected**".to_string(),
        Outcome::Failed(code) => format!("**failed** ({})", cell(code)),
    }
}

fn section(text: &mut String, file: &FileReport) {
    let is_ended = matches!(file.outcome, Outcome::Committed(_) | Outcome::Uncommitted);
    if is_ended && file.findings.is_empty() && file.changes.is_empty() {
        return;
    }
    let _ = write!(
        text,
        "\n## {}\n\n{}\n",
        cell(&file.path),
        cell(&file.message)
    );
    if !file.findings.is_empty() {
        text.push_str("\n| severity | finding | line | what |\n|---|---|---|---|\n");
    }
    for finding in &file.findings {
        let line = finding.line.map(|line| line.to_string());
        let suggestion = new_suggestion(finding).unwrap_or_default();
        let _ = writeln!(
            text,
            "| {} | `{}` | {} | {} |",
            finding.severity,
            finding.type_,
            line.unwrap_or_default(),
            cell(format!("{} {suggestion}", finding.msg).trim_end())
        );
    }
    if !file.changes.is_empty() {
        text.push_str("\n| change | breaking | what |\n|---|---|---|\n");
    }
    for change in &file.changes {
        let breaking = if change.breaking { "**yes**" } else { "no" };
        let _ = writeln!(
            text,
            "| `{}` | {breaking} | {} |",
            change.kind,
            cell(&change.msg)
        );
    }
}

/// Untrusted text for a cell or a heading: no markup but code, no line breaks, no HTML.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => cell.push_str("&lt;"),
            '&' => cell.push_str("&amp;"),
            '\\' | '|' | '*' | '_' | '[' | ']' | '#' | '!' => {
                cell.push('\\');
                cell.push(character);
            }
            character if character.is_control() => cell.push(' '),
            character => cell.push(character),
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::super::file_report::tests::files;
    use super::*;

    #[test]
    fn findings_and_changes_are_tables() {
        let files = files();
        let expected = r"# restow push

| file | dataset | result |
|---|---|---|
| data/first file.csv | first &amp; only | **rejected** |
| second.csv | second | version 4 |

## data/first file.csv

the content was rejected

| severity | finding | line | what |
|---|---|---|---|
| error | `unclosed_quote` | 7 | A quote \| is &lt;never> closed. State the quote. |
| info | `delimiter_detected` |  | Semicolons. |

| change | breaking | what |
|---|---|---|
| `column_removed` | **yes** | Column `a` is missing. |
| `column_added` | no | Column `b` is new. |
";
        assert_eq!(document(&files.iter().collect::<Vec<_>>()), expected);
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(cell("![x](y)|\n<b>"), "\\!\\[x\\](y)\\| &lt;b>");
    }
}
