//! The end of a column: its type, its statistics, and what there is to say about its values.

use restow_api::{Column, ColumnType};

use super::kinds::Kind;
use super::nested::NestedColumn;
use super::{ColumnBuilder, Room, report, shape};
use crate::findings::Findings;

impl ColumnBuilder {
    /// The pattern of dates that are not written as `YYYY-MM-DD`; of a column of nothing but such dates the patterns that
    /// all of them have, since the next file of a dataset may tell which it is.
    fn date_pattern(&self, column_type: ColumnType) -> Option<String> {
        let dates = self.kinds.count(Kind::OtherDate);
        let is_dates = match column_type {
            ColumnType::Date => dates > 0,
            ColumnType::String => dates > 0 && dates == self.kinds.total(),
            _ => false,
        };
        let names = self.shape.patterns.names();
        (is_dates && !names.is_empty()).then(|| names.join("|"))
    }

    /// The column, and what there is to say about its values.
    pub(crate) fn finish(self, findings: &mut Findings) -> Column {
        report::report(&self, findings);
        let column_type = self.column_type();
        let date_pattern = self.date_pattern(column_type);
        let mut column = Column::new(self.name, column_type);
        column.nulls = Some(self.nulls);
        column.date_pattern = date_pattern;
        let nested_type = match self.nested {
            Some(nested) if column_type == ColumnType::Object => nested.finish_object(&mut column),
            Some(nested) if column_type == ColumnType::Array => nested.finish_array(&mut column),
            _ => None,
        };
        column.data_type = nested_type.or_else(|| {
            let is_mixed = self.is_json && self.kinds.has_several_json_types();
            shape::data_type(column_type, &self.kinds, &self.shape).filter(|_| !is_mixed)
        });
        if let Some(written) = self.written {
            written.finish_into(&mut column, self.shape.patterns);
        }
        column
    }
}

impl NestedColumn for ColumnBuilder {
    fn new(name: String) -> Self {
        Self::without_statistics(name)
    }

    fn push_json(&mut self, json: &str, line: u64, room: &mut Room) {
        self.push_json_value(json, line);
        if json.starts_with(['{', '[']) {
            self.nested.get_or_insert_default().push(json, line, room);
        }
    }

    fn finish(mut self, nulls: u64) -> Column {
        self.push_nulls(nulls);
        Self::finish(self, &mut Findings::default())
    }
}
