//! Which columns look renamed.

use restow_api::column::{DistinctCount, TopValue};
use restow_api::{ChangeKind, Column, ColumnType};
use serde_json::json;

use super::{diff, kinds, ranged};

fn counted(name: &str, distinct: u64, min: i64, max: i64) -> Column {
    Column {
        distinct: Some(DistinctCount {
            value: distinct,
            error: 0.0,
        }),
        ..ranged(name, "int64", min, max)
    }
}

#[test]
fn renames_are_suggested_by_content() {
    let from = [counted("id", 100, 1, 100), counted("flag", 2, 0, 1)];
    let to = [
        counted("flag_2", 2, 0, 1),
        counted("other", 99, 5000, 6000),
        counted("number", 110, 1, 110),
    ];
    let diff = diff("csv", &from, &to);
    assert_eq!(
        kinds(&diff.changes),
        [
            "!column_renamed id",
            "!column_removed flag",
            "column_added flag_2",
            "column_added other"
        ]
    );
    assert_eq!(diff.changes[0].to, Some(json!("number")));
}

#[test]
fn renamed_text_has_equal_values() {
    let text = |name: &str, top: &str| Column {
        data_type: Some("string".to_owned()),
        column_type: ColumnType::String,
        min: None,
        max: None,
        top: vec![TopValue {
            value: json!(top),
            count: 3,
            is_exact: true,
        }],
        ..counted(name, 5, 0, 0)
    };
    let judged =
        |top: &str| diff("csv", &[text("town", "Riga")], &[text("city", top)]).changes[0].kind;
    assert_eq!(judged("Riga"), ChangeKind::ColumnRenamed);
    assert_eq!(judged("red"), ChangeKind::ColumnRemoved);
}
