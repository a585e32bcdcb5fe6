//! Lists of the multipart uploads that are neither completed nor aborted.

use chrono::{DateTime, Utc};

use super::Storage;
use super::error::StorageError;

impl Storage {
    /// The ids of the uploads of exactly this key.
    pub async fn list_uploads(&self, key: &str) -> Result<Vec<String>, StorageError> {
        let mut ids = Vec::new();
        let mut marker = None;
        loop {
            let page = self.uploads_page(key, marker).await?;
            ids.extend(
                page.uploads
                    .into_iter()
                    .filter(|upload| upload.key == key)
                    .map(|upload| upload.upload_id),
            );
            if page.next.is_none() {
                return Ok(ids);
            }
            marker = page.next;
        }
    }

    /// A page of the uploads whose keys begin with `prefix`, behind those of `marker`, in whatever order the store has.
    pub async fn uploads_page(
        &self,
        prefix: &str,
        marker: Option<UploadMarker>,
    ) -> Result<UploadsPage, StorageError> {
        let (key_marker, id_marker) = marker.clone().unzip();
        let listed = self
            .instruments
            .observe(
                "ListMultipartUploads",
                self.client
                    .list_multipart_uploads()
                    .bucket(&self.bucket)
                    .prefix(prefix)
                    .set_key_marker(key_marker)
                    .set_upload_id_marker(id_marker)
                    .send(),
            )
            .await?;
        let uploads = listed
            .uploads
            .unwrap_or_default()
            .into_iter()
            .filter_map(listed_upload)
            .collect();
        if !listed.is_truncated.unwrap_or(false) {
            return Ok(UploadsPage {
                uploads,
                next: None,
            });
        }
        let next = listed.next_key_marker.zip(listed.next_upload_id_marker);
        if next.is_none() || next == marker {
            return Err(StorageError::Unavailable(
                "the list of uploads does not end".to_string(),
            ));
        }
        Ok(UploadsPage { uploads, next })
    }
}

/// Where a page of uploads ends: a key and the id of an upload.
pub type UploadMarker = (String, String);

/// A page of uploads.
#[derive(Clone, Debug)]
pub struct UploadsPage {
    /// The uploads.
    pub uploads: Vec<ListedUpload>,
    /// Where the next page begins, if there is one.
    pub next: Option<UploadMarker>,
}

/// An upload that is neither completed nor aborted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedUpload {
    /// Key of the object that it is for.
    pub key: String,
    /// Identifier of the upload.
    pub upload_id: String,
    /// Time at which it was created, if the store says.
    pub initiated: Option<DateTime<Utc>>,
}

fn listed_upload(upload: aws_sdk_s3::types::MultipartUpload) -> Option<ListedUpload> {
    Some(ListedUpload {
        key: upload.key?,
        upload_id: upload.upload_id?,
        initiated: upload
            .initiated
            .and_then(|time| DateTime::from_timestamp(time.secs(), time.subsec_nanos())),
    })
}
