//! Columns, counts and sample of the lines read so far.

use std::borrow::Cow;
use std::collections::HashMap;

use restow_api::ColumnType;

use super::object::{self, Members};
use crate::column::ColumnBuilder;
use crate::error::{ContentError, ContentErrorCode};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::sample::Sample;
use crate::text;

/// Columns, counts and sample of the lines read so far.
pub(super) struct Table {
    keys: Keys,
    sample: Sample,
    rows: u64,
}

impl Table {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            keys: Keys::new(limits),
            sample: Sample::new(limits),
            rows: 0,
        }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds a row: `line` is to be one JSON object.
    pub(super) fn push(&mut self, line: &str) -> Result<(), object::Error> {
        self.rows += 1;
        let keep = self.sample.is_open().then(Vec::new);
        let mut row = Row {
            keys: &mut self.keys,
            number: self.rows,
            kept: keep,
            last: None,
        };
        object::read(line, &mut row)?;
        if let Some(kept) = row.kept {
            let texts: Vec<Option<Cow<'_, str>>> = kept
                .into_iter()
                .map(|json| json.and_then(content))
                .collect();
            self.sample.push(texts.iter().map(Option::as_deref));
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Inspection {
        let rows = self.rows;
        let types: Vec<ColumnType> = self
            .keys
            .seen
            .iter()
            .map(|seen| seen.column.column_type())
            .collect();
        let columns = self
            .keys
            .seen
            .into_iter()
            .map(|seen| seen.column.finish(rows - seen.values));
        Inspection {
            format: None,
            row_count: Some(rows),
            columns: columns.collect(),
            sample: self.sample.finish(&types),
        }
    }
}

/// The keys so far.
struct Keys {
    seen: Vec<Seen>,
    by_name: HashMap<String, usize>,
    max_columns: usize,
    max_name_bytes: usize,
    name_bytes: usize,
}

/// A key that was seen.
struct Seen {
    column: ColumnBuilder,
    /// Rows with a value.
    values: u64,
    /// Last row with a value, so that a key that comes twice counts once.
    last_row: u64,
}

impl Keys {
    fn new(limits: &Limits) -> Self {
        Self {
            seen: Vec::new(),
            by_name: HashMap::new(),
            max_columns: limits.max_columns,
            max_name_bytes: limits.max_header_bytes,
            name_bytes: 0,
        }
    }

    fn add(&mut self, name: &str) -> Result<usize, ContentError> {
        let index = self.seen.len();
        if index == self.max_columns {
            return Err(too_many(
                format!("there are more than {index} different keys"),
                index,
            ));
        }
        self.name_bytes += name.len();
        if self.name_bytes > self.max_name_bytes {
            let limit = self.max_name_bytes;
            return Err(too_many(
                format!("the keys have more than {limit} bytes in total"),
                limit,
            ));
        }
        self.by_name.insert(name.to_owned(), index);
        self.seen.push(Seen {
            column: ColumnBuilder::new(name.to_owned()),
            values: 0,
            last_row: 0,
        });
        Ok(index)
    }
}

fn too_many(message: String, limit: usize) -> ContentError {
    ContentError::new(ContentErrorCode::TooManyColumns, message).with("limit", limit)
}

/// The row that is being read.
struct Row<'c, 't> {
    keys: &'c mut Keys,
    number: u64,
    /// The values as they are written, by column, where they are kept for the sample.
    kept: Option<Vec<Option<&'t str>>>,
    /// Column of the last member.
    last: Option<usize>,
}

impl<'t> Members<'t> for Row<'_, 't> {
    fn column(&mut self, key: &str) -> Result<usize, ContentError> {
        // Objects mostly have the same keys in the same order.
        let next = self.last.map_or(0, |last| last + 1);
        let index = match self.keys.seen.get(next) {
            Some(seen) if seen.column.name() == key => next,
            _ => match self.keys.by_name.get(key) {
                Some(index) => *index,
                None => self.keys.add(key)?,
            },
        };
        self.last = Some(index);
        Ok(index)
    }

    fn member(&mut self, column: usize, json: &'t str) {
        if let Some(kept) = &mut self.kept {
            kept.resize(kept.len().max(column + 1), None);
            kept[column] = Some(json);
        }
        if json == "null" {
            return;
        }
        let seen = &mut self.keys.seen[column];
        if seen.last_row != self.number {
            seen.last_row = self.number;
            seen.values += 1;
        }
        if seen.column.column_type() != ColumnType::String {
            seen.column.widen(narrowest(json));
        }
    }
}

/// The narrowest type of a JSON value that is not null.
fn narrowest(json: &str) -> ColumnType {
    match json.as_bytes()[0] {
        b't' | b'f' => ColumnType::Boolean,
        b'{' => ColumnType::Object,
        b'[' => ColumnType::Array,
        // A string with escapes within its quotes is neither date nor timestamp.
        b'"' => text::moment(&json[1..json.len() - 1]),
        _ if text::number(json) == ColumnType::Integer => ColumnType::Integer,
        _ => ColumnType::Float,
    }
}

/// The text of a JSON value: the characters of a string, nothing for null, the JSON itself for all others.
fn content(json: &str) -> Option<Cow<'_, str>> {
    match json {
        "null" => None,
        // Half a surrogate pair is valid JSON and no text.
        string if string.starts_with('"') => {
            serde_json::from_str::<String>(string).ok().map(Cow::Owned)
        }
        other => Some(Cow::Borrowed(other)),
    }
}
