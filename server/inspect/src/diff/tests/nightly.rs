//! A file that is pushed every night, whose columns are written now in one type and now in another.

use restow_api::{Column, ColumnType, Policy, Verdict};
use serde_json::json;

use super::super::{Base, next_schema, refused, schema_diff};
use super::{column, ranged, side};

const NIGHTS: u64 = 30;

/// The night on which half a unit is sold for the first time.
const BREAK: u64 = 23;

/// `price` is a float, or whole on every third night, or empty on every fifth; `refund` is empty for ten nights; `day`
/// has a time of day at first only; `note` is text, a number or empty; `stock` is whole until it is not.
fn columns_of(night: u64) -> Vec<Column> {
    let stock = if night == BREAK {
        ranged("stock", "double", json!(1), json!(7.5))
    } else if night.is_multiple_of(7) {
        empty("stock")
    } else {
        ranged("stock", "int64", 0, 40)
    };
    let price = match night {
        night if night.is_multiple_of(5) => empty("price"),
        night if night.is_multiple_of(3) => ranged("price", "int64", 2, 30),
        _ => ranged("price", "double", json!(1.5), json!(30)),
    };
    let refund = match night {
        1..=10 => empty("refund"),
        night if night.is_multiple_of(2) => ranged("refund", "int64", 0, 5),
        _ => empty("refund"),
    };
    let day = if night.is_multiple_of(4) {
        column("day", "date32[day]")
    } else {
        column("day", "timestamp[us]")
    };
    let note = match night % 3 {
        0 => empty("note"),
        1 => column("note", "string"),
        _ => ranged("note", "int64", 1, 9),
    };
    let mut columns = vec![stock, price, refund, day, note];
    if night > 15 {
        columns.push(column("channel", "string"));
    }
    columns
}

fn empty(name: &str) -> Column {
    Column {
        nulls: Some(10),
        data_type: Some("null".to_owned()),
        ..Column::new(name, ColumnType::Null)
    }
}

#[test]
fn thirty_nights_raise_the_one_alarm() {
    let mut committed = columns_of(1);
    let first = side("csv", &committed);
    let mut schema = next_schema(None, &first, &schema_diff(None, &first));
    let mut alarms = Vec::new();
    for night in 2..=NIGHTS {
        let columns = columns_of(night);
        let object = side("csv", &columns);
        let base = Base {
            version: night - 1,
            side: side("csv", &committed),
            schema: schema.as_deref(),
            is_same: false,
        };
        let diff = schema_diff(Some(&base), &object);
        if refused(&diff, &Policy::default(), &[]).is_empty() {
            assert_eq!(diff.verdict, Verdict::Compatible);
            schema = next_schema(schema.as_deref(), &object, &diff);
            committed = columns;
        } else {
            alarms.push((night, diff.changes[0].msg.clone()));
        }
    }
    let expected = "Column `stock` was int64 and is double now: readers of whole numbers cannot read numbers with a \
                    fraction or an exponent like 7.5.";
    assert_eq!(alarms, [(BREAK, expected.to_owned())]);
    let types = schema.unwrap_or_default();
    let types: Vec<_> = types
        .iter()
        .filter_map(|column| column.data_type.as_deref())
        .collect();
    assert_eq!(
        types,
        [
            "int64",
            "double",
            "int64",
            "timestamp[us]",
            "string",
            "string"
        ]
    );
}
