use super::*;

/// The name of what each text is.
fn assert_all(expected: &str, texts: &[&str]) {
    for text in texts {
        let found = match scalar(text, b'.') {
            Scalar::Boolean => "boolean",
            Scalar::Number(Number::Integer(_)) => "integer",
            Scalar::Number(Number::Whole { .. }) => "whole",
            Scalar::Number(Number::Float { .. }) => "float",
            Scalar::Numeral => "numeral",
            Scalar::Moment(moment) if moment.time.is_none() => "date",
            Scalar::Moment(_) => "timestamp",
            Scalar::OtherDate(_) => "other date",
            Scalar::NullMarker(_) => "null marker",
            Scalar::Text => "text",
        };
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn booleans() {
    assert_all(
        "boolean",
        &["true", "True", "TRUE", "false", "False", "FALSE"],
    );
    assert_all("text", &["t", "tRUE", "true ", "yes", "f", "falsey"]);
}

#[test]
fn whole_numbers() {
    assert_all(
        "integer",
        &[
            "0",
            "7",
            "-7",
            "-0",
            "123456789012345678",
            "9223372036854775807",
            "-9223372036854775808",
        ],
    );
    assert_all("whole", &["9223372036854775808", &"9".repeat(305)]);
    assert_all("numeral", &["007", "-007", "00", "+7"]);
    assert_all(
        "text",
        &[
            "--7",
            " 7",
            "7 ",
            "1_000",
            "1,000",
            "0x10",
            "٣",
            "+",
            "+7a",
            &"9".repeat(310),
        ],
    );
    let number = |text| match scalar(text, b'.') {
        Scalar::Number(number) => number,
        other => panic!("{other:?}"),
    };
    assert_eq!(number("-9223372036854775808"), Number::Integer(i64::MIN));
    assert_eq!(number("-12"), Number::Integer(-12));
    assert!(!number("9007199254740992").is_long() && number("-9007199254740993").is_long());
}

#[test]
fn fractions_and_exponents() {
    assert_all(
        "float",
        &[
            "0.5", ".5", "-.5", "1e5", "1E-5", "1.5e+10", "1.5e-3", "123e-4",
        ],
    );
    assert_all(
        "text",
        &[
            "5.", ".", "-.", "1e", "1e+", "e5", "1.5.2", "00.5", "1e999", "inf", "-inf",
            "Infinity", "1,5",
        ],
    );
}

#[test]
fn floats_are_the_nearest() {
    for text in [
        "0.1",
        "-2.675",
        "123456.789",
        "0.1234567890123456789",
        "9007199254740993.5",
        "1.7976931348623157e308",
        "5e-324",
        ".00000000000000000000000001",
    ] {
        let Scalar::Number(number) = scalar(text, b'.') else {
            panic!("{text}");
        };
        let nearest: f64 = text.parse().unwrap();
        assert_eq!(number.as_f64().to_bits(), nearest.to_bits(), "{text}");
    }
}

#[test]
fn decimal_comma() {
    let Scalar::Number(number) = scalar("-1234,50", b',') else {
        panic!("no number");
    };
    assert_eq!(number.as_f64().to_bits(), (-1234.5_f64).to_bits());
    let Scalar::Number(number) = scalar("0,12345678901234567890", b',') else {
        panic!("no number");
    };
    assert_eq!(
        number.as_f64().to_bits(),
        0.123_456_789_012_345_68_f64.to_bits()
    );
    assert_eq!(scalar("1.5", b','), Scalar::Text);
}

#[test]
fn null_markers() {
    assert_all(
        "null marker",
        &[
            "NULL", "N/A", "-", "NA", "\\N", "null", "nan", "NaN", "None", "#N/A", "--",
        ],
    );
    assert_all("text", &["NAN1", "Nil", "Norway", "---", "\\"]);
    let mut markers = NullMarker::default();
    for text in ["NA", "-", "NA"] {
        markers.add(null_marker(text).unwrap());
    }
    assert_eq!(markers.texts().collect::<Vec<_>>(), ["NA", "-"]);
}

#[test]
fn dates() {
    assert_all(
        "date",
        &["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"],
    );
    assert_all(
        "text",
        &[
            "2023-02-29",
            "1900-02-29",
            "0000-01-01",
            "2024-13-01",
            "2024-00-01",
            "2024-04-31",
            "2024-1-1",
            "24-01-01",
            "2024-01-0",
        ],
    );
    for (text, days) in [
        ("1970-01-01", 0),
        ("1969-12-31", -1),
        ("2024-02-29", 19_782),
        ("0001-01-01", -719_162),
        ("9999-12-31", 2_932_896),
    ] {
        assert_eq!(moment(text).unwrap().seconds, days * 86_400, "{text}");
    }
}

#[test]
fn timestamps() {
    assert_all(
        "timestamp",
        &[
            "2024-02-29T23:59",
            "2024-02-29 23:59:60",
            "2024-02-29T23:59:59.123456789Z",
            "2024-02-29T23:59+02:00",
            "2024-02-29 23:59:59-0230",
            "2024-02-29 23:59:59+02",
            "2024-02-29 23:59:59 UTC",
            "2024-02-29 23:59:59.123456 UTC",
            "2024-02-29 23:59:59 +0200",
        ],
    );
    assert_all(
        "text",
        &[
            "2024-02-29T",
            "2024-02-29T24:00",
            "2024-02-29T23:60",
            "2024-02-29T23:59:61",
            "2024-02-29T23:59:59.",
            "2024-02-29T23:59:59 Z",
            "2024-02-29T23:59:59 ",
            "2024-02-30T23:59",
            "2024-02-29x23:59",
            "2024-02-29T23:59+2",
        ],
    );
    let utc = moment("2024-02-29T21:30:00.5Z").unwrap();
    let zoned = moment("2024-02-29T23:30:00.500+02:00").unwrap();
    assert_eq!(utc.seconds, zoned.seconds);
    assert_eq!(
        (utc.nanoseconds, zoned.nanoseconds),
        (500_000_000, 500_000_000)
    );
    assert!(zoned.time.unwrap().has_zone && !zoned.time.unwrap().has_nanoseconds);
}

#[test]
fn other_dates() {
    assert_all(
        "other date",
        &[
            "31/12/2024",
            "12/31/2024",
            "2012/01/01",
            "31.12.2024",
            "31-12-2024",
            "1/2/2024",
            "2012/1/1",
        ],
    );
    assert_all(
        "text",
        &[
            "31/31/2024",
            "30/02/2024",
            "31/12/24",
            "31/12-2024",
            "12.31.2024",
            "2024.01.01",
            "31/12/2024 ",
        ],
    );
    let only = |texts: &[&str]| {
        let mut patterns = Patterns::default();
        for text in texts {
            let Scalar::OtherDate(date) = scalar(text, b'.') else {
                panic!("{text}");
            };
            patterns.add(date);
        }
        patterns.only()
    };
    assert_eq!(
        only(&["01/02/2024", "31/12/2024"]),
        Some(("DD/MM/YYYY", false))
    );
    assert_eq!(
        only(&["12/31/2024", "01/02/2024"]),
        Some(("MM/DD/YYYY", true))
    );
    assert_eq!(only(&["1/2/2024", "12/31/2024"]), Some(("M/D/YYYY", true)));
    assert_eq!(only(&["2012/01/01"]), Some(("YYYY/MM/DD", false)));
    assert_eq!(only(&["01.02.2024"]), Some(("DD.MM.YYYY", false)));
    // The day or the month comes first; neither may; another separator.
    assert_eq!(only(&["01/02/2024"]), None);
    assert_eq!(only(&["31/12/2024", "12/31/2024"]), None);
    assert_eq!(only(&["31/12/2024", "31-12-2024"]), None);
}
