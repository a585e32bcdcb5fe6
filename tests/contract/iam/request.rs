//! Requests to S3, each of which needs one action.

use anyhow::{Context, Result, bail};
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;

/// A request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    Get,
    Head,
    Put,
    Delete,
    /// Begins an upload.
    Create,
    Part,
    Parts,
    Abort,
    List,
    Uploads,
    BucketPolicy,
}

/// An object, and an upload at the same key, of the bucket's owner: users have rights of their own to what they made.
#[derive(Clone, Debug)]
pub(super) struct Target {
    key: &'static str,
}

impl Target {
    /// Where versions are.
    pub(super) fn in_datasets() -> Self {
        Self {
            key: "datasets/a/b.csv",
        }
    }

    /// The object that says to whom the bucket belongs.
    pub(super) fn marker() -> Self {
        Self {
            key: ".restow-instance",
        }
    }

    /// What has nothing to do with Restow.
    pub(super) fn outside() -> Self {
        Self {
            key: "payroll/2026.csv",
        }
    }

    /// Makes the object and the upload, and returns the identifier of the upload.
    pub(super) async fn make(&self, owner: &Client, bucket: &str) -> Result<String> {
        let body = ByteStream::from_static(b"content");
        owner
            .put_object()
            .bucket(bucket)
            .key(self.key)
            .body(body)
            .send()
            .await?;
        let upload = owner.create_multipart_upload().bucket(bucket).key(self.key);
        upload.send().await?.upload_id.context("no upload id")
    }

    /// Removes all uploads at the key.
    pub(super) async fn clear(&self, owner: &Client, bucket: &str) -> Result<()> {
        let uploads = owner.list_multipart_uploads().bucket(bucket).send().await?;
        for upload in uploads.uploads() {
            let abort = owner
                .abort_multipart_upload()
                .bucket(bucket)
                .set_key(upload.key.clone());
            abort.set_upload_id(upload.upload_id.clone()).send().await?;
        }
        Ok(())
    }
}

impl Request {
    /// Sends it, and returns whether it was allowed.
    pub(super) async fn send(
        self,
        client: &Client,
        bucket: &str,
        target: &Target,
        upload_id: &str,
    ) -> Result<bool> {
        let key = target.key;
        let body = || ByteStream::from_static(b"x");
        match self {
            Self::Get => allowed(client.get_object().bucket(bucket).key(key).send().await),
            Self::Head => allowed(client.head_object().bucket(bucket).key(key).send().await),
            Self::Put => {
                let put = client.put_object().bucket(bucket).key(key).body(body());
                allowed(put.send().await)
            }
            Self::Delete => allowed(client.delete_object().bucket(bucket).key(key).send().await),
            Self::Create => allowed(
                client
                    .create_multipart_upload()
                    .bucket(bucket)
                    .key(key)
                    .send()
                    .await,
            ),
            Self::Part => {
                let part = client
                    .upload_part()
                    .bucket(bucket)
                    .key(key)
                    .upload_id(upload_id);
                allowed(part.part_number(1).body(body()).send().await)
            }
            Self::Parts => {
                let parts = client.list_parts().bucket(bucket).key(key);
                allowed(parts.upload_id(upload_id).send().await)
            }
            Self::Abort => {
                let abort = client.abort_multipart_upload().bucket(bucket).key(key);
                allowed(abort.upload_id(upload_id).send().await)
            }
            Self::List => allowed(client.list_objects_v2().bucket(bucket).send().await),
            Self::Uploads => allowed(client.list_multipart_uploads().bucket(bucket).send().await),
            Self::BucketPolicy => allowed(client.get_bucket_policy().bucket(bucket).send().await),
        }
    }
}

/// Whether a request was allowed. One that failed for another reason says nothing.
fn allowed<T, E: ProvideErrorMetadata>(outcome: Result<T, SdkError<E>>) -> Result<bool> {
    match outcome {
        Ok(_) => Ok(true),
        Err(error)
            if error
                .raw_response()
                .is_some_and(|response| response.status().as_u16() == 403) =>
        {
            Ok(false)
        }
        Err(error) => bail!("{:?}: {:?}", error.code(), error.message()),
    }
}
