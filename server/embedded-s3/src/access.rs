//! Authorisation: a signed request may do everything with the one bucket, an unsigned one nothing.

use s3s::access::{S3Access, S3AccessContext};
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
    /// Rejects with `AccessDenied`, `NoSuchBucket`, or `InvalidArgument` for a key that XML 1.0,
    /// and so any listing, cannot carry.
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        if cx.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "Requests must be signed"));
        }
        let path = cx.s3_path();
        if path
            .get_bucket_name()
            .is_some_and(|bucket| bucket != self.bucket)
        {
            return Err(s3_error!(
                NoSuchBucket,
                "The specified bucket does not exist"
            ));
        }
        if path
            .get_object_key()
            .is_some_and(|key| key.contains(unlistable))
        {
            return Err(s3_error!(
                InvalidArgument,
                "Keys with control characters are not supported"
            ));
        }
        Ok(())
    }
}

fn unlistable(character: char) -> bool {
    character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}')
}
