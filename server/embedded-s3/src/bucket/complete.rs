//! The end of an upload as an object.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Utc;

use super::locks::held;
use super::object::{Manifest, Object, Precondition};
use super::{Bucket, Digest, Part, PartNumber, UploadId};
use crate::error::{Error, Result};

/// A part to complete an upload with, as the client names it.
pub(crate) struct ListedPart {
    /// Its number.
    pub(crate) number: PartNumber,
    /// Its `ETag`, without quotes.
    pub(crate) etag: String,
}

impl Bucket {
    /// Makes the listed parts an object. A refusal leaves the upload and all its parts as they
    /// were.
    pub(crate) fn complete_upload(
        &self,
        key: &str,
        id: UploadId,
        listed: &[ListedPart],
        precondition: &Precondition,
    ) -> Result<Arc<Object>> {
        let upload = self.upload(key, id)?;
        let mut open = held(upload.parts.lock());
        let uploaded = open.as_ref().ok_or(Error::NoSuchUpload)?;
        let parts = choose(uploaded, listed, self.min_part_size)?;
        let manifest = Manifest {
            key: key.to_owned(),
            headers: upload.manifest.headers.clone(),
            etag: Digest::multipart_etag(parts.iter().map(|part| part.digest)),
            last_modified: Utc::now(),
            parts,
        };
        let object = self.publish(&upload.directory, manifest, precondition)?;
        let mut unlisted = open.take().unwrap_or_default();
        held(self.uploads.write()).remove(&(key.to_owned(), id));
        for part in listed {
            unlisted.remove(&part.number);
        }
        object.discard_parts(unlisted.values());
        Ok(object)
    }
}

/// The uploaded parts that the list names, in order.
fn choose(
    uploaded: &BTreeMap<PartNumber, Part>,
    listed: &[ListedPart],
    min_part_size: u64,
) -> Result<Vec<Part>> {
    if !listed.is_sorted_by(|earlier, later| earlier.number < later.number) {
        return Err(Error::InvalidPartOrder);
    }
    let chosen = listed.iter().map(|listed| {
        let part = uploaded
            .get(&listed.number)
            .filter(|part| part.digest.to_string() == listed.etag);
        part.cloned().ok_or(Error::InvalidPart(listed.number.get()))
    });
    let chosen = chosen.collect::<Result<Vec<_>>>()?;
    let (_last, others) = chosen.split_last().unzip();
    match others
        .into_iter()
        .flatten()
        .find(|part| part.size < min_part_size)
    {
        Some(Part { number, .. }) => Err(Error::EntityTooSmall {
            number: number.get(),
            min_part_size,
        }),
        None => Ok(chosen),
    }
}
