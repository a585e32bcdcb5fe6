//! How a delimited text is written, detected in its head.
//!
//! What the caller states is believed, everything else is found out in this order, each step with what the ones before it
//! found: the delimiter, quote and escape ([`syntax`]), comment and title lines ([`preamble`]), the header ([`header`]),
//! the decimal mark ([`decimal`]). The same head always gives the same dialect.

mod decimal;
mod head;
mod header;
mod lookalike;
mod preamble;
mod profile;
mod stated;
mod syntax;
mod value;

use restow_api::read_options::NullValue;
use restow_api::{Finding, FindingType, ReadOptions, Severity};

pub(crate) use self::head::Head;
pub(crate) use self::lookalike::{lookalike, pointer};
use self::profile::Profile;
use self::stated::Stated;
use crate::csv::Syntax;
use crate::findings::{Findings, finding};

/// Delimiters that are not detected, since they are also parts of values.
const LIKELY_DELIMITERS: [u8; 6] = [0x01, 0x1F, b'^', b'~', b':', b' '];

/// How a delimited text is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dialect {
    pub(crate) syntax: Syntax,
    /// Lines before the first record, and whatever they contain.
    pub(crate) skip_lines: u64,
    pub(crate) comment: Option<u8>,
    pub(crate) has_header: bool,
    /// Whether each record ends with a delimiter, behind which is no field.
    pub(crate) ends_with_delimiter: bool,
    pub(crate) decimal: u8,
    pub(crate) null_values: Vec<String>,
}

impl Dialect {
    /// Everything as options that have the object read in the same way.
    pub(crate) fn as_options(&self, encoding: Option<String>) -> ReadOptions {
        let character = |byte: u8| char::from(byte).to_string();
        let optional = |byte: Option<u8>| byte.map(character).unwrap_or_default();
        ReadOptions {
            format: None,
            compression: None,
            delimiter: Some(character(self.syntax.delimiter)),
            quote: Some(optional(self.syntax.quote)),
            escape: Some(optional(self.syntax.escape)),
            encoding,
            header: Some(self.has_header),
            skip_lines: Some(self.skip_lines),
            comment: Some(optional(self.comment)),
            decimal: Some(character(self.decimal)),
            null_values: Some(self.null_values.iter().cloned().map(NullValue).collect()),
            inspect: None,
        }
    }
}

/// Detects the dialect of a text whose extension suggests the delimiter `usual`.
pub(crate) fn detect(
    head: Head<'_>,
    usual: u8,
    options: &ReadOptions,
    findings: &mut Findings,
) -> Dialect {
    let marker = preamble::delimiter_line(head.text);
    let skipped = options.skip_lines.unwrap_or(u64::from(marker.is_some()));
    let stated = Stated::new(options, marker);
    let head = Head {
        text: profile::behind_lines(head.text, skipped),
        comment: stated.comment.or_detect(|| head.comment),
        ..head
    };
    let syntax = syntax::detect(head, usual, &stated);
    let profile = Profile::new(head, syntax);
    let preamble = preamble::detect(&profile, skipped, options, &stated);
    let rows = preamble.rows(&profile);
    let decimal = stated
        .decimal
        .unwrap_or_else(|| decimal::detect(&rows, syntax.delimiter));
    let header = header::detect(&rows, decimal, options.header);
    let dialect = Dialect {
        syntax,
        skip_lines: preamble.skip_lines,
        comment: preamble.comment,
        has_header: header.is_header,
        ends_with_delimiter: header.rows_end_with_delimiter,
        decimal,
        null_values: null_values(options),
    };
    findings.extend(delimiter_finding(&dialect, usual, options));
    findings.extend(preamble.finding(options));
    findings.extend(header.finding.map(|found| Finding {
        line: Some(preamble.first_line),
        ..found
    }));
    dialect
}

/// Whether `text` is a table: rows of one number of fields, at least two, by `dialect`.
pub(crate) fn is_table(head: Head<'_>, dialect: &Dialect) -> bool {
    let behind = profile::behind_lines(head.text, dialect.skip_lines);
    let profile = Profile::new(
        Head {
            text: behind,
            ..head
        },
        dialect.syntax,
    );
    let shares = profile.consistency();
    dialect.skip_lines == 0 && profile.records.len() > 1 && shares.fields > 1 && shares.is_perfect()
}

/// Whether a delimiter is one of those that are detected.
pub(crate) fn is_usual(delimiter: u8) -> bool {
    syntax::DELIMITERS.contains(&delimiter)
}

/// Another delimiter by which every row of a text has the same number of fields, at least two: one that is detected, or
/// else one that is merely likely.
pub(crate) fn other_delimiter(head: Head<'_>, dialect: &Dialect) -> Option<u8> {
    let behind = profile::behind_lines(head.text, dialect.skip_lines);
    let head = Head {
        text: behind,
        ..head
    };
    let makes_columns = |delimiter: u8| {
        let syntax = Syntax {
            delimiter,
            ..dialect.syntax
        };
        let profile = Profile::new(head, syntax);
        let shares = profile.consistency();
        profile.records.len() > 1 && shares.fields > 1 && shares.is_perfect()
    };
    let own = dialect.syntax.delimiter;
    let usual = syntax::DELIMITERS.into_iter().filter(|other| *other != own);
    let others = LIKELY_DELIMITERS.into_iter().filter(|other| *other != own);
    usual
        .chain(others)
        .filter(|other| head.text.contains(char::from(*other)))
        .find(|other| makes_columns(*other))
}

fn null_values(options: &ReadOptions) -> Vec<String> {
    let stated = options.null_values.iter().flatten();
    stated.map(|NullValue(value)| value.clone()).collect()
}

fn delimiter_finding(dialect: &Dialect, usual: u8, options: &ReadOptions) -> Option<Finding> {
    let delimiter = dialect.syntax.delimiter;
    let name = delimiter_name(delimiter);
    let msg = match (delimiter == usual, dialect.syntax.skips_spaces) {
        (true, false) => return None,
        (_, true) => format!(
            "Fields are separated by a {name} and spaces, which were left out: state the delimiter if they belong to the values."
        ),
        (false, false) => format!("Fields are separated by a {name}."),
    };
    if options.delimiter.is_some() && !dialect.syntax.skips_spaces {
        return None;
    }
    let mut detected = finding(FindingType::DelimiterDetected, Severity::Info, msg);
    detected.suggestion = Some(format!("delimiter={}", char::from(delimiter)));
    Some(detected)
}

/// What a delimiter is called.
pub(crate) fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b',' => "comma".to_owned(),
        b';' => "semicolon".to_owned(),
        b'\t' => "tab".to_owned(),
        b'|' => "vertical bar".to_owned(),
        b' ' => "space".to_owned(),
        other => format!("{:?} character", char::from(other)),
    }
}
