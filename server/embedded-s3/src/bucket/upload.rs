//! Multipart uploads, from their creation to their completion or abortion.
//!
//! An upload's parts are behind one lock, which uploading a part, completing and aborting hold to
//! their end. So they happen one after the other, and once an upload is over nothing can reach its
//! files any more.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use uuid::Uuid;

use super::object::Headers;
use super::{
    Bucket, Digest, Page, PageSize, Part, PartNumber, ReceivedBody, Result, directory, held,
};
use crate::error::Error;

const MANIFEST: &str = "upload.json";

/// Names an upload, and orders the uploads of one key by their age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UploadId(Uuid);

impl FromStr for UploadId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Uuid::try_parse(text)
            .map(Self)
            .map_err(|_| Error::NoSuchUpload)
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

/// What the disk says of an upload, beside its parts.
#[derive(Serialize, Deserialize)]
struct UploadManifest {
    key: String,
    initiated: DateTime<Utc>,
    headers: Headers,
}

/// An upload that is, or was, in progress.
pub(super) struct Upload {
    pub(super) directory: PathBuf,
    manifest: UploadManifest,
    /// None once the upload is completed or aborted.
    pub(super) parts: Mutex<Option<BTreeMap<PartNumber, Part>>>,
}

impl Upload {
    /// The headers of the object to be.
    pub(super) fn headers(&self) -> &Headers {
        &self.manifest.headers
    }
}

/// An upload as it is listed.
pub(crate) struct ListedUpload {
    /// The key of the object to be.
    pub(crate) key: String,
    /// Its id.
    pub(crate) id: UploadId,
    /// When it was created.
    pub(crate) initiated: DateTime<Utc>,
}

/// Where a listing of uploads goes on.
pub(crate) struct UploadMarker {
    /// After uploads of this key…
    pub(crate) key: String,
    /// …all of them, or up to this one.
    pub(crate) id: Option<UploadId>,
}

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

/// Reads the uploads in `uploads`.
pub(super) fn load(uploads: &Path) -> io::Result<BTreeMap<(String, UploadId), Arc<Upload>>> {
    let mut index = BTreeMap::new();
    for directory in directory::entries(uploads)? {
        let directory = directory?;
        let Some(id) = directory::name(&directory).and_then(|name| name.parse().ok()) else {
            continue;
        };
        let manifest: UploadManifest = directory::read_json(&directory.join(MANIFEST))?;
        let parts = Mutex::new(Some(load_parts(&directory)?));
        let key = manifest.key.clone();
        index.insert(
            (key, id),
            Arc::new(Upload {
                directory,
                manifest,
                parts,
            }),
        );
    }
    Ok(index)
}

/// Reads the parts of an upload, and removes those that others have replaced.
fn load_parts(upload: &Path) -> io::Result<BTreeMap<PartNumber, Part>> {
    let mut parts: BTreeMap<PartNumber, Part> = BTreeMap::new();
    for path in directory::entries(upload)? {
        let path = path?;
        let Some(name) = directory::name(&path) else {
            continue;
        };
        let Some(part) = Part::from_file(name, &path.metadata()?)? else {
            continue;
        };
        match parts.get(&part.number) {
            Some(newer) if newer.revision > part.revision => directory::discard(&path),
            _ => {
                if let Some(older) = parts.insert(part.number, part) {
                    directory::discard(&upload.join(older.file_name()));
                }
            }
        }
    }
    Ok(parts)
}
