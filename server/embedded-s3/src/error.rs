//! Errors of the bucket, and their S3 error codes.

use std::io;

use s3s::{S3Error, S3ErrorCode};

/// The result of a request for the bucket.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of a request for the bucket.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// No object has the key.
    #[error("The specified key does not exist")]
    NoSuchKey,
    /// The upload was never created, or has been completed or aborted.
    #[error("The specified upload does not exist; it may have been completed or aborted")]
    NoSuchUpload,
    /// A part number outside S3's 1 to 10,000.
    #[error("Part number must be an integer between 1 and 10000, inclusive")]
    PartNumber,
    /// A listed part was never uploaded, or has a different `ETag`.
    #[error("Part {0} was not uploaded, or its ETag does not match")]
    InvalidPart(u16),
    /// The listed parts are not in ascending order.
    #[error("The list of parts was not in ascending order")]
    InvalidPartOrder,
    /// A listed part, other than the last, is too small.
    #[error("Part {number} has fewer than {min_part_size} bytes")]
    EntityTooSmall {
        /// The part's number.
        number: u16,
        /// The minimum size in bytes.
        min_part_size: u64,
    },
    /// A body larger than S3 accepts in one request.
    #[error("The body exceeds the maximum allowed size")]
    EntityTooLarge,
    /// The object is not in the state that the request requires.
    #[error("A precondition of the request is not met")]
    PreconditionFailed,
    /// The client's copy of the object is up to date.
    #[error("Not modified")]
    NotModified,
    /// The bytes do not match `Content-MD5`.
    #[error("The Content-MD5 did not match the bytes received")]
    BadDigest,
    /// `Content-MD5` is not a valid MD5.
    #[error("The Content-MD5 is not valid")]
    InvalidDigest,
    /// The body ended early, or failed the checks of its signature.
    #[error("The body is incomplete, or does not match its signature")]
    IncompleteBody,
    /// The client stopped sending.
    #[error("Timed out while receiving the body")]
    RequestTimeout,
    /// The disk or a task that used it failed.
    #[error("Internal error")]
    Io(#[from] io::Error),
}

impl Error {
    fn code(&self) -> S3ErrorCode {
        match self {
            Self::NoSuchKey => S3ErrorCode::NoSuchKey,
            Self::NoSuchUpload => S3ErrorCode::NoSuchUpload,
            Self::PartNumber => S3ErrorCode::InvalidArgument,
            Self::InvalidPart(_) => S3ErrorCode::InvalidPart,
            Self::InvalidPartOrder => S3ErrorCode::InvalidPartOrder,
            Self::EntityTooSmall { .. } => S3ErrorCode::EntityTooSmall,
            Self::EntityTooLarge => S3ErrorCode::EntityTooLarge,
            Self::PreconditionFailed => S3ErrorCode::PreconditionFailed,
            Self::NotModified => S3ErrorCode::NotModified,
            Self::BadDigest => S3ErrorCode::BadDigest,
            Self::InvalidDigest => S3ErrorCode::InvalidDigest,
            Self::IncompleteBody => S3ErrorCode::IncompleteBody,
            Self::RequestTimeout => S3ErrorCode::RequestTimeout,
            Self::Io(_) => S3ErrorCode::InternalError,
        }
    }
}

impl From<Error> for S3Error {
    fn from(error: Error) -> Self {
        S3Error::with_message(error.code(), error.to_string())
    }
}
