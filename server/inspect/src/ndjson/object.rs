//! The members of one object, without a tree of its values.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::ContentError;

/// Why a line was rejected.
pub(super) enum Error {
    /// It is not a JSON object.
    Syntax(serde_json::Error),
    /// It has too many keys, or keys that are too long.
    Names(ContentError),
}

/// Receives the members of an object.
pub(super) trait Members<'t> {
    /// The number of the column of `key`.
    fn column(&mut self, key: &str) -> Result<usize, ContentError>;

    /// A member of the object: its value as it is written.
    fn member(&mut self, column: usize, json: &'t str);
}

/// Reads `line`, one JSON object, and calls `members` for each member in turn.
pub(super) fn read<'t>(line: &'t str, members: &mut impl Members<'t>) -> Result<(), Error> {
    let mut refused = None;
    let mut json = serde_json::Deserializer::from_str(line);
    let object = Object {
        members,
        refused: &mut refused,
    };
    let result = json.deserialize_map(object).and_then(|()| json.end());
    match (refused, result) {
        (Some(error), _) => Err(Error::Names(error)),
        (None, result) => result.map_err(Error::Syntax),
    }
}

struct Object<'m, M> {
    members: &'m mut M,
    /// Why a key was refused; serde's errors only carry text.
    refused: &'m mut Option<ContentError>,
}

impl<'t, M: Members<'t>> Visitor<'t> for Object<'_, M> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(column) = map.next_key_seed(Key {
            members: self.members,
            refused: self.refused,
        })? {
            self.members
                .member(column, map.next_value::<&RawValue>()?.get());
        }
        Ok(())
    }
}

struct Key<'m, M> {
    members: &'m mut M,
    refused: &'m mut Option<ContentError>,
}

impl<'t, M: Members<'t>> DeserializeSeed<'t> for Key<'_, M> {
    type Value = usize;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t, M: Members<'t>> Visitor<'t> for Key<'_, M> {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<usize, E> {
        self.members.column(key).map_err(|error| {
            *self.refused = Some(error);
            E::custom("the key is refused")
        })
    }
}
