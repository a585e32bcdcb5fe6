//! Objects from one PUT.

use std::sync::Arc;

use chrono::Utc;
use tempfile::TempDir;

use super::object::{Headers, Manifest, Object, Precondition};
use super::{Bucket, PartNumber, ReceivedBody};
use crate::error::Result;

impl Bucket {
    /// Makes the body the object with that key.
    pub(crate) fn put_object(
        &self,
        key: String,
        headers: Headers,
        body: ReceivedBody,
        precondition: &Precondition,
    ) -> Result<Arc<Object>> {
        let directory = TempDir::new_in(self.incoming_directory())?;
        let part = body.persist(directory.path(), PartNumber::FIRST, 1)?;
        let etag = part.digest.to_string();
        let manifest = Manifest {
            key,
            headers,
            etag,
            last_modified: Utc::now(),
            parts: vec![part],
        };
        let object = self.publish(directory.path(), manifest, precondition)?;
        // The directory has moved: nothing is left to clean up.
        let _ = directory.keep();
        Ok(object)
    }
}
