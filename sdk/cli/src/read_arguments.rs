//! Options that say how a file is to be read.

mod suggestion;

use clap::Args;

use crate::shell_word::option_words;
use restow_sdk::generated::types::{Compression, Format, NullValuesItem, ReadOptions};

/// Options that say how a file is to be read. What is not given is detected.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "How to read the file")]
pub struct ReadArguments {
    /// Format: csv, tsv, ndjson, json or parquet [default: by the extension]
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    format: Option<Format>,
    /// Compression of the whole file: none, gzip or zstd [default: by the last extension]
    #[arg(long, value_name = "NAME", value_parser = parse_compression)]
    compression: Option<Compression>,
    /// Character between fields: one ASCII character, `tab`, `comma`, `semicolon`, `pipe` or `space`
    #[arg(long, value_name = "CHAR", value_parser = parse_character)]
    delimiter: Option<String>,
    /// Character around fields, or `none` if there is no quoting
    #[arg(long, value_name = "CHAR|none", value_parser = parse_optional_character)]
    quote: Option<String>,
    /// Character before a quote within a quoted field, or `none` if quotes are doubled
    #[arg(long, value_name = "CHAR|none", value_parser = parse_optional_character)]
    escape: Option<String>,
    /// Character encoding, for example utf-8, utf-16le or windows-1252
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    encoding: Option<String>,
    /// The first row contains the names of the columns
    #[arg(long, overrides_with = "no_header")]
    header: bool,
    /// There is no row with the names of the columns
    #[arg(long, overrides_with = "header")]
    no_header: bool,
    /// Lines to skip at the beginning
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(0..=1_000_000))]
    skip_lines: Option<i64>,
    /// Character at the beginning of lines to skip, or `none` if there are no comments
    #[arg(long, value_name = "CHAR|none", value_parser = parse_optional_character)]
    comment: Option<String>,
    /// Decimal mark of numbers: `.` or `,`
    #[arg(long, value_name = "MARK", value_parser = [".", ","])]
    decimal: Option<String>,
    /// Text that means null in addition to the empty field; can be repeated
    #[arg(long = "null", value_name = "TEXT", value_parser = parse_null, allow_hyphen_values = true)]
    null_values: Vec<String>,
    /// Publish the file as it is, without columns and without a number of rows
    #[arg(long)]
    no_inspect: bool,
}

impl ReadArguments {
    /// The options of the API; `None` if nothing is given.
    pub fn options(&self) -> Option<ReadOptions> {
        let options = ReadOptions {
            comment: self.comment.as_deref().and_then(|text| text.parse().ok()),
            compression: self.compression,
            decimal: self.decimal.as_deref().and_then(|text| text.parse().ok()),
            delimiter: self.delimiter.as_deref().and_then(|text| text.parse().ok()),
            encoding: self.encoding.as_deref().and_then(|text| text.parse().ok()),
            escape: self.escape.as_deref().and_then(|text| text.parse().ok()),
            format: self.format,
            header: (self.header || self.no_header).then_some(self.header),
            inspect: self.no_inspect.then_some(false),
            null_values: self.null_values(),
            quote: self.quote.as_deref().and_then(|text| text.parse().ok()),
            skip_lines: self.skip_lines,
        };
        (!self.words().is_empty()).then_some(options)
    }

    fn null_values(&self) -> Option<Vec<NullValuesItem>> {
        let values: Vec<_> = self
            .null_values
            .iter()
            .filter_map(|text| text.parse().ok())
            .collect();
        (!values.is_empty()).then_some(values)
    }

    /// The options as words of a command line, quoted for a shell.
    pub fn words(&self) -> Vec<String> {
        let format = self.format.map(|format| format.to_string());
        let compression = self.compression.map(|compression| compression.to_string());
        let skip_lines = self.skip_lines.map(|lines| lines.to_string());
        let values = [
            ("--format", format.as_deref()),
            ("--compression", compression.as_deref()),
            ("--delimiter", self.delimiter.as_deref()),
            ("--quote", self.quote.as_deref()),
            ("--escape", self.escape.as_deref()),
            ("--encoding", self.encoding.as_deref()),
            ("--skip-lines", skip_lines.as_deref()),
            ("--comment", self.comment.as_deref()),
            ("--decimal", self.decimal.as_deref()),
        ];
        let values = values
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .map(|(name, value)| option_words(name, spelled(value)));
        let nulls = self
            .null_values
            .iter()
            .map(|text| option_words("--null", text));
        let switches = [
            ("--header", self.header),
            ("--no-header", self.no_header),
            ("--no-inspect", self.no_inspect),
        ];
        let switches = switches
            .into_iter()
            .filter(|(_, given)| *given)
            .map(|(name, _)| name.to_string());
        values.chain(nulls).chain(switches).collect()
    }
}

