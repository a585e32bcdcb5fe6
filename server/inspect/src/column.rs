//! The type of a column, from the types of its values.

use restow_api::{Column, ColumnType};

/// The narrowest type that holds every value of `a` and every value of `b`.
///
/// ```text
/// null → boolean                 ┐
///      → integer → float         │
///      → date → timestamp        ├→ string
///      → object, array           ┘
/// ```
pub(crate) fn join(a: ColumnType, b: ColumnType) -> ColumnType {
    use ColumnType::{Date, Float, Integer, Null, String, Timestamp};
    match (a, b) {
        (a, b) if a == b => a,
        (Null, other) | (other, Null) => other,
        (Integer, Float) | (Float, Integer) => Float,
        (Date, Timestamp) | (Timestamp, Date) => Timestamp,
        _ => String,
    }
}

/// A column of which rows are still being read.
#[derive(Debug)]
pub(crate) struct ColumnBuilder {
    name: String,
    column_type: ColumnType,
}

impl ColumnBuilder {
    pub(crate) fn new(name: String) -> Self {
        Self {
            name,
            column_type: ColumnType::Null,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Narrowest type of the values so far.
    pub(crate) fn column_type(&self) -> ColumnType {
        self.column_type
    }

    /// Widens the type, so that it holds values of `value_type`.
    pub(crate) fn widen(&mut self, value_type: ColumnType) {
        self.column_type = join(self.column_type, value_type);
    }

    pub(crate) fn finish(self, nulls: u64) -> Column {
        Column {
            name: self.name,
            column_type: self.column_type,
            nulls: Some(nulls),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: [ColumnType; 9] = [
        ColumnType::Null,
        ColumnType::Boolean,
        ColumnType::Integer,
        ColumnType::Float,
        ColumnType::Date,
        ColumnType::Timestamp,
        ColumnType::Object,
        ColumnType::Array,
        ColumnType::String,
    ];

    #[test]
    fn order_of_rows_does_not_matter() {
        for a in TYPES {
            for b in TYPES {
                assert_eq!(join(a, b), join(b, a));
                assert_eq!(join(a, join(a, b)), join(a, b));
                for c in TYPES {
                    assert_eq!(join(a, join(b, c)), join(join(a, b), c));
                }
            }
        }
    }
}
