//! The members of an object and the elements of a list, without a tree of their values.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Receives the members of an object, in turn.
pub(crate) trait Members<'t> {
    /// Number under which the value of `key`, which follows, is wanted; none if it is not wanted.
    fn key(&mut self, key: &str) -> Option<usize>;

    /// The value of the last key, as it is written.
    fn value(&mut self, index: Option<usize>, json: &'t str);
}

/// Reads `json`, one JSON object, and calls `members` for each member.
pub(crate) fn read_members<'t>(
    json: &'t str,
    members: &mut impl Members<'t>,
) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(json);
    json.deserialize_map(Object(members))?;
    json.end()
}

/// Reads `json`, one JSON array, and calls `element` for each element as it is written.
pub(crate) fn read_elements<'t>(
    json: &'t str,
    element: impl FnMut(&'t str),
) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(json);
    json.deserialize_seq(Array(element))?;
    json.end()
}

struct Object<'m, M>(&'m mut M);

impl<'t, M: Members<'t>> Visitor<'t> for Object<'_, M> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(index) = map.next_key_seed(Key(self.0))? {
            self.0.value(index, map.next_value::<&RawValue>()?.get());
        }
        Ok(())
    }
}

struct Key<'m, M>(&'m mut M);

impl<'t, M: Members<'t>> DeserializeSeed<'t> for Key<'_, M> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t, M: Members<'t>> Visitor<'t> for Key<'_, M> {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.key(key))
    }
}

struct Array<F>(F);

impl<'t, F: FnMut(&'t str)> Visitor<'t> for Array<F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON array")
    }

    fn visit_seq<A: SeqAccess<'t>>(mut self, mut sequence: A) -> Result<(), A::Error> {
        while let Some(json) = sequence.next_element::<&RawValue>()? {
            (self.0)(json.get());
        }
        Ok(())
    }
}
