//! Variations of `data/cases`: the same kinds of faults in other words.

use restow_api::ColumnType::{Boolean, Date, Float, Integer, String as Text};
use restow_api::{ColumnType, FindingType, ReadOptions, Severity};
use restow_inspect::{Inspection, Limits};

use crate::sources::{Object, look, look_with, names, only, read, run_with, types};

/// Names and types of the columns, and the number of rows.
fn shape(found: &Inspection) -> (Vec<(&str, ColumnType)>, Option<u64>) {
    let columns = found.columns.iter();
    let columns = columns.map(|column| (column.name.as_str(), column.column_type));
    (columns.collect(), found.row_count)
}

#[test]
fn delimiter_that_the_header_has_is_the_delimiter() {
    for (text, columns) in [
        (
            "name;text\nAnn;hello, world\nBob;a, b\nCid;c, d\n",
            [("name", Text), ("text", Text)],
        ),
        (
            "name;amount\nAnn;1,5\nBob;2,25\nCid;3,75\n",
            [("name", Text), ("amount", Float)],
        ),
        (
            "stadt;wert\nKöln;1,5\nBonn;7,0\n",
            [("stadt", Text), ("wert", Float)],
        ),
        (
            "name|note, long\nAnn|hello, world\nBob|a, b\n",
            [("name", Text), ("note, long", Text)],
        ),
    ] {
        let found = read(text, "csv");
        assert_eq!(shape(&found).0, columns, "{text}");
        assert_eq!(types(&found), [FindingType::DelimiterDetected]);
    }
}

#[test]
fn unusual_delimiters_are_named() {
    for (delimiter, suggestion) in [
        (':', "delimiter=:"),
        ('^', "delimiter=^"),
        ('~', "delimiter=~"),
        (' ', "delimiter= "),
        ('\u{1}', "delimiter=\\u{1}"),
        ('\u{1f}', "delimiter=\\u{1f}"),
    ] {
        let text = "id,name,x\n1,Ann,2\n2,Bob,3\n".replace(',', &delimiter.to_string());
        let found = read(text.clone(), "csv");
        let single = only(&found, FindingType::SingleColumn);
        assert_eq!(single.suggestion.as_deref(), Some(suggestion));
        let options = ReadOptions {
            delimiter: Some(delimiter.to_string()),
            ..ReadOptions::default()
        };
        let found = look_with(text, "csv", &options);
        assert_eq!(names(&found), ["id", "name", "x"], "{delimiter:?}");
        assert_eq!(found.rejection(), None);
    }
}

#[test]
fn spaces_behind_every_delimiter_are_left_out() {
    let found = read("id, name, x\n1, Ann Lee, 5\n2, Bob, 6\n", "csv");
    assert_eq!(
        shape(&found),
        (
            vec![("id", Integer), ("name", Text), ("x", Integer)],
            Some(2)
        )
    );
    only(&found, FindingType::DelimiterDetected);
    let found = read("id,name\n1, Ann\n2,Bob\n", "csv");
    assert_eq!(found.sample[0][1], " Ann");
}

#[test]
fn first_row_of_data_is_no_header() {
    for (text, rows, columns) in [
        (
            "1,2.5,abc\n2,3.5,def\n3,4.5,ghi\n",
            3,
            vec![Integer, Float, Text],
        ),
        ("Ann,30\nBob,31\n", 2, vec![Text, Integer]),
        ("2024-01-01,Berlin\n2024-01-02,Paris\n", 2, vec![Date, Text]),
        ("1,Ann\n", 1, vec![Integer, Text]),
        ("x,true\ny,false\n", 2, vec![Text, Boolean]),
        (
            "tt1,movie,1999\ntt2,movie,2000\n",
            2,
            vec![Text, Text, Integer],
        ),
        (
            "5.1,3.5,setosa\n4.9,NA,virginica\n",
            2,
            vec![Float, Text, Text],
        ),
    ] {
        let found = read(text, "csv");
        assert_eq!(found.row_count, Some(rows), "{text}");
        let found_types: Vec<_> = found
            .columns
            .iter()
            .map(|column| column.column_type)
            .collect();
        assert_eq!(found_types, columns, "{text}");
        only(&found, FindingType::HeaderLooksLikeData);
    }
}

