//! How delimited text is written: detected, or stated.

use std::fmt::Write as _;

use restow_api::ColumnType::{Float, Integer, String as Text};
use restow_api::read_options::NullValue;
use restow_api::{FindingType, ReadOptions, Severity};
use serde_json::json;

use crate::sources::{look, look_with, names, only, read, summary, types};

/// A table with text that contains `delimiter`, quoted by `quote`.
fn table(delimiter: char, quote: char, has_header: bool) -> String {
    let d = delimiter;
    let mut text = String::new();
    if has_header {
        text = format!("id{d}name{d}price\n");
    }
    for row in 0..20 {
        let name = match row % 3 {
            0 => format!("{quote}Smith{d} J.{quote}"),
            1 => "Ann".to_owned(),
            _ => format!("{quote}two\nlines{quote}"),
        };
        writeln!(text, "{row}{d}{name}{d}{row}.5").unwrap();
    }
    text
}

#[test]
fn every_delimiter_and_quote_is_detected() {
    for extension in ["csv", "tsv", "tab", "txt"] {
        for delimiter in [',', ';', '\t', '|'] {
            for quote in ['"', '\''] {
                if (delimiter, quote) == ('\t', '\'') {
                    continue;
                }
                let context = format!("{extension} {delimiter:?} {quote:?}");
                let found = read(table(delimiter, quote, true), extension);
                assert_eq!(found.row_count, Some(20), "{context}");
                assert_eq!(
                    summary(&found.columns),
                    [
                        ("id", Integer, Some(0)),
                        ("name", Text, Some(0)),
                        ("price", Float, Some(0))
                    ],
                    "{context}"
                );
                assert_eq!(
                    found.sample[0][1],
                    json!(format!("Smith{delimiter} J.")),
                    "{context}"
                );
                let breaks = only(&found, FindingType::QuotedLineBreaks);
                assert_eq!((breaks.line, breaks.count), (Some(4), Some(6)), "{context}");
                let dialect = found.dialect.unwrap();
                assert_eq!(dialect.delimiter, Some(delimiter.to_string()), "{context}");
                assert_eq!(dialect.quote, Some(quote.to_string()), "{context}");
                assert_eq!(dialect.header, Some(true), "{context}");
            }
        }
    }
}

#[test]
fn stated_dialect_of_one_reads_the_same() {
    for delimiter in [',', ';', '\t', '|'] {
        let text = table(delimiter, '"', true);
        let found = read(text.clone(), "csv");
        let stated = look_with(text, "csv", found.dialect.as_ref().unwrap());
        assert_eq!(
            (stated.row_count, &stated.columns, &stated.sample),
            (found.row_count, &found.columns, &found.sample)
        );
        assert_eq!(stated.dialect, found.dialect);
    }
}

#[test]
fn headers_are_stated_or_detected() {
    let text = "1,2.5\n2,3.5\n";
    let found = read(text, "csv");
    assert_eq!(
        (names(&found), found.row_count),
        (vec!["column_1", "column_2"], Some(2))
    );
    let stated = |header: bool| ReadOptions {
        header: Some(header),
        ..ReadOptions::default()
    };
    let found = look_with(text, "csv", &stated(true));
    assert_eq!(
        (names(&found), found.row_count),
        (vec!["1", "2.5"], Some(1))
    );
    assert_eq!(types(&found), []);
    let found = look_with("a,b\nc,d\n", "csv", &stated(false));
    assert_eq!(
        (names(&found), found.row_count),
        (vec!["column_1", "column_2"], Some(2))
    );
    let found = read("Ann,30\nBob,31\nCid,40\n", "csv");
    assert_eq!(found.row_count, Some(3));
    let warning = only(&found, FindingType::HeaderLooksLikeData);
    assert_eq!(warning.suggestion.as_deref(), Some("header=true"));
}

#[test]
fn better_delimiter_than_the_stated_one_is_suggested() {
    let delimiter = |delimiter: &str| ReadOptions {
        delimiter: Some(delimiter.to_owned()),
        ..ReadOptions::default()
    };
    let suggestion = |text: &'static str, stated: &str| {
        let found = look_with(text, "csv", &delimiter(stated));
        found.rejection().unwrap().suggestion.clone()
    };
    // Without any comma there is one column; with some, the rows are ragged.
    for text in ["a;b\n1;2\n", "name;price\nA;1,50\nB;2\n"] {
        assert_eq!(suggestion(text, ","), Some("delimiter=;".to_owned()));
    }
    assert_eq!(
        suggestion("a\tb\n1\t2,5\n3\t4\n", ","),
        Some("delimiter=\t".to_owned())
    );
    let other = suggestion("a,b\n1,2\n3\n", ",").unwrap();
    assert!(!other.contains('='), "{other}");
}

#[test]
fn tabs_quote_only_where_the_head_proves_it() {
    let first = |text: &str| read(text.to_owned(), "tsv").sample[0][0].clone();
    assert_eq!(first("a\tb\n\"x\"\t1\n"), json!("\"x\""));
    assert_eq!(first("a\tb\n\"x\ty\"\t1\n"), json!("x\ty"));
    assert_eq!(first("\"a\"\t\"b\"\n\"x\"\t1\n"), json!("x"));
    assert_eq!(first("a\tb\n\"x \"\"y\"\"\"\t1\n"), json!("x \"y\""));
    assert_eq!(first("a\tb\n\"x\t1\ny\"\t2\n"), json!("\"x"));
}

