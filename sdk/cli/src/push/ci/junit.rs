//! `JUnit` XML: a test case for each file, which fails if the file is rejected or refused.

use std::fmt::Write;

use super::file_report::{FileReport, Outcome};
use crate::findings::{new_suggestion, place};

/// The document.
pub fn document(files: &[&FileReport]) -> String {
    let count = |is: fn(&Outcome) -> bool| files.iter().filter(|file| is(&file.outcome)).count();
    let failures = count(|outcome| matches!(outcome, Outcome::Rejected | Outcome::Refused));
    let errors = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    let seconds: f64 = files.iter().map(|file| file.seconds).sum();
    let cases: String = files.iter().map(|file| case(file)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"restow push\" tests=\"{}\" \
         failures=\"{failures}\" errors=\"{errors}\" time=\"{seconds:.3}\">\n{cases}  </testsuite>\n</testsuites>\n",
        files.len()
    )
}

fn case(file: &FileReport) -> String {
    let (dataset, path) = (escaped(&file.dataset), escaped(&file.path));
    let (element, code) = match &file.outcome {
        Outcome::Rejected => ("failure", "rejected"),
        Outcome::Refused => ("failure", "breaking_change"),
        Outcome::Failed(code) => ("error", code.as_str()),
        Outcome::Committed(_) | Outcome::Uncommitted => ("system-out", ""),
    };
    let text = escaped(&details(file));
    let content = if element == "system-out" {
        format!("<system-out>{text}</system-out>")
    } else {
        let (message, code) = (escaped(&file.message), escaped(code));
        format!("<{element} type=\"{code}\" message=\"{message}\">{text}</{element}>")
    };
    format!(
        "    <testcase classname=\"{dataset}\" name=\"{path}\" file=\"{path}\" time=\"{:.3}\">\n      {content}\n    \
         </testcase>\n",
        file.seconds
    )
}

/// The message, the findings and the changes in lines.
fn details(file: &FileReport) -> String {
    let mut text = format!("{}\n", file.message);
    for finding in &file.findings {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{} {}: {}",
            finding.severity,
            place(finding),
            finding.msg
        );
        if let Some(suggestion) = new_suggestion(finding) {
            let _ = write!(text, " {suggestion}");
        }
        text.push('\n');
    }
    for change in &file.changes {
        let effect = if change.breaking {
            "breaking"
        } else {
            "compatible"
        };
        let _ = writeln!(text, "{effect} {}: {}", change.kind, change.msg);
    }
    text
}

/// Text for an element or an attribute. Characters that XML cannot contain are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::file_report::tests::files;
    use super::*;

    #[test]
    fn rejected_file_is_a_failure() {
        let files = files();
        let document = document(&files.iter().collect::<Vec<_>>());
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="restow push" tests="2" failures="1" errors="0" time="1.250">
    <testcase classname="first &amp; only" name="data/first file.csv" file="data/first file.csv" time="0.000">
      <failure type="rejected" message="the content was rejected">the content was rejected
error unclosed_quote, line 7: A quote | is &lt;never&gt; closed. State the quote.
info delimiter_detected: Semicolons.
breaking column_removed: Column `a` is missing.
compatible column_added: Column `b` is new.
</failure>
    </testcase>
    <testcase classname="second" name="second.csv" file="second.csv" time="1.250">
      <system-out>Committed as version 4.
</system-out>
    </testcase>
  </testsuite>
</testsuites>
"#;
        assert_eq!(document, expected);
    }

    #[test]
    fn characters_outside_xml_are_replaced() {
        assert_eq!(
            escaped("a\u{0}\u{1b}\u{ffff}\"b\n"),
            "a\u{fffd}\u{fffd}\u{fffd}&quot;b\n"
        );
    }
}
