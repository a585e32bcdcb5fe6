//! Why the bucket refuses, and the S3 error code that says so.

use std::io;

use s3s::{S3Error, S3ErrorCode};

/// The result of a request for the bucket.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// What a request for the bucket may fail with.
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
    /// A part to complete with was never uploaded, or has another `ETag`.
    #[error("Part {0} was not uploaded, or its ETag is another")]
    InvalidPart(u16),
    /// The parts to complete with do not ascend.
    #[error("The list of parts was not in ascending order")]
    InvalidPartOrder,
    /// A part to complete with, and not the last of them, is too small.
    #[error("Part {number} has fewer than {min_part_size} bytes")]
    EntityTooSmall {
        /// The part's number.
        number: u16,
        /// The fewest bytes that it must have.
        min_part_size: u64,
    },
    /// A body longer than S3 takes in one request.
    #[error("The body exceeds the maximum allowed size")]
    EntityTooLarge,
    /// The object is not in the state that the request demands.
    #[error("A precondition does not hold")]
    PreconditionFailed,
    /// The client's copy of the object is still good.
    #[error("Not modified")]
    NotModified,
    /// The bytes are not those that `Content-MD5` announced.
    #[error("The Content-MD5 did not match the bytes received")]
    BadDigest,
    /// `Content-MD5` is no MD5.
    #[error("The Content-MD5 is not valid")]
    InvalidDigest,
    /// The body ended early, or failed the checks of its signature.
    #[error("The body was incomplete, or other than signed")]
    IncompleteBody,
    /// The client stopped sending.
    #[error("No byte of the body arrived for too long")]
    RequestTimeout,
    /// The disk failed, or a task that used it.
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
