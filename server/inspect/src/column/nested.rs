//! Names and types within objects and lists.

use std::collections::HashMap;

use restow_api::Column;

use crate::json::{Members, read_elements, read_members};

/// Name of the one column of a list.
const ELEMENT: &str = "element";

/// How much may still be kept about nested values.
#[derive(Debug)]
pub(crate) struct Room {
    /// Levels of nesting that are looked into.
    depth: usize,
    /// Fields of all objects of the file together.
    fields: usize,
    /// Bytes of their names.
    name_bytes: usize,
    /// Whether there is more than was kept.
    pub(crate) is_exceeded: bool,
    /// Line and name of the first key that a nested object has twice.
    pub(crate) repeated: Option<(u64, String)>,
}

impl Room {
    pub(crate) const MAX_DEPTH: usize = 8;
    pub(crate) const MAX_FIELDS: usize = 10_000;
    const MAX_NAME_BYTES: usize = 1024 * 1024;

    pub(crate) fn new() -> Self {
        Self {
            depth: Self::MAX_DEPTH,
            fields: Self::MAX_FIELDS,
            name_bytes: Self::MAX_NAME_BYTES,
            is_exceeded: false,
            repeated: None,
        }
    }

    /// Takes the room of a field, if there is enough.
    fn take(&mut self, name: &str) -> bool {
        let is_enough = self.fields > 0 && name.len() <= self.name_bytes;
        if is_enough {
            self.fields -= 1;
            self.name_bytes -= name.len();
        } else {
            self.is_exceeded = true;
        }
        is_enough
    }
}

/// A column within the objects or lists of another.
pub(crate) trait NestedColumn {
    /// A column without values.
    fn new(name: String) -> Self;

    /// Adds a value, as it is written in JSON.
    fn push_json(&mut self, json: &str, line: u64, room: &mut Room);

    /// The column, with further null values.
    fn finish(self, nulls: u64) -> Column;
}

/// The columns within the objects or lists of a column.
#[derive(Debug)]
pub(crate) struct Nested<C> {
    objects: u64,
    fields: Vec<Field<C>>,
    by_name: HashMap<String, usize>,
    /// None while all lists are empty.
    element: Option<Box<C>>,
    /// Whether something within was not looked at.
    is_partial: bool,
}

#[derive(Debug)]
struct Field<C> {
    column: C,
    /// Objects that have the field, and the last one of them.
    present: u64,
    last: u64,
}

impl<C> Default for Nested<C> {
    fn default() -> Self {
        Self {
            objects: 0,
            fields: Vec::new(),
            by_name: HashMap::new(),
            element: None,
            is_partial: false,
        }
    }
}

impl<C: NestedColumn> Nested<C> {
    /// Adds an object or a list, which is valid JSON.
    pub(crate) fn push(&mut self, json: &str, line: u64, room: &mut Room) {
        if room.depth == 0 {
            self.is_partial = true;
            room.is_exceeded = true;
            return;
        }
        room.depth -= 1;
        if json.starts_with('{') {
            self.objects += 1;
            let mut object = Object {
                nested: self,
                line,
                room,
            };
            let is_read = read_members(json, &mut object).is_ok();
            self.is_partial |= !is_read;
        } else if !self.push_elements(json, line, room) {
            self.is_partial = true;
        }
        room.depth += 1;
    }

    fn push_elements(&mut self, json: &str, line: u64, room: &mut Room) -> bool {
        let element = &mut self.element;
        let mut is_whole = true;
        let result = read_elements(json, |json| {
            if element.is_none() && room.take(ELEMENT) {
                *element = Some(Box::new(C::new(ELEMENT.to_owned())));
            }
            match element {
                Some(element) => element.push_json(json, line, room),
                None => is_whole = false,
            }
        });
        is_whole && result.is_ok()
    }

    fn add(&mut self, name: &str, room: &mut Room) -> Option<usize> {
        if let Some(index) = self.by_name.get(name) {
            return Some(*index);
        }
        if !room.take(name) {
            self.is_partial = true;
            return None;
        }
        let index = self.fields.len();
        self.by_name.insert(name.to_owned(), index);
        self.fields.push(Field {
            column: C::new(name.to_owned()),
            present: 0,
            last: 0,
        });
        Some(index)
    }

    /// Sets the fields of a column of objects; returns its full type.
    pub(super) fn finish_object(self, column: &mut Column) -> Option<String> {
        let objects = self.objects;
        let finish = |field: Field<C>| field.column.finish(objects - field.present);
        column.fields = self.fields.into_iter().map(finish).collect();
        let types = column.fields.iter().map(|field| {
            let data_type = field.data_type.as_ref()?;
            Some(format!("{}: {data_type}", field.name))
        });
        let types: Option<Vec<String>> = types.collect();
        let types = types.filter(|_| !self.is_partial)?;
        Some(format!("struct<{}>", types.join(", ")))
    }

    /// Sets the element of a column of lists; returns its full type.
    pub(super) fn finish_array(self, column: &mut Column) -> Option<String> {
        let element = self.element.map(|element| element.finish(0));
        let data_type = match &element {
            Some(element) => element.data_type.clone(),
            None => Some("null".to_owned()),
        };
        column.fields = element.into_iter().collect();
        let data_type = data_type.filter(|_| !self.is_partial)?;
        Some(format!("list<{data_type}>"))
    }
}

/// The object that is being read.
struct Object<'n, C> {
    nested: &'n mut Nested<C>,
    line: u64,
    room: &'n mut Room,
}

impl<'t, C: NestedColumn> Members<'t> for Object<'_, C> {
    fn key(&mut self, key: &str) -> Option<usize> {
        self.nested.add(key, self.room)
    }

    fn value(&mut self, index: Option<usize>, json: &'t str) {
        let Some(index) = index else {
            return;
        };
        let field = &mut self.nested.fields[index];
        // Of a key that an object has twice, the first value counts here.
        if field.last < self.nested.objects {
            field.last = self.nested.objects;
            field.present += 1;
            field.column.push_json(json, self.line, self.room);
        } else if self.room.repeated.is_none() {
            let mut names = self.nested.by_name.iter();
            let name = names.find(|(_, other)| **other == index);
            self.room.repeated = name.map(|(name, _)| (self.line, name.clone()));
        }
    }
}
