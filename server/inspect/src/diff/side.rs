//! What is compared.

use restow_api::{Column, Compression, ReadOptions};

/// What is known of an object, or of the object of a version.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Its format.
    pub format: Option<&'a str>,
    /// How it is compressed as a whole.
    pub compression: Compression,
    /// How it is read.
    pub dialect: Option<&'a ReadOptions>,
    /// Its columns; none where they are not known, since it was not inspected.
    pub columns: Option<&'a [Column]>,
    /// Number of rows, where it is known.
    pub row_count: Option<u64>,
    /// Size in bytes.
    pub file_size: u64,
}

/// The version that an object is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// Number of the version.
    pub version: u64,
    /// What is known of its object.
    pub side: Side<'a>,
    /// The schema of the dataset: what its readers had to cope with up to this version. None where it is not known.
    pub schema: Option<&'a [Column]>,
    /// Whether its object has the same bytes.
    pub is_same: bool,
}
