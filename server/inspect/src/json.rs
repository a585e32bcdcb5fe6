//! JSON: one object a line, or one array of objects.
//!
//! - [`lines`]: lines end with LF or CRLF; blank ones are skipped. Every other line is one JSON object.
//! - [`array`]: the object is one array, whose elements are the rows. It is read in pieces, so that it may be of any size.
//! - Columns are the keys of the objects, in the order in which they first appear. A missing key is null; of a key that
//!   an object has twice, the last value counts, with a finding.
//! - Types are those of JSON. Strings are dates or timestamps where they are all written so, by the rules of
//!   [`text`](crate::text), but never numbers. What does not go together is a string, with a finding.
//! - What is not valid is counted and left out, so that the first fault does not hide the others.
//!
//! Arrow's own reader wants a schema, and its inference builds the whole tree of a line, which takes up to fifty
//! times its bytes. Here nothing is built: values are slices of the line, and nesting of any depth costs no stack.

mod array;
mod faults;
mod lines;
mod object;
mod plain;
mod rows;
mod split;
mod table;
mod value;

pub(crate) use self::array::inspect as inspect_array;
pub(crate) use self::lines::inspect as inspect_lines;
pub(crate) use self::object::{Members, read_elements, read_members};
