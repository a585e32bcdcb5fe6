//! The first rows of a Parquet file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::record::Row;
use ::parquet::record::reader::TreeBuilder;
use ::parquet::schema::types::{SchemaDescriptor, Type, TypePtr};
use serde_json::Value;

use super::pages::{Column, RowGroup};
use crate::error::InspectError;
use crate::limits::Limits;
use crate::sample::bounded;
use crate::source::Source;

/// Maximum number of columns with values in the sample: each takes one or two requests.
pub(super) const MAX_SAMPLE_COLUMNS: usize = 100;

/// The first rows, of which all values beyond [`MAX_SAMPLE_COLUMNS`] are null; none where they cannot be read.
///
/// `progress` is called after each column with the number of bytes read for it.
///
/// # Errors
///
/// Those of `source` and of `progress`.
pub(super) fn read(
    source: &Arc<dyn Source>,
    metadata: &ParquetMetaData,
    limits: &Limits,
    mut progress: impl FnMut(u64) -> Result<(), InspectError>,
) -> Result<Vec<Vec<Value>>, InspectError> {
    let fields = metadata.file_metadata().schema().get_fields();
    let mut columns = Vec::new();
    for field in fields.iter().take(MAX_SAMPLE_COLUMNS) {
        let column = Column::new(Arc::clone(source), limits);
        // The page readers have assertions that damaged pages violate, and a panic must not end the worker. All
        // that they touch is dropped, but for `column`, of which only the error and a count are read.
        let values = catch_unwind(AssertUnwindSafe(|| {
            values(&column, metadata, field, limits)
        }));
        let bytes_read = column.finish()?;
        progress(bytes_read)?;
        let Ok(Ok(values)) = values else {
            return Ok(Vec::new());
        };
        columns.push(values);
    }
    Ok(rows(&columns, fields.len(), limits.max_sample_bytes))
}

/// The rows of `columns`, each with `width` values, as many as fit `max_bytes`.
fn rows(columns: &[Vec<Value>], width: usize, max_bytes: usize) -> Vec<Vec<Value>> {
    let count = columns.first().map_or(0, Vec::len);
    let row = |row: usize| -> Vec<Value> {
        let value = |column: usize| columns.get(column).and_then(|values| values.get(row));
        (0..width)
            .map(|column| value(column).cloned().unwrap_or(Value::Null))
            .collect()
    };
    let mut bytes = 0;
    let fits = |row: &Vec<Value>| {
        bytes += row
            .iter()
            .filter(|value| !value.is_null())
            .map(|value| value.to_string().len())
            .sum::<usize>();
        bytes <= max_bytes
    };
    (0..count).map(row).take_while(fits).collect()
}

/// The first values of `field`, a child of the schema's root.
fn values(
    column: &Column,
    metadata: &ParquetMetaData,
    field: &TypePtr,
    limits: &Limits,
) -> Result<Vec<Value>, ParquetError> {
    let root = metadata.file_metadata().schema();
    let projection = Type::group_type_builder(root.name())
        .with_fields(vec![Arc::clone(field)])
        .build()?;
    let descriptor = Arc::new(SchemaDescriptor::new(Arc::new(projection)));
    let mut values = Vec::new();
    for group in metadata.row_groups() {
        let missing = limits.sample_rows - values.len();
        if missing == 0 {
            break;
        }
        if group.num_rows() <= 0 {
            continue;
        }
        let reader = RowGroup::new(column, group);
        let rows = TreeBuilder::new()
            .with_batch_size(missing)
            .as_iter(Arc::clone(&descriptor), &reader)?;
        for row in rows.take(missing) {
            values.push(bounded(only_value(&row?), limits.max_sample_value_bytes));
        }
    }
    Ok(values)
}

fn only_value(row: &Row) -> Value {
    row.get_column_iter()
        .next()
        .map_or(Value::Null, |(_, field)| field.to_json_value())
}
