//! Findings of the records that do not fit.

use restow_api::{Finding, FindingType, Severity};

use super::faults::{Faults, Ragged, Tally, fields};
use crate::dialect::Dialect;
use crate::findings::{Findings, finding};

/// Most names of columns in a message.
const MAX_NAMES: usize = 5;

impl Tally {
    fn finding(self, finding_type: FindingType, severity: Severity, msg: &str) -> Option<Finding> {
        let line = self.line?;
        let msg = format!("Line {line}{msg}");
        Some(Finding {
            line: Some(line),
            count: Some(self.count),
            examples: self.examples,
            ..finding(finding_type, severity, msg)
        })
    }
}

impl Faults {
    /// Whether it is not known how many rows there are.
    pub(super) fn hide_rows(&self) -> bool {
        [&self.text_after_quote, &self.unclosed_quote, &self.too_long]
            .into_iter()
            .any(|tally| tally.count > 0)
    }

    /// Adds what is wrong to `findings`; of a table with columns `names`, and `rows` rows that fit.
    pub(super) fn into_findings(
        self,
        names: &[String],
        rows: u64,
        max_record_bytes: usize,
        dialect: &Dialect,
        findings: &mut Findings,
    ) {
        findings.extend(after_quote(self.text_after_quote));
        findings.extend(unclosed(self.unclosed_quote));
        let msg = format!(
            " is longer than {max_record_bytes} bytes and was left out: break it up, or state the delimiter and quote if they are others."
        );
        findings.extend(self.too_long.finding(
            FindingType::InspectionBounded,
            Severity::Error,
            &msg,
        ));
        findings.extend(self.ragged.finding(names, rows));
        if dialect.ends_with_delimiter {
            findings.push(dropped_field());
        }
        findings.extend(self.line_breaks.finding(
            FindingType::QuotedLineBreaks,
            Severity::Info,
            ": quoted values contain line breaks, so that there are more lines than rows.",
        ));
        findings.extend(self.comments.finding(
            FindingType::PreambleSkipped,
            Severity::Info,
            ": lines that begin with the comment character were skipped; state comment= if they are rows.",
        ));
    }
}

fn after_quote(tally: Tally) -> Option<Finding> {
    let found = tally.finding(
        FindingType::TextAfterQuote,
        Severity::Error,
        ": text follows a closing quote; close or double the quotes in the file, or state quote= if quotes are plain characters.",
    );
    found.map(|found| suggest(found, "quote="))
}

fn unclosed(tally: Tally) -> Option<Finding> {
    let found = tally.finding(
        FindingType::UnclosedQuote,
        Severity::Error,
        ": a quoted field is never closed; close the quote in the file, or state quote= if quotes are plain characters.",
    );
    found.map(|found| suggest(found, "quote="))
}

impl Ragged {
    fn finding(self, names: &[String], rows: u64) -> Option<Finding> {
        let line = self.tally.line?;
        let wanted = names.len();
        let shown = names
            .iter()
            .take(MAX_NAMES)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        let more = if wanted > MAX_NAMES { ", …" } else { "" };
        let mut msg = format!(
            "Line {line} has {}, the header has {wanted}: {shown}{more}",
            fields(self.first_count)
        );
        let is_one = self.tally.count == 1;
        if let Some(reason) = self.reason(wanted, rows) {
            msg = format!("{msg}; {reason}");
        } else if !is_one {
            msg = format!("{msg}; {} lines do not fit", self.tally.count);
        }
        let lines = if is_one { "this line" } else { "these lines" };
        let suggestion = Some(format!(
            "correct {lines} or the header, or state delimiter, quote or skip_lines"
        ));
        msg.push('.');
        Some(Finding {
            line: Some(line),
            count: Some(self.tally.count),
            examples: self.tally.examples,
            suggestion,
            ..finding(FindingType::RaggedRows, Severity::Error, msg)
        })
    }

    /// Why all of them have the same number of fields.
    fn reason(&self, wanted: usize, rows: u64) -> Option<String> {
        let count = self.count.filter(|_| self.tally.count > 1)?;
        let which = if rows == 0 {
            "every row"
        } else {
            "each of these lines"
        };
        let number = |difference: usize| {
            if difference == 1 {
                "one".to_owned()
            } else {
                difference.to_string()
            }
        };
        Some(if count > wanted {
            let surplus = count - wanted;
            let empty = if self.is_surplus_empty { "empty " } else { "" };
            let noun = if surplus == 1 { "field" } else { "fields" };
            format!(
                "{which} has {} {empty}{noun} more than the header",
                number(surplus)
            )
        } else {
            let noun = if wanted - count == 1 {
                "field"
            } else {
                "fields"
            };
            format!(
                "{which} has {} {noun} less than the header",
                number(wanted - count)
            )
        })
    }
}

fn dropped_field() -> Finding {
    let msg = "Every row ends with a delimiter that the header does not have: every row has one empty field more, which was left out.";
    finding(FindingType::RaggedRows, Severity::Warning, msg)
}

fn suggest(mut found: Finding, suggestion: &str) -> Finding {
    found.suggestion = Some(suggestion.to_owned());
    found
}
