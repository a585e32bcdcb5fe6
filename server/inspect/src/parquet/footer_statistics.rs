//! What the footer knows of a leaf, for leaves whose pages cannot be read.

use ::parquet::data_type::{
    ByteArrayType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type,
};
use ::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use ::parquet::file::statistics::{Statistics as FooterStatistics, ValueStatistics};
use restow_api::Column;

use super::logical::Logical;
use super::scalar::{Physical, Scalar};
use crate::statistics::{Budget, Statistics};

/// Entries of a leaf that are null, or null or empty on the way to it; none unless every row group has the number.
pub(super) fn nulls(metadata: &ParquetMetaData, leaf: usize) -> Option<u64> {
    let groups = metadata
        .row_groups()
        .iter()
        .filter(|group| group.num_rows() > 0);
    groups
        .map(|group| group.columns().get(leaf)?.statistics()?.null_count_opt())
        .try_fold(0_u64, |sum, count| sum.checked_add(count?))
}

/// Sets least and greatest value where they are exact in every row group that has values.
pub(super) fn set_extremes(
    column: &mut Column,
    metadata: &ParquetMetaData,
    leaf: usize,
    logical: Logical,
) {
    let mut statistics = Statistics::new(Budget::of_column(0));
    let groups = metadata
        .row_groups()
        .iter()
        .filter(|group| group.num_rows() > 0);
    let mut chunks = groups.filter_map(|group| group.columns().get(leaf));
    if !chunks.all(|chunk| add(&mut statistics, chunk, logical).is_some()) {
        return;
    }
    let mut known = Column::new("", column.column_type);
    statistics.finish_into(&mut known);
    (column.min, column.max) = (known.min, known.max);
}

/// Adds the least and the greatest value of a column chunk; none where they are not known exactly.
fn add(statistics: &mut Statistics, chunk: &ColumnChunkMetaData, logical: Logical) -> Option<()> {
    let footer = chunk.statistics()?;
    let nulls = footer.null_count_opt();
    if nulls.is_some_and(|nulls| i64::try_from(nulls) == Ok(chunk.num_values())) {
        return Some(());
    }
    // Of byte arrays a part may be stated, and old writers ordered them in another way.
    let is_exact =
        footer.min_is_exact() && footer.max_is_exact() && !footer.is_min_max_deprecated();
    match footer {
        FooterStatistics::Int32(values) => pair::<Int32Type>(statistics, values, logical),
        FooterStatistics::Int64(values) => pair::<Int64Type>(statistics, values, logical),
        FooterStatistics::Float(values) => pair::<FloatType>(statistics, values, logical),
        FooterStatistics::Double(values) => pair::<DoubleType>(statistics, values, logical),
        FooterStatistics::ByteArray(values) if is_exact => {
            pair::<ByteArrayType>(statistics, values, logical)
        }
        FooterStatistics::FixedLenByteArray(values) if is_exact => {
            pair::<FixedLenByteArrayType>(statistics, values, logical)
        }
        _ => None,
    }
}

fn pair<T: Physical>(
    statistics: &mut Statistics,
    values: &ValueStatistics<T::T>,
    logical: Logical,
) -> Option<()>
where
    T::T: ::parquet::data_type::AsBytes,
{
    // In the fields of old writers the order is that of signed numbers and bytes, whatever the type.
    let is_unsigned = matches!(
        logical,
        Logical::Integer {
            is_signed: false,
            ..
        }
    );
    if !values.is_min_max_backwards_compatible() && is_unsigned {
        return None;
    }
    for value in [values.min_opt()?, values.max_opt()?] {
        let scalar = T::scalar(value, logical);
        let is_nan = match scalar {
            Scalar::Single(value) => value.is_nan(),
            Scalar::Double(value) => value.is_nan(),
            _ => false,
        };
        if is_nan || !scalar.add_to(statistics) {
            return None;
        }
    }
    Some(())
}
