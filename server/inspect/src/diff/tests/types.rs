//! Which types fit which.

use restow_api::{Column, ColumnType, Verdict};

use super::{column, diff, kinds, ranged};

/// The kind of the only change of a column's type, or nothing.
fn change(format: &str, from: &str, to: Column) -> String {
    let diff = diff(format, &[column("a", from)], &[to]);
    let breaking = diff.changes.iter().any(|change| change.breaking);
    assert_eq!(breaking, diff.verdict == Verdict::Breaking, "{diff:?}");
    let kinds = kinds(&diff.changes);
    assert!(kinds.len() < 2, "{kinds:?}");
    let kind = kinds.first().map_or("", |kind| kind.as_str());
    kind.trim_end_matches(" a").to_owned()
}

const FITS: &str = "type_fits";
const BREAKS: &str = "!type_breaks";

#[test]
fn text_is_judged_by_values() {
    let limit = 9_007_199_254_740_992_i64;
    for (from, to, expected) in [
        ("int64", ranged("a", "int64", 1, 3), ""),
        ("double", ranged("a", "int64", 2, 3), FITS),
        ("double", ranged("a", "int64", -limit, limit), FITS),
        ("double", ranged("a", "int64", 0, limit + 1), BREAKS),
        (
            "double",
            ranged("a", "int64", "-9007199254740993", 0),
            BREAKS,
        ),
        ("double", column("a", "int64"), BREAKS),
        ("int64", ranged("a", "double", 1, 2.5), BREAKS),
        (
            "int64",
            ranged("a", "decimal128(19, 0)", 1, "9223372036854775808"),
            BREAKS,
        ),
        (
            "double",
            ranged("a", "decimal128(19, 0)", 1, "9223372036854775808"),
            BREAKS,
        ),
        ("decimal128(20, 0)", ranged("a", "int64", 1, 3), FITS),
        ("decimal128(20, 0)", column("a", "decimal128(25, 0)"), FITS),
        ("decimal128(20, 0)", column("a", "double"), BREAKS),
        ("decimal128(17, 1)", column("a", "double"), FITS),
        ("decimal128(17, 1)", column("a", "decimal128(25, 6)"), FITS),
        (
            "decimal128(17, 1)",
            Column::new("a", ColumnType::Decimal),
            FITS,
        ),
        (
            "decimal128(20, 0)",
            column("a", "decimal128(17, 1)"),
            BREAKS,
        ),
        (
            "timestamp[us]",
            Column::new("a", ColumnType::Timestamp),
            BREAKS,
        ),
        ("string", column("a", "null"), FITS),
        ("null", column("a", "double"), FITS),
        ("null", column("a", "null"), ""),
        ("string", column("a", "int64"), FITS),
        ("string", column("a", "timestamp[us]"), FITS),
        ("int64", column("a", "string"), BREAKS),
        ("bool", column("a", "int64"), BREAKS),
        ("int64", column("a", "bool"), BREAKS),
        ("timestamp[us]", column("a", "date32[day]"), FITS),
        ("timestamp[us, tz=UTC]", column("a", "date32[day]"), FITS),
        ("date32[day]", column("a", "timestamp[us]"), BREAKS),
        (
            "timestamp[us]",
            column("a", "timestamp[us, tz=UTC]"),
            BREAKS,
        ),
        (
            "timestamp[us, tz=UTC]",
            column("a", "timestamp[us]"),
            BREAKS,
        ),
        ("timestamp[s]", column("a", "timestamp[us]"), FITS),
        ("timestamp[us]", column("a", "timestamp[ns]"), BREAKS),
    ] {
        assert_eq!(
            change("csv", from, to.clone()),
            expected,
            "{from} to {to:?}"
        );
    }
}

#[test]
fn declared_types_are_judged_by_range_and_kind() {
    for (from, to, expected) in [
        (
            "int32",
            ranged("a", "int64", 0, 1_099_511_627_776_i64),
            BREAKS,
        ),
        (
            "int32",
            ranged("a", "int64", -2_147_483_648_i64, 2_147_483_647),
            FITS,
        ),
        ("int32", column("a", "int64"), BREAKS),
        ("int64", column("a", "int32"), FITS),
        ("uint32", ranged("a", "int32", 0, 5), FITS),
        ("uint32", ranged("a", "int32", -1, 5), BREAKS),
        (
            "int64",
            ranged("a", "uint64", 0, "9223372036854775808"),
            BREAKS,
        ),
        ("int64", ranged("a", "uint64", 0, 7), FITS),
        ("double", column("a", "float"), FITS),
        ("float", column("a", "double"), BREAKS),
        ("float", ranged("a", "int64", 0, 16_777_217), BREAKS),
        ("float", column("a", "int16"), FITS),
        ("halffloat", column("a", "int16"), BREAKS),
        ("decimal128(10, 2)", column("a", "decimal128(8, 1)"), FITS),
        (
            "decimal128(10, 2)",
            column("a", "decimal128(12, 2)"),
            BREAKS,
        ),
        (
            "decimal128(10, 2)",
            column("a", "decimal128(10, 3)"),
            BREAKS,
        ),
        (
            "decimal128(10, 2)",
            ranged("a", "int32", 0, 99_999_999),
            FITS,
        ),
        (
            "decimal128(10, 2)",
            ranged("a", "int32", 0, 100_000_000),
            BREAKS,
        ),
        ("double", column("a", "decimal128(10, 2)"), BREAKS),
        ("decimal128(10, 2)", column("a", "double"), BREAKS),
        ("timestamp[us]", column("a", "timestamp[ms]"), FITS),
        ("timestamp[ms]", column("a", "timestamp[us]"), BREAKS),
        (
            "timestamp[us, tz=UTC]",
            column("a", "timestamp[us]"),
            BREAKS,
        ),
        (
            "timestamp[us, tz=UTC]",
            column("a", "timestamp[us, tz=Europe/Berlin]"),
            FITS,
        ),
        ("time64[us]", column("a", "time32[ms]"), FITS),
        ("time32[ms]", column("a", "time64[us]"), BREAKS),
        ("string", column("a", "int32"), BREAKS),
        ("string", column("a", "binary"), BREAKS),
        ("binary", column("a", "fixed_size_binary[16]"), FITS),
        (
            "fixed_size_binary[16]",
            column("a", "fixed_size_binary[12]"),
            BREAKS,
        ),
        ("fixed_size_binary[16]", column("a", "uuid"), BREAKS),
        ("uuid", column("a", "uuid"), ""),
    ] {
        assert_eq!(
            change("parquet", from, to.clone()),
            expected,
            "{from} to {to:?}"
        );
    }
}

