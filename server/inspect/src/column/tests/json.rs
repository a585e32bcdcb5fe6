use super::*;

#[test]
fn json_values() {
    let (column, findings) = jsons(&["1", r#""x""#, "null", "[1]", r#"{"a":1}"#]);
    assert_eq!(
        (column.column_type, column.data_type),
        (ColumnType::String, None)
    );
    assert_eq!((column.nulls, column.distinct.unwrap().value), (Some(1), 4));
    assert_eq!(findings[0].finding_type, FindingType::MixedTypes);
    assert_eq!(findings[0].examples.len(), 4);
    let (column, _) = jsons(&["1", r#""1""#]);
    assert_eq!(column.distinct.unwrap().value, 2);
    let (column, findings) = jsons(&[r#""2024-01-01""#, r#""1""#, r#""a\u00e9""#]);
    assert_eq!(column.data_type.as_deref(), Some("string"));
    assert_eq!(column.max, Some(json!("aé")));
    assert_eq!(findings, []);
    let (column, findings) = jsons(&["1e999", "1.5"]);
    assert_eq!((column.column_type, column.mean), (ColumnType::Float, None));
    assert_eq!(findings[0].finding_type, FindingType::InvalidNumber);
}

#[test]
fn json_dates() {
    let (column, findings) = jsons(&[r#""31/12/2024""#, r#""01/02/2024""#]);
    assert_eq!(column.column_type, ColumnType::Date);
    assert_eq!(column.date_pattern.as_deref(), Some("DD/MM/YYYY"));
    assert_eq!(findings, []);
    let (column, _) = jsons(&[r#""2024-01-01T10:00Z""#]);
    assert_eq!(column.data_type.as_deref(), Some("timestamp[us, tz=UTC]"));
}

#[test]
fn nested_types() {
    let (column, _) = jsons(&[
        r#"{"a":1,"b":[{"c":"x"}]}"#,
        r#"{"a":2.5,"b":null,"d":true}"#,
    ]);
    assert_eq!(
        column.data_type.as_deref(),
        Some("struct<a: double, b: list<struct<c: string>>, d: bool>")
    );
    let nulls: Vec<_> = column.fields.iter().map(|field| field.nulls).collect();
    assert_eq!(nulls, [Some(0), Some(1), Some(1)]);
    let element = &column.fields[1].fields[0];
    assert_eq!(
        (element.name.as_str(), element.fields[0].name.as_str()),
        ("element", "c")
    );
    assert_eq!(column.min, None);
    assert_eq!(jsons(&["[]"]).0.data_type.as_deref(), Some("list<null>"));
    assert_eq!(jsons(&["[1,null]", "[2]"]).0.fields[0].nulls, Some(1));
    assert_eq!(jsons(&["[1,true]"]).0.data_type, None);
}

#[test]
fn nesting_is_bounded() {
    let mut room = Room::new();
    let mut builder = ColumnBuilder::new("c".to_owned(), 0, OPTIONS);
    let deep = format!("{}1{}", "[".repeat(20), "]".repeat(20));
    builder.push_json(&deep, 1, &mut room);
    assert!(room.is_exceeded);
    let (mut column, _) = finish(builder);
    assert_eq!(column.data_type, None);
    let mut depth = 0;
    while let Some(element) = column.fields.pop() {
        column = element;
        depth += 1;
    }
    assert_eq!(depth, Room::MAX_DEPTH);

    let mut room = Room::new();
    let mut builder = ColumnBuilder::new("c".to_owned(), 0, OPTIONS);
    for key in 0..=Room::MAX_FIELDS {
        builder.push_json(&format!("{{\"k{key}\":1}}"), 1, &mut room);
    }
    assert!(room.is_exceeded);
    assert_eq!(finish(builder).0.fields.len(), Room::MAX_FIELDS);
}