#[test]
fn numbers_may_be_names() {
    for text in [
        "country,2019,2020,2021\nA,1,2,3\nB,4,5,6\n",
        ",0,1,2\n0,5.5,6.5,7.5\n1,5.5,6.5,7.5\n",
        "id,5\n1,6\n2,7\n",
        "gene,1,2,3\na,5,6,7\nb,5,6,7\n",
    ] {
        let found = read(text, "csv");
        assert_eq!(found.row_count, Some(2), "{text}");
        assert_eq!(found.dialect.unwrap().header, Some(true), "{text}");
    }
}

#[test]
fn comments_and_titles_are_skipped() {
    let columns = vec![("id", Integer), ("name", Text)];
    for text in [
        "# title, made by x\n# two\nid,name\n1,Ann\n2,Bob\n",
        "# title, made by x\nid,name\n1,Ann\n2,Bob\n",
        "# one\n# two\n\nid,name\n1,Ann\n# three\n2,Bob\n",
        "// title\nid,name\n1,Ann\n2,Bob\n",
        "Report\n\nid,name\n1,Ann\n2,Bob\n",
        "sep=,\nid,name\n1,Ann\n2,Bob\n",
    ] {
        let found = read(text, "csv");
        assert_eq!(shape(&found), (columns.clone(), Some(2)), "{text}");
        only(&found, FindingType::PreambleSkipped);
    }
    let found = read("#id,name\n1,Ann\n2,Bob\n", "csv");
    assert_eq!(names(&found), ["#id", "name"]);
    let spreadsheet = "Title,,\n,,\nid,name,x\n1,Ann,2\n2,Bob,3\n";
    assert_eq!(names(&read(spreadsheet, "csv")), ["id", "name", "x"]);
    let spreadsheet = ",,\nid,name,x\n1,Ann,2\n2,Bob,3\n";
    assert_eq!(names(&read(spreadsheet, "csv")), ["id", "name", "x"]);
}

#[test]
fn header_above_rows_with_surplus_delimiters_is_no_title() {
    let found = look("a,b\n1,2,,\n3,4,,\n", "csv");
    assert_eq!(names(&found), ["a", "b"]);
    let ragged = found.rejection().unwrap();
    assert!(
        ragged.msg.contains("every row has 2 empty fields more"),
        "{}",
        ragged.msg
    );
}

#[test]
fn last_delimiter_may_be_missing_in_some_rows() {
    let text = format!("a,b\n{}3,4\n1,2,\n", "1,2,\n".repeat(100_000));
    let found = read(text, "csv");
    assert_eq!(found.row_count, Some(100_002));
    assert_eq!(
        only(&found, FindingType::RaggedRows).severity,
        Severity::Warning
    );
}

#[test]
fn text_with_nuls_is_text() {
    for text in [
        "id,name\n1,\0\0\0\0\0\0\0\n2,c\n".to_owned(),
        format!("id,name\n1,a\n2,b\n{}", "\0".repeat(4000)),
        format!("id,name\n1,{}\n2,b\n", "\0".repeat(20)),
    ] {
        let found = look(text, "csv");
        assert_eq!(
            found.rejection().unwrap().finding_type,
            FindingType::NulBytes
        );
    }
    let numbers: Vec<u8> = (0..1000_u32)
        .flat_map(|number| f64::from(number).to_le_bytes())
        .collect();
    let found = look(numbers, "csv");
    assert_eq!(types(&found), [FindingType::ContentMismatch]);
}

