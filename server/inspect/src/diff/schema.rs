//! The schema of a dataset: what its readers had to cope with so far.

use restow_api::{Column, ColumnType};

use super::fit::type_name;
use super::matching::Matching;

/// The columns of a version as the schema of its readers: without statistics.
pub(super) fn of_columns(columns: &[Column]) -> Vec<Column> {
    columns.iter().map(of_column).collect()
}

fn of_column(column: &Column) -> Column {
    Column {
        data_type: column.data_type.clone(),
        nullable: column.nullable,
        nulls: column.nulls,
        date_pattern: column.date_pattern.clone(),
        fields: of_columns(&column.fields),
        ..Column::new(&column.name, column.column_type)
    }
}

/// The schema after a compatible object: its columns in its order, each as wide as before. Columns of the schema that
/// the object lacks stay at the end; a compatible object lacks none.
pub(super) fn merged(schema: &[Column], object: &[Column]) -> Vec<Column> {
    let matching = Matching::new(schema, object);
    let mut pairs = matching.pairs.iter().peekable();
    let mut columns: Vec<Column> = object
        .iter()
        .map(
            |column| match pairs.next_if(|pair| std::ptr::eq(pair.object, column)) {
                Some(pair) => merged_column(pair.schema, pair.object),
                None => of_column(column),
            },
        )
        .collect();
    columns.extend(matching.removed.into_iter().map(of_column));
    columns
}

fn merged_column(schema: &Column, object: &Column) -> Column {
    let nulls = merged_nulls(schema.nulls, object.nulls);
    if schema.column_type == ColumnType::Null {
        return Column {
            nulls,
            nullable: schema.nullable.or(object.nullable),
            ..of_column(object)
        };
    }
    let fields = if schema.column_type == object.column_type {
        merged(&schema.fields, &object.fields)
    } else {
        schema.fields.clone()
    };
    let data_type = match nested_type(schema, &fields) {
        Some(nested) => Some(nested),
        // A schema of a release before this has no exact types. For text none means that they are mixed.
        None if schema.data_type.is_none()
            && schema.column_type == object.column_type
            && schema.column_type != ColumnType::String =>
        {
            object.data_type.clone()
        }
        None => schema.data_type.clone(),
    };
    Column {
        data_type,
        nullable: schema.nullable.or(object.nullable),
        nulls,
        date_pattern: schema.date_pattern.clone(),
        fields,
        ..Column::new(&schema.name, schema.column_type)
    }
}

/// How many null values readers met; unknown if one of the numbers is and the other says that there were none.
fn merged_nulls(schema: Option<u64>, object: Option<u64>) -> Option<u64> {
    match (schema, object) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (Some(0) | None, None) | (None, Some(0)) => None,
        (Some(nulls), None) | (None, Some(nulls)) => Some(nulls),
    }
}

/// The type of a nested column in Arrow's notation, with `fields` in it; none where they are not known.
fn nested_type(column: &Column, fields: &[Column]) -> Option<String> {
    if fields.is_empty() {
        return None;
    }
    let name = column.data_type.as_deref()?.split('<').next()?;
    let types: Vec<String> = fields
        .iter()
        .map(|field| match name {
            "struct" => format!("{}: {}", field.name, type_name(field)),
            _ => type_name(field).to_owned(),
        })
        .collect();
    Some(format!("{name}<{}>", types.join(", ")))
}