#[test]
fn backslashes_escape_where_the_head_proves_it() {
    let found = read("a,b\n1,\"x \\\"y\\\", z\"\n2,\"w\"\n", "csv");
    assert_eq!(found.sample[0][1], json!("x \"y\", z"));
    assert_eq!(found.dialect.unwrap().escape.as_deref(), Some("\\"));
    let found = read("a,b\n1,\"C:\\\"\n2,\"D:\\\"\n", "csv");
    assert_eq!(found.sample[0][1], json!("C:\\"));
    assert_eq!(found.dialect.unwrap().escape.as_deref(), Some(""));
}

#[test]
fn delimiter_line_is_believed() {
    for first in ["sep=;", "SEP=;", "\"sep=;\""] {
        let found = read(format!("{first}\r\na;b,c\r\n1;2,3\r\n"), "csv");
        assert_eq!(names(&found), ["a", "b,c"], "{first}");
        let skipped = only(&found, FindingType::PreambleSkipped);
        assert_eq!(skipped.suggestion.as_deref(), Some("skip_lines=1"));
    }
}

#[test]
fn titles_and_comments_are_skipped() {
    let found = read(
        "Sales report\nFirst quarter\n\nid,name,price\n1,a,2\n2,b,3\n",
        "csv",
    );
    assert_eq!(
        (names(&found), found.row_count),
        (vec!["id", "name", "price"], Some(2))
    );
    assert_eq!(found.dialect.as_ref().unwrap().skip_lines, Some(3));
    let found = read("Report,,\nid,name,price\n1,a,2\n", "csv");
    assert_eq!(names(&found), ["id", "name", "price"]);
    let found = read("id,name\n1,a\n# a note, \"with, commas\n2,b\n", "csv");
    assert_eq!(found.row_count, Some(2));
    assert_eq!(only(&found, FindingType::PreambleSkipped).line, Some(3));
    let found = read("##version=4\n#chrom\tpos\n1\t5\n2\t6\n", "tsv");
    assert_eq!(names(&found), ["#chrom", "pos"]);
    let found = read("id,tag\n1,a\n#2,b\n", "csv");
    assert_eq!(found.row_count, Some(2));
}

#[test]
fn stated_lines_and_comments_are_skipped() {
    let options = ReadOptions {
        skip_lines: Some(2),
        comment: Some("%".to_owned()),
        ..ReadOptions::default()
    };
    let found = look_with("x\n\"y\na,b\n% \"no\n1,2\n", "csv", &options);
    assert_eq!((names(&found), found.row_count), (vec!["a", "b"], Some(1)));
    let none = ReadOptions {
        comment: Some(String::new()),
        ..ReadOptions::default()
    };
    assert_eq!(names(&look_with("#a\n1\n", "csv", &none)), ["#a"]);
}

#[test]
fn null_values_are_null() {
    let options = ReadOptions {
        null_values: Some(vec![
            NullValue("NA".to_owned()),
            NullValue("\\N".to_owned()),
        ]),
        ..ReadOptions::default()
    };
    let found = look_with("a,b\nNA,1\n2,\\N\n", "csv", &options);
    assert_eq!(
        summary(&found.columns),
        [("a", Integer, Some(1)), ("b", Integer, Some(1))]
    );
}

#[test]
fn single_columns_are_told() {
    let found = read("name\nAnn\nBob\n", "csv");
    assert_eq!(
        only(&found, FindingType::SingleColumn).severity,
        Severity::Warning
    );
    let stated = ReadOptions {
        delimiter: Some(",".to_owned()),
        ..ReadOptions::default()
    };
    let found = look_with("a;b\n1;2\n", "csv", &stated);
    let single = only(&found, FindingType::SingleColumn);
    assert_eq!(single.severity, Severity::Error);
    assert_eq!(single.suggestion.as_deref(), Some("delimiter=;"));
}

#[test]
fn text_that_is_no_table_is_not_inspected() {
    for text in [
        "Dear Ann,\nthank you.\nBob, and others\n",
        "hello\n",
        "",
        "{\"a\":1}\n",
    ] {
        let found = read(text, "txt");
        assert_eq!(found.format.as_deref(), Some("txt"), "{text}");
        assert_eq!((found.row_count, found.columns.len()), (None, 0), "{text}");
    }
    let found = read("a\tb\n1\t2\n", "txt");
    assert_eq!(
        (found.format.as_deref(), found.row_count),
        (Some("tsv"), Some(1))
    );
    let found = read("a|b\n1|2\n", "txt");
    assert_eq!(
        (found.format.as_deref(), found.row_count),
        (Some("csv"), Some(1))
    );
}

#[test]
fn pointers_and_json_are_no_tables() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12\n";
    assert_eq!(
        types(&look(pointer, "csv")),
        [FindingType::LooksLikePointer]
    );
    assert_eq!(
        types(&look("[\n {\"a\": 1},", "tsv")),
        [FindingType::LooksLikeJson]
    );
}

#[test]
fn decimal_commas_are_detected() {
    let decimal = |text: &str| read(text.to_owned(), "csv").dialect.unwrap().decimal;
    assert_eq!(decimal("a;b\n1,5;x\n2;y\n").as_deref(), Some(","));
    assert_eq!(decimal("a;b\n1.5;1,5\n2.5;y\n").as_deref(), Some("."));
    assert_eq!(decimal("a,b\n\"1,5\",2\n").as_deref(), Some("."));
    assert_eq!(decimal("1,5;2,5;3,5\n4,5;5,5;6,5\n").as_deref(), Some(","));
}