#[test]
fn wide_encodings_are_named() {
    let text = "id,name\n1,東京都千代田区\n2,大阪府大阪市\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found = read(bytes, "csv");
    assert_eq!(found.dialect.unwrap().encoding.as_deref(), Some("utf-16le"));
    assert_eq!(found.sample[1][1], "大阪府大阪市");
    for mark in ["", "\u{feff}"] {
        let wide = format!("{mark}id,name\n1,Ann\n");
        let bytes: Vec<u8> = wide
            .chars()
            .flat_map(|one| (one as u32).to_le_bytes())
            .collect();
        let found = look(bytes, "csv");
        let msg = &found.rejection().unwrap().msg;
        assert!(msg.starts_with("The text is UTF-32"), "{msg}");
    }
}

#[test]
fn pointers_are_recognised_whatever_they_are_called() {
    let lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    let annex = "/annex/objects/SHA256E-s1000--4d7a.csv\n";
    for extension in [
        "csv", "csv.gz", "ndjson", "json", "parquet", "txt", "tsv.zst", "png",
    ] {
        for text in [lfs, annex] {
            let found = look(text, extension);
            assert_eq!(
                types(&found),
                [FindingType::LooksLikePointer],
                "{extension}"
            );
        }
    }
}

#[test]
fn json_under_another_name_is_named() {
    for (text, suggestion) in [
        ("{\n  \"a\": 1,\n  \"b\": [1,2]\n}\n", "format=json"),
        ("{\"a\":1}\n{\"a\":2}\n", "format=ndjson"),
        ("[\n{\"a\":1}\n]\n", "format=json"),
    ] {
        let found = look(text, "csv");
        let json = found.rejection().unwrap();
        assert_eq!(json.suggestion.as_deref(), Some(suggestion));
        let found = look(text, "txt");
        assert_eq!(
            only(&found, FindingType::LooksLikeJson).severity,
            Severity::Info
        );
    }
}

#[test]
fn few_other_values_are_told() {
    for (text, finding_type) in [
        ("x,y\n1,a\n2,b\nNone,c\nNaN,d\n", FindingType::NullMarkers),
        ("x,y\n1.5,a\n2.5,b\n3.5,c\ninf,d\n", FindingType::MixedTypes),
        (
            "x,y\n2024-01-01,a\n2024-01-02,b\n2024-02-30,c\n",
            FindingType::MixedTypes,
        ),
        ("x,y\n1,a\n2,b\noops,c\n", FindingType::MixedTypes),
    ] {
        let found = read(text, "csv");
        let told = only(&found, finding_type);
        assert_eq!(told.column.as_deref(), Some("x"), "{text}");
        assert_eq!(found.columns[0].column_type, Text);
    }
    let codes = read("x,y\nA1,a\n2,b\nB3,c\n4,d\n", "csv");
    assert_eq!(types(&codes), []);
}

#[test]
fn mistakes_in_json_are_told_in_words() {
    for (text, words) in [
        ("{\"a\":1}\n{\"a\":None}\n", "None is not JSON; write null"),
        ("{\"a\":1}\n{\"a\":True}\n", "True is not JSON; write true"),
        (
            "{\"a\":1}{\"a\":2}\n",
            "behind the object another one begins",
        ),
        ("{\n \"a\":1\n}\n", "the object does not end in its line"),
        ("{'a':1}\n", "single quotes"),
        ("a,b\n1,2\n", "it does not begin with an object"),
    ] {
        let found = look(text, "ndjson");
        let msg = &found.rejection().unwrap().msg;
        assert!(msg.contains(words), "{text}: {msg}");
    }
}

#[test]
fn duplicate_keys_within_objects_are_told() {
    let found = read(
        "{\"a\":{\"b\":1}}\n{\"a\":{\"b\":1,\"b\":null}}\n",
        "ndjson",
    );
    assert_eq!(only(&found, FindingType::DuplicateKeys).line, Some(2));
}

#[test]
fn what_is_no_parquet_is_described() {
    for (bytes, words) in [("", "an empty object"), ("a,b\n1,2\n", "detected text")] {
        let found = run_with(
            Object::new(bytes),
            "data.parquet",
            &ReadOptions::default(),
            &Limits::default(),
        );
        let found = found.unwrap();
        assert!(found.rejection().unwrap().msg.contains(words));
    }
}
