//! The bucket's multipart uploads: creating, filling, listing, aborting.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Bound;
use std::sync::{Arc, Mutex};

use chrono::Utc;
use tempfile::TempDir;
use uuid::Uuid;

use super::locks::held;
use super::object::Headers;
use super::upload::{ListedUpload, MANIFEST, Upload, UploadId, UploadManifest, UploadMarker};
use super::{Bucket, Digest, Page, PageSize, Part, PartNumber, ReceivedBody, directory};
use crate::error::{Error, Result};

impl Bucket {
    /// Creates an upload.
    pub(crate) fn create_upload(&self, key: String, headers: Headers) -> Result<UploadId> {
        let id = UploadId(Uuid::now_v7());
        let manifest = UploadManifest {
            key,
            initiated: Utc::now(),
            headers,
        };
        let made = TempDir::new_in(self.incoming_directory())?;
        directory::write_json(
            &self.incoming_directory(),
            &made.path().join(MANIFEST),
            &manifest,
        )?;
        directory::sync(made.path())?;
        let directory = self.uploads_directory().join(id.to_string());
        fs::rename(made.keep(), &directory)?;
        directory::sync(&self.uploads_directory())?;
        let key = manifest.key.clone();
        let upload = Upload {
            directory,
            manifest,
            parts: Mutex::new(Some(BTreeMap::new())),
        };
        held(self.uploads.write()).insert((key, id), Arc::new(upload));
        Ok(id)
    }

    /// Refuses what is no upload in progress.
    pub(crate) fn check_upload(&self, key: &str, id: UploadId) -> Result<()> {
        self.upload(key, id).map(drop)
    }

    /// Makes the body a part of an upload, in place of the one that had its number.
    pub(crate) fn upload_part(
        &self,
        key: &str,
        id: UploadId,
        number: PartNumber,
        body: ReceivedBody,
    ) -> Result<Digest> {
        let upload = self.upload(key, id)?;
        let mut parts = held(upload.parts.lock());
        let parts = parts.as_mut().ok_or(Error::NoSuchUpload)?;
        let revision = parts
            .get(&number)
            .map_or(1, |replaced| replaced.revision + 1);
        let part = body.persist(&upload.directory, number, revision)?;
        if let Err(error) = directory::sync(&upload.directory) {
            directory::discard(&upload.directory.join(part.file_name()));
            return Err(error.into());
        }
        let digest = part.digest;
        if let Some(replaced) = parts.insert(number, part) {
            directory::discard(&upload.directory.join(replaced.file_name()));
        }
        Ok(digest)
    }

    /// A page of the parts of an upload with numbers above `after`.
    pub(crate) fn list_parts(
        &self,
        key: &str,
        id: UploadId,
        after: u16,
        size: PageSize,
    ) -> Result<Page<Part>> {
        let upload = self.upload(key, id)?;
        let parts = held(upload.parts.lock());
        let parts = parts.as_ref().ok_or(Error::NoSuchUpload)?;
        Ok(Page::of(
            parts
                .values()
                .skip_while(|part| part.number.get() <= after)
                .cloned(),
            size,
        ))
    }

    /// Gives up an upload and its parts.
    pub(crate) fn abort_upload(&self, key: &str, id: UploadId) -> Result<()> {
        let upload = self.upload(key, id)?;
        let mut open = held(upload.parts.lock());
        if open.is_none() {
            return Err(Error::NoSuchUpload);
        }
        let aborted = self.incoming_directory().join(id.to_string());
        fs::rename(&upload.directory, &aborted)?;
        *open = None;
        held(self.uploads.write()).remove(&(key.to_owned(), id));
        directory::sync(&self.uploads_directory())?;
        directory::discard(&aborted);
        Ok(())
    }

    /// A page of the uploads of keys that begin with `prefix`, by key and age, after `after`.
    pub(crate) fn list_uploads(
        &self,
        prefix: &str,
        after: Option<UploadMarker>,
        size: PageSize,
    ) -> Page<ListedUpload> {
        let start = match after {
            Some(UploadMarker { key, id }) if *key >= *prefix => {
                Bound::Excluded((key, id.unwrap_or(UploadId(Uuid::max()))))
            }
            _ => Bound::Included((prefix.to_owned(), UploadId(Uuid::nil()))),
        };
        let uploads = held(self.uploads.read());
        let listed = uploads
            .range((start, Bound::Unbounded))
            .take_while(|((key, _), _)| key.starts_with(prefix));
        let listed = listed.map(|((key, id), upload)| ListedUpload {
            key: key.clone(),
            id: *id,
            initiated: upload.manifest.initiated,
        });
        Page::of(listed, size)
    }

    pub(super) fn upload(&self, key: &str, id: UploadId) -> Result<Arc<Upload>> {
        held(self.uploads.read())
            .get(&(key.to_owned(), id))
            .cloned()
            .ok_or(Error::NoSuchUpload)
    }
}