/// A character as it can be read on a command line.
fn spelled(value: &str) -> &str {
    match value {
        "" => "none",
        "\t" => "tab",
        " " => "space",
        value => value,
    }
}

/// One ASCII character that is no line break, by itself or by its name.
fn parse_character(text: &str) -> Result<String, &'static str> {
    let character = match text {
        "tab" | "\\t" => "\t",
        "comma" => ",",
        "semicolon" => ";",
        "pipe" => "|",
        "space" => " ",
        text => text,
    };
    let is_allowed = matches!(character.as_bytes(), [byte] if !matches!(byte, 0 | b'\n' | b'\r'));
    if is_allowed && character.is_ascii() {
        Ok(character.to_string())
    } else {
        Err("expected one ASCII character, or tab, comma, semicolon, pipe or space")
    }
}

fn parse_optional_character(text: &str) -> Result<String, &'static str> {
    if matches!(text, "none" | "") {
        Ok(String::new())
    } else {
        parse_character(text)
    }
}

fn parse_encoding(text: &str) -> Result<String, &'static str> {
    match text.chars().count() {
        1..=40 => Ok(text.to_string()),
        _ => Err("expected the name of an encoding, such as utf-8 or windows-1252"),
    }
}

fn parse_null(text: &str) -> Result<String, &'static str> {
    if text.chars().count() > 100 {
        return Err("expected at most 100 characters");
    }
    Ok(text.to_string())
}

fn parse_format(text: &str) -> Result<Format, &'static str> {
    text.parse()
        .map_err(|_| "expected csv, tsv, ndjson, json or parquet")
}

fn parse_compression(text: &str) -> Result<Compression, &'static str> {
    text.parse().map_err(|_| "expected none, gzip or zstd")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use serde_json::{Value, json};

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        read: ReadArguments,
    }

    pub(super) fn parsed(arguments: &[&str]) -> Option<ReadArguments> {
        let arguments = [&["push"], arguments].concat();
        Some(Command::try_parse_from(arguments).ok()?.read)
    }

    fn options(arguments: &[&str]) -> Value {
        json!(parsed(arguments).unwrap().options())
    }

    #[test]
    fn options_are_those_of_the_api() {
        assert_eq!(options(&[]), Value::Null);
        for (arguments, expected) in [
            (&["--delimiter", "tab"][..], json!({"delimiter": "\t"})),
            (&["--delimiter", ";"], json!({"delimiter": ";"})),
            (
                &["--quote", "none", "--escape", "\\"],
                json!({"quote": "", "escape": "\\"}),
            ),
            (
                &["--encoding", "windows-1252"],
                json!({"encoding": "windows-1252"}),
            ),
            (
                &["--no-header", "--skip-lines", "2"],
                json!({"header": false, "skip_lines": 2}),
            ),
            (
                &["--header", "--comment", "#"],
                json!({"header": true, "comment": "#"}),
            ),
            (&["--decimal", ","], json!({"decimal": ","})),
            (&["--compression", "gzip"], json!({"compression": "gzip"})),
            (
                &["--null", "NA", "--null", "-"],
                json!({"null_values": ["NA", "-"]}),
            ),
            (
                &["--format", "json", "--no-inspect"],
                json!({"format": "json", "inspect": false}),
            ),
        ] {
            assert_eq!(options(arguments), expected, "{arguments:?}");
        }
    }

    #[test]
    fn invalid_values_are_refused() {
        for arguments in [
            ["--delimiter", ""],
            ["--delimiter", "::"],
            ["--delimiter", "ä"],
            ["--delimiter", "\n"],
            ["--decimal", ";"],
            ["--format", "xlsx"],
            ["--compression", "xz"],
            ["--encoding", ""],
            ["--skip-lines", "-1"],
        ] {
            assert!(parsed(&arguments).is_none(), "{arguments:?}");
        }
    }

    #[test]
    fn words_parse_as_the_same_options() {
        let given = [
            "--delimiter",
            "\t",
            "--quote",
            "",
            "--escape",
            "\\",
            "--comment",
            "#",
            "--decimal",
            ",",
            "--null",
            "NA",
            "--null=-",
            "--no-header",
            "--skip-lines",
            "3",
            "--encoding",
            "utf-8",
            "--format",
            "csv",
            "--compression",
            "none",
        ];
        let words = parsed(&given).unwrap().words().join(" ");
        let expected = "--format csv --compression none --delimiter tab --quote none --escape '\\' --encoding utf-8 \
                        --skip-lines 3 --comment '#' --decimal , --null NA --null=- --no-header";
        assert_eq!(words, expected);
        let again: Vec<_> = words
            .split(' ')
            .map(|word| word.trim_matches('\''))
            .collect();
        assert_eq!(options(&again), options(&given));
    }
}
