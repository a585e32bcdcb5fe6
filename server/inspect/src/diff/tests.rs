//! Tables of columns by hand, judged.

mod changes;
mod nested;
mod nightly;
mod refusals;
mod renames;
mod schemas;
mod types;

use restow_api::{Change, Column, ColumnType, Compression, SchemaDiff};
use serde_json::Value;

use super::{Base, Side, schema_diff};

/// A column with its exact type, without null values.
fn column(name: &str, data_type: &str) -> Column {
    Column {
        data_type: Some(data_type.to_owned()),
        nulls: Some(0),
        ..Column::new(name, column_type(data_type))
    }
}

fn column_type(data_type: &str) -> ColumnType {
    let name = data_type.split(['(', '[', '<']).next();
    match name.unwrap_or_default() {
        "null" => ColumnType::Null,
        "bool" => ColumnType::Boolean,
        "halffloat" | "float" | "double" => ColumnType::Float,
        "decimal128" => ColumnType::Decimal,
        "date32" => ColumnType::Date,
        "time32" | "time64" => ColumnType::Time,
        "timestamp" => ColumnType::Timestamp,
        "string" | "uuid" => ColumnType::String,
        "binary" | "fixed_size_binary" => ColumnType::Binary,
        "struct" | "map" => ColumnType::Object,
        "list" => ColumnType::Array,
        name if name.contains("int") => ColumnType::Integer,
        other => panic!("no type {other}"),
    }
}

fn ranged(name: &str, data_type: &str, min: impl Into<Value>, max: impl Into<Value>) -> Column {
    Column {
        min: Some(min.into()),
        max: Some(max.into()),
        ..column(name, data_type)
    }
}

fn nested(name: &str, data_type: &str, fields: Vec<Column>) -> Column {
    Column {
        fields,
        ..column(name, data_type)
    }
}

fn side<'a>(format: &'a str, columns: &'a [Column]) -> Side<'a> {
    Side {
        format: Some(format),
        compression: Compression::None,
        dialect: None,
        columns: Some(columns),
        row_count: Some(10),
        file_size: 100,
    }
}

fn base(side: Side<'_>) -> Base<'_> {
    Base {
        version: 1,
        side,
        schema: side.columns,
        is_same: false,
    }
}

/// The difference between two lists of columns in one format.
fn diff(format: &str, from: &[Column], to: &[Column]) -> SchemaDiff {
    schema_diff(Some(&base(side(format, from))), &side(format, to))
}

/// The kinds of `changes` and their columns, with `!` where they are breaking.
fn kinds(changes: &[Change]) -> Vec<String> {
    let kind = |change: &Change| {
        let mark = if change.breaking { "!" } else { "" };
        let column = change.column.as_deref().unwrap_or("-");
        format!("{mark}{} {column}", change.kind)
    };
    changes.iter().map(kind).collect()
}
