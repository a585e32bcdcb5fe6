//! Options that the findings of an inspection suggest, as they are given to the command.

use restow_sdk::generated::types::{Finding, Severity};
use uuid::Uuid;

use super::{ReadArguments, parse_character, parse_encoding, parse_null, parse_optional_character};

impl ReadArguments {
    /// How to inspect a rejected file again, which was read with these options: with the options that the errors suggest,
    /// and those that the warnings suggest besides.
    pub fn inspect_again(&self, id: Uuid, findings: &[Finding]) -> String {
        let certain = self.following(findings, Severity::Error);
        let possible = certain.following(findings, Severity::Warning);
        let stated = certain.words();
        let also: Vec<_> = possible
            .words()
            .into_iter()
            .filter(|word| !stated.contains(word))
            .collect();
        let (has_command, also) = (stated != self.words(), also.join(" "));
        let command = [
            &["restow job inspect".to_string(), id.to_string()][..],
            &stated,
        ]
        .concat();
        let command = format!("`{}`", command.join(" "));
        match (has_command, also.as_str()) {
            (true, "") => format!("{command} inspects it again without uploading it"),
            (true, also) => format!(
                "{command} inspects it again without uploading it, with `{also}` as well if that warning is right"
            ),
            (false, "") => format!(
                "{command} with other options, which `restow job inspect --help` lists, inspects it again without \
                 uploading it"
            ),
            (false, also) => {
                format!(
                    "{command} with options such as `{also}` inspects it again without uploading it"
                )
            }
        }
    }

    /// These options with what the findings of a severity suggest.
    fn following(&self, findings: &[Finding], severity: Severity) -> Self {
        let mut options = self.clone();
        for finding in findings
            .iter()
            .filter(|finding| finding.severity == severity)
        {
            if let Some(suggestion) = &finding.suggestion {
                options.follow(suggestion);
            }
        }
        options
    }

    /// Follows a suggestion like `delimiter=;`; others are for people. Returns whether it is one.
    fn follow(&mut self, suggestion: &str) -> Option<()> {
        let (name, value) = suggestion.split_once('=')?;
        match name {
            "format" => self.format = Some(value.parse().ok()?),
            "compression" => self.compression = Some(value.parse().ok()?),
            "delimiter" => self.delimiter = Some(parse_character(value).ok()?),
            "quote" => self.quote = Some(parse_optional_character(value).ok()?),
            "escape" => self.escape = Some(parse_optional_character(value).ok()?),
            "comment" => self.comment = Some(parse_optional_character(value).ok()?),
            "encoding" => self.encoding = Some(parse_encoding(value).ok()?),
            "decimal" => self.decimal = Some(value.to_string()),
            "skip_lines" => self.skip_lines = Some(value.parse().ok()?),
            "header" => {
                self.header = value.parse().ok()?;
                self.no_header = !self.header;
            }
            "null_values" => {
                for text in serde_json::from_str::<Vec<String>>(value).ok()? {
                    let text = parse_null(&text).ok()?;
                    if !self.null_values.contains(&text) {
                        self.null_values.push(text);
                    }
                }
            }
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::parsed;
    use super::*;
    use serde_json::{Value, json};

    /// The hint for a file with findings of a severity and a suggestion each, without the identifier of the job.
    fn hint(stated: &[&str], findings: &[(&str, &str)]) -> String {
        let finding = |(severity, suggestion): &(&str, &str)| json!({"type": "ragged_rows", "severity": severity, "msg": "", "examples": [], "suggestion": suggestion});
        let findings: Vec<Value> = findings.iter().map(finding).collect();
        let findings: Vec<Finding> = serde_json::from_value(json!(findings)).unwrap();
        let hint = parsed(stated)
            .unwrap()
            .inspect_again(Uuid::nil(), &findings);
        hint.replace(&format!(" {}", Uuid::nil()), "")
    }

    #[test]
    fn command_has_the_options_that_errors_suggest() {
        for (suggestion, options) in [
            ("delimiter=;", "--delimiter ';'"),
            ("delimiter=\t", "--delimiter tab"),
            ("quote=", "--quote none"),
            ("encoding=windows-1252", "--encoding windows-1252"),
            (
                "null_values=[\"NA\",\"n/a\",\"-\"]",
                "--null NA --null n/a --null=-",
            ),
            ("header=false", "--no-header"),
            ("header=true", "--header"),
            ("skip_lines=3", "--skip-lines 3"),
            ("format=ndjson", "--format ndjson"),
            ("compression=gzip", "--compression gzip"),
        ] {
            assert_eq!(
                hint(&[], &[("error", suggestion)]),
                format!("`restow job inspect {options}` inspects it again without uploading it")
            );
        }
    }

    #[test]
    fn stated_options_stay_unless_they_are_wrong() {
        let stated = ["--delimiter", ",", "--encoding", "utf-8", "--null", "NA"];
        let findings = [
            ("error", "delimiter=;"),
            ("error", "null_values=[\"NA\",\"x\"]"),
        ];
        assert_eq!(
            hint(&stated, &findings),
            "`restow job inspect --delimiter ';' --encoding utf-8 --null NA --null x` inspects it again without \
             uploading it"
        );
    }

    #[test]
    fn warnings_are_offered_and_not_followed() {
        let warning = ("warning", "header=false");
        assert_eq!(
            hint(
                &[],
                &[
                    ("error", "encoding=windows-1252"),
                    warning,
                    ("info", "skip_lines=9")
                ]
            ),
            "`restow job inspect --encoding windows-1252` inspects it again without uploading it, with `--no-header` as \
             well if that warning is right"
        );
        assert_eq!(
            hint(&[], &[("error", "Upload the data itself."), warning]),
            "`restow job inspect` with options such as `--no-header` inspects it again without uploading it"
        );
    }

    #[test]
    fn help_is_named_where_nothing_is_suggested() {
        for suggestion in [
            "Upload x=y.",
            "delimiter=::",
            "null_values=x",
            "skip_lines=many",
            "header=?",
        ] {
            let hint = hint(&[], &[("error", suggestion)]);
            assert!(hint.contains("`restow job inspect --help`"), "{hint}");
        }
    }
}
