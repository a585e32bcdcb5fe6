use super::*;

fn assert_all(expected: ColumnType, texts: &[&str]) {
    for text in texts {
        assert_eq!(narrowest(text), expected, "{text:?}");
    }
}

#[test]
fn booleans() {
    assert_all(
        ColumnType::Boolean,
        &["true", "True", "TRUE", "false", "False", "FALSE"],
    );
    assert_all(
        ColumnType::String,
        &["t", "tRUE", "true ", "yes", "f", "falsey"],
    );
}

#[test]
fn integers() {
    assert_all(
        ColumnType::Integer,
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
    assert_all(
        ColumnType::String,
        &[
            "007", "-007", "00", "+7", "-", "--7", " 7", "7 ", "1_000", "1,000", "0x10", "٣",
        ],
    );
}

#[test]
fn floats() {
    let digits = "9".repeat(305);
    assert_all(
        ColumnType::Float,
        &[
            "0.5",
            ".5",
            "-.5",
            "1e5",
            "1E-5",
            "1.5e+10",
            "9223372036854775808",
            &digits,
        ],
    );
    let too_many_digits = "9".repeat(310);
    assert_all(
        ColumnType::String,
        &[
            "5.",
            ".",
            "-.",
            "1e",
            "1e+",
            "e5",
            "1.5.2",
            "00.5",
            "1e999",
            &too_many_digits,
            "NaN",
            "inf",
            "-inf",
            "Infinity",
        ],
    );
}

#[test]
fn dates() {
    assert_all(
        ColumnType::Date,
        &["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"],
    );
    assert_all(
        ColumnType::String,
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
}

#[test]
fn timestamps() {
    assert_all(
        ColumnType::Timestamp,
        &[
            "2024-02-29T23:59",
            "2024-02-29 23:59:60",
            "2024-02-29T23:59:59.123456789Z",
            "2024-02-29T23:59+02:00",
            "2024-02-29 23:59:59-0230",
            "2024-02-29 23:59:59+02",
        ],
    );
    assert_all(
        ColumnType::String,
        &[
            "2024-02-29T",
            "2024-02-29T24:00",
            "2024-02-29T23:60",
            "2024-02-29T23:59:61",
            "2024-02-29T23:59:59.",
            "2024-02-29T23:59:59 Z",
            "2024-02-30T23:59",
            "2024-02-29x23:59",
            "2024-02-29T23:59+2",
        ],
    );
}

#[test]
fn numbers_with_minus_as_fifth_byte() {
    assert_all(ColumnType::Float, &["1.5e-3", "123e-4"]);
}
