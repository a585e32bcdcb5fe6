//! The bucket's objects: reading, listing, publishing, deleting.

use std::fs;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use super::locks::held;
use super::object::{MANIFEST, Manifest, Object, Precondition};
use super::{Bucket, Page, PageSize, directory};
use crate::error::{Error, Result};

impl Bucket {
    /// The object with that key.
    pub(crate) fn object(&self, key: &str) -> Result<Arc<Object>> {
        held(self.objects.read())
            .get(key)
            .cloned()
            .ok_or(Error::NoSuchKey)
    }

    /// A page of the objects whose keys begin with `prefix` and come after `after`.
    pub(crate) fn list_objects(
        &self,
        prefix: &str,
        after: Option<&str>,
        size: PageSize,
    ) -> Page<Arc<Object>> {
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let objects = held(self.objects.read());
        let listed = objects.range::<str, _>((start, Bound::Unbounded));
        Page::of(
            listed
                .map(|(_, object)| object)
                .take_while(|object| object.key().starts_with(prefix))
                .cloned(),
            size,
        )
    }

    /// Checks early what [`publish`](Self::publish) checks again.
    pub(crate) fn check(&self, key: &str, precondition: &Precondition) -> Result<()> {
        precondition.check(held(self.objects.read()).get(key))
    }

    /// Makes `source`, a directory with the parts that `manifest` names, the object with the
    /// manifest's key. An error leaves `source` where it is, and no object changed.
    pub(super) fn publish(
        &self,
        source: &Path,
        manifest: Manifest,
        precondition: &Precondition,
    ) -> Result<Arc<Object>> {
        let mut sequence = held(self.publishing.lock());
        self.check(&manifest.key, precondition)?;
        directory::write_json(
            &self.incoming_directory(),
            &source.join(MANIFEST),
            &manifest,
        )?;
        directory::sync(source)?;
        *sequence += 1;
        let target = self.objects_directory().join(format!("{sequence:020}"));
        fs::rename(source, &target)?;
        let left = source.parent().map_or(Ok(()), directory::sync);
        if let Err(error) = left.and_then(|()| directory::sync(&self.objects_directory())) {
            // An object that might not survive a crash must not be visible; a retry finds the source where it was.
            fs::rename(&target, source)?;
            return Err(error.into());
        }
        let object = Arc::new(Object::new(target, manifest));
        let replaced =
            held(self.objects.write()).insert(object.key().to_owned(), Arc::clone(&object));
        if let Some(Err(error)) = replaced.map(|replaced| replaced.retire()) {
            tracing::warn!(%error, "failed to remove a replaced object; it is removed at the next start");
        }
        Ok(object)
    }

    /// Deletes the object with that key, if there is one.
    pub(crate) fn delete_object(&self, key: &str) -> Result<()> {
        let _publishing = held(self.publishing.lock());
        let Ok(object) = self.object(key) else {
            return Ok(());
        };
        object.retire()?;
        held(self.objects.write()).remove(key);
        Ok(())
    }
}
