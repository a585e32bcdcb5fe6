//! Who may do what: everything with the one bucket for a signed request, nothing without a signature.

use s3s::access::{S3Access, S3AccessContext};
use s3s::path::S3Path;
use s3s::{S3Result, s3_error};

/// Admits signed requests for the one bucket.
pub(crate) struct SignedOnly {
    bucket: String,
}

impl SignedOnly {
    /// Admits signed requests for `bucket`.
    pub(crate) fn new(bucket: String) -> Self {
        Self { bucket }
    }
}

#[async_trait::async_trait]
impl S3Access for SignedOnly {
    /// Refuses with `AccessDenied`, `NoSuchBucket`, or `InvalidArgument` for a key that XML 1.0, and so any
    /// listing, cannot carry.
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        if cx.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "Requests must be signed"));
        }
        match cx.s3_path() {
            S3Path::Root => Ok(()),
            S3Path::Bucket { bucket } | S3Path::Object { bucket, .. } if **bucket != *self.bucket => {
                Err(s3_error!(NoSuchBucket, "The specified bucket does not exist"))
            }
            S3Path::Object { key, .. } if key.chars().any(char::is_control) => {
                Err(s3_error!(InvalidArgument, "Keys with control characters are not supported"))
            }
            S3Path::Bucket { .. } | S3Path::Object { .. } => Ok(()),
        }
    }
}
