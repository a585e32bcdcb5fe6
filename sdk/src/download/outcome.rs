//! The result of a download.

use std::fmt;

/// What was downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadOutcome {
    /// Number of the version, from 1.
    pub version: i64,
    /// Name of the file that was uploaded.
    pub filename: String,
    /// Size in bytes; exactly as many were written.
    pub file_size: u64,
    /// Entity tag of the object, without quotes; made of MD5s of the parts only on some stores.
    pub etag: String,
    /// Bytes that an earlier call had written.
    pub bytes_held: u64,
    /// What the data was held against.
    pub verification: Verification,
}

/// What downloaded data was held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verification {
    /// The MD5s of the parts, of which the object's entity tag is made.
    Md5,
    /// Only the length: the entity tag is no MD5, as under KMS, or the caller did not want more.
    Length,
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Md5 => "MD5",
            Self::Length => "length",
        })
    }
}
