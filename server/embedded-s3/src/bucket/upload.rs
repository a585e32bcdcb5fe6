//! Multipart uploads, from their creation to their completion or abortion.
//!
//! An upload's parts are behind one lock, which uploading a part, completing and aborting hold to
//! their end. So they happen one after the other, and once an upload is over nothing can reach its
//! files any more.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::object::Headers;
use super::{Part, PartNumber, directory};
use crate::error::{Error, Result};

/// File that makes its directory an upload.
pub(super) const MANIFEST: &str = "upload.json";

/// Identifies an upload, and orders the uploads of one key by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UploadId(pub(super) Uuid);

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

/// The content of `upload.json`.
#[derive(Serialize, Deserialize)]
pub(super) struct UploadManifest {
    pub(super) key: String,
    pub(super) initiated: DateTime<Utc>,
    pub(super) headers: Headers,
}

/// An upload that is, or was, in progress.
pub(super) struct Upload {
    pub(super) directory: PathBuf,
    pub(super) manifest: UploadManifest,
    /// None once the upload is completed or aborted.
    pub(super) parts: Mutex<Option<BTreeMap<PartNumber, Part>>>,
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

/// Where a listing of uploads continues.
pub(crate) struct UploadMarker {
    /// After uploads of this key…
    pub(crate) key: String,
    /// …all of them, or up to this one.
    pub(crate) id: Option<UploadId>,
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
