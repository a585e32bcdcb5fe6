//! The schema that a commit leaves.

use restow_api::{Column, ColumnType, SchemaDiff, Verdict};

use super::super::{Side, next_schema, schema_diff};
use super::{base, column, diff, nested, ranged, side};

fn next(schema: &[Column], object: &[Column], diff: &SchemaDiff) -> Vec<Column> {
    next_schema(Some(schema), &side("csv", object), diff).unwrap_or_default()
}

#[test]
fn a_first_version_sets_it_without_statistics() {
    let columns = [ranged("a", "int64", 1, 5)];
    let object = side("csv", &columns);
    let schema = next_schema(None, &object, &schema_diff(None, &object));
    assert_eq!(schema, Some(vec![column("a", "int64")]));
}

#[test]
fn compatible_commits_add_and_narrow_nothing() {
    let schema = [
        column("price", "double"),
        column("empty", "null"),
        column("at", "timestamp[us]"),
    ];
    let object = [
        column("at", "date32[day]"),
        column("new", "bool"),
        ranged("price", "int64", 1, 2),
        column("empty", "string"),
    ];
    let diff = diff("csv", &schema, &object);
    assert_eq!(diff.verdict, Verdict::Compatible);
    assert_eq!(
        next(&schema, &object, &diff),
        [
            column("at", "timestamp[us]"),
            column("new", "bool"),
            column("price", "double"),
            column("empty", "string")
        ]
    );
}

#[test]
fn breaking_commits_replace_it() {
    let schema = [column("a", "double"), column("b", "int64")];
    let object = [column("b", "double")];
    let diff = diff("csv", &schema, &object);
    assert_eq!(next(&schema, &object, &diff), object);
}

#[test]
fn unknown_columns_leave_it_as_it_is() {
    let schema = [column("a", "double")];
    let unknown = Side {
        columns: None,
        ..side("csv", &[])
    };
    let diff = schema_diff(Some(&base(side("csv", &schema))), &unknown);
    assert_eq!(
        next_schema(Some(&schema), &unknown, &diff),
        Some(schema.to_vec())
    );
    assert_eq!(next_schema(None, &unknown, &diff), None);
}

#[test]
fn nested_fields_are_added_to_the_type() {
    let x = || column("x", "double");
    let schema = [nested("s", "struct<x: double>", vec![x()])];
    let object = [nested(
        "s",
        "struct<x: int64, y: string>",
        vec![ranged("x", "int64", 1, 1), column("y", "string")],
    )];
    let diff = diff("ndjson", &schema, &object);
    assert_eq!(diff.verdict, Verdict::Compatible);
    assert_eq!(
        next(&schema, &object, &diff),
        [nested(
            "s",
            "struct<x: double, y: string>",
            vec![x(), column("y", "string")]
        )]
    );
}

#[test]
fn nulls_are_remembered() {
    let nulls = |nulls| Column {
        nulls,
        ..column("a", "int64")
    };
    let merged = |before, after| {
        let (schema, object) = ([nulls(before)], [nulls(after)]);
        let diff = diff("csv", &schema, &object);
        next(&schema, &object, &diff)[0].nulls
    };
    assert_eq!(merged(Some(0), Some(0)), Some(0));
    assert_eq!(merged(Some(2), Some(0)), Some(2));
    assert_eq!(merged(Some(0), Some(3)), Some(3));
    assert_eq!(merged(Some(0), None), None);
    assert_eq!(merged(None, Some(3)), Some(3));
}

#[test]
fn types_of_old_releases_become_exact() {
    let schema = [
        Column::new("a", ColumnType::Integer),
        Column::new("m", ColumnType::String),
    ];
    let object = [column("a", "int64"), column("m", "string")];
    let diff = diff("ndjson", &schema, &object);
    let next = next(&schema, &object, &diff);
    assert_eq!(next[0].data_type.as_deref(), Some("int64"));
    assert_eq!(next[1].data_type, None);
}
