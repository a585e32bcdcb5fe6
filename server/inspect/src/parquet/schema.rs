//! The columns of a Parquet file.

use ::parquet::basic::{ConvertedType, LogicalType, Repetition, Type as PhysicalType};
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::schema::types::Type;
use restow_api::{Column, ColumnType};

/// The fields of the schema's root, with their nulls.
pub(super) fn columns(metadata: &ParquetMetaData) -> Vec<Column> {
    let mut leaf = 0;
    let column = |field: &std::sync::Arc<Type>| {
        let first_leaf = leaf;
        leaf += leaves(field);
        Column {
            name: field.name().to_owned(),
            column_type: column_type(field),
            nulls: nulls(metadata, field, first_leaf),
        }
    };
    metadata
        .file_metadata()
        .schema()
        .get_fields()
        .iter()
        .map(column)
        .collect()
}

/// Number of primitive fields in `field`: of columns of Parquet's own.
fn leaves(field: &Type) -> usize {
    if field.is_primitive() {
        1
    } else {
        field.get_fields().iter().map(|child| leaves(child)).sum()
    }
}

fn nulls(metadata: &ParquetMetaData, field: &Type, leaf: usize) -> Option<u64> {
    match field.get_basic_info().repetition() {
        Repetition::REQUIRED => Some(0),
        Repetition::OPTIONAL if field.is_primitive() => {
            let counts = metadata
                .row_groups()
                .iter()
                .map(|group| group.columns().get(leaf)?.statistics()?.null_count_opt());
            counts.sum()
        }
        // The statistics of a leaf also count what is null on the way to it, and nothing is null in a repeated field.
        Repetition::OPTIONAL | Repetition::REPEATED => None,
    }
}

fn column_type(field: &Type) -> ColumnType {
    let info = field.get_basic_info();
    if info.repetition() == Repetition::REPEATED {
        return ColumnType::Array;
    }
    if field.is_group() {
        return match (info.logical_type_ref(), info.converted_type()) {
            (Some(LogicalType::List), _) | (_, ConvertedType::LIST) => ColumnType::Array,
            _ => ColumnType::Object,
        };
    }
    let physical = field.get_physical_type();
    match info.logical_type_ref() {
        Some(logical) => of_logical(logical, physical),
        None => of_converted(info.converted_type(), physical),
    }
}

fn of_logical(logical: &LogicalType, physical: PhysicalType) -> ColumnType {
    match logical {
        LogicalType::String | LogicalType::Enum | LogicalType::Json => ColumnType::String,
        LogicalType::Decimal { .. } => ColumnType::Decimal,
        LogicalType::Date => ColumnType::Date,
        LogicalType::Time { .. } => ColumnType::Time,
        LogicalType::Timestamp { .. } => ColumnType::Timestamp,
        LogicalType::Integer { .. } => ColumnType::Integer,
        LogicalType::Float16 => ColumnType::Float,
        LogicalType::Unknown => ColumnType::Null,
        _ => of_physical(physical),
    }
}

/// Of the annotations of older writers; newer ones write both.
fn of_converted(converted: ConvertedType, physical: PhysicalType) -> ColumnType {
    match converted {
        ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => ColumnType::String,
        ConvertedType::DECIMAL => ColumnType::Decimal,
        ConvertedType::DATE => ColumnType::Date,
        ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS => ColumnType::Time,
        ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS => ColumnType::Timestamp,
        _ => of_physical(physical),
    }
}

fn of_physical(physical: PhysicalType) -> ColumnType {
    match physical {
        PhysicalType::BOOLEAN => ColumnType::Boolean,
        PhysicalType::INT32 | PhysicalType::INT64 => ColumnType::Integer,
        PhysicalType::INT96 => ColumnType::Timestamp,
        PhysicalType::FLOAT | PhysicalType::DOUBLE => ColumnType::Float,
        PhysicalType::BYTE_ARRAY | PhysicalType::FIXED_LEN_BYTE_ARRAY => ColumnType::Binary,
    }
}