#[test]
fn json_text_and_numbers_differ() {
    for (from, to, expected) in [
        ("string", column("a", "date32[day]"), FITS),
        ("string", column("a", "int64"), BREAKS),
        ("date32[day]", column("a", "string"), BREAKS),
        ("double", ranged("a", "int64", 1, 2), FITS),
        ("string", Column::new("a", ColumnType::String), BREAKS),
    ] {
        assert_eq!(
            change("ndjson", from, to.clone()),
            expected,
            "{from} to {to:?}"
        );
    }
    let mixed = Column::new("a", ColumnType::String);
    for to in ["int64", "string", "bool"] {
        let diff = diff("ndjson", std::slice::from_ref(&mixed), &[column("a", to)]);
        assert_eq!(diff.verdict, Verdict::Compatible, "{diff:?}");
    }
}

#[test]
fn patterns_of_dates_count() {
    let date = |pattern: Option<&str>| Column {
        date_pattern: pattern.map(str::to_owned),
        ..column("a", "date32[day]")
    };
    let judged = |from: Option<&str>, to: Option<&str>| {
        let diff = diff("csv", &[date(from)], &[date(to)]);
        diff.changes.first().map(|change| change.msg.clone())
    };
    let pattern = Some("DD/MM/YYYY");
    assert_eq!(judged(pattern, pattern), None);
    assert_eq!(
        judged(pattern, None).as_deref(),
        Some(
            "Column `a` is still date32[day], but its dates are written as YYYY-MM-DD instead of DD/MM/YYYY."
        )
    );
    assert!(judged(pattern, Some("D/M/YYYY")).is_some_and(|msg| msg.contains("can be read")));
    assert!(judged(pattern, Some("MM/DD/YYYY")).is_some_and(|msg| msg.contains("instead of")));
    let timestamps = [column("a", "timestamp[us]")];
    assert_eq!(
        diff("csv", &timestamps, &[date(pattern)]).verdict,
        Verdict::Breaking
    );
}

#[test]
fn dates_of_uncertain_pattern_fit_one_of_them() {
    let text = |pattern: Option<&str>| Column {
        date_pattern: pattern.map(str::to_owned),
        ..column("a", "string")
    };
    let date = Column {
        date_pattern: Some("DD/MM/YYYY".to_owned()),
        ..column("a", "date32[day]")
    };
    let judged = |to: Column| diff("csv", std::slice::from_ref(&date), &[to]).verdict;
    let uncertain = text(Some("DD/MM/YYYY|MM/DD/YYYY"));
    assert_eq!(judged(uncertain), Verdict::Compatible);
    assert_eq!(
        judged(text(Some("DD-MM-YYYY|MM-DD-YYYY"))),
        Verdict::Breaking
    );
    assert_eq!(judged(text(None)), Verdict::Breaking);
}

#[test]
fn times_with_and_without_zone_fit_a_column_of_both() {
    let both = [Column::new("a", ColumnType::Timestamp)];
    for to in ["date32[day]", "timestamp[us]", "timestamp[us, tz=UTC]"] {
        let diff = diff("csv", &both, &[column("a", to)]);
        assert_eq!(diff.verdict, Verdict::Compatible, "{diff:?}");
    }
}

#[test]
fn types_of_old_releases_are_no_change() {
    for to in [
        "int64",
        "string",
        "timestamp[us, tz=UTC]",
        "decimal128(10, 2)",
        "list<int32>",
    ] {
        let to = column("a", to);
        let old = Column::new("a", to.column_type);
        let diff = diff("parquet", &[old], &[to]);
        assert_eq!((diff.verdict, diff.changes), (Verdict::Compatible, vec![]));
    }
    let back = diff(
        "parquet",
        &[column("a", "timestamp[us]")],
        &[Column::new("a", ColumnType::Timestamp)],
    );
    assert_eq!(back.verdict, Verdict::Breaking);
}
