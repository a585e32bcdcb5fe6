//! The result of a download.

use std::fmt;

/// The result of a download.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadOutcome {
    /// Number of the version, from 1.
    pub version: i64,
    /// Name of the file that was uploaded.
    pub filename: String,
    /// Size in bytes, and number of bytes written.
    pub file_size: u64,
    /// `ETag` of the object, without quotes; only some stores make it from the MD5s of the parts.
    pub etag: String,
    /// Bytes that an earlier call had written.
    pub bytes_held: u64,
    /// How the data was verified.
    pub verification: Verification,
}

/// How downloaded data was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verification {
    /// By the MD5s of the parts, of which the `ETag` of the object is made.
    Md5,
    /// Only by its length: the `ETag` is not made of MD5s, as under KMS, or the caller disabled verification.
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
