//! What the server's own credentials may do, found out by doing it: an object is uploaded, read and removed.

use uuid::Uuid;

use super::bucket::of_storage;
use super::{Finding, Findings};
use crate::storage::{Storage, StorageError};

/// What the keys of the doctor begin with, behind the deployment's own prefix. They are beside those of jobs, so that the
/// rights that are tried are the ones that jobs need, and the sweep aborts an upload that is left behind.
const PREFIX: &str = "datasets/.restow-doctor/";

/// The content of the object.
pub(super) const CONTENT: &[u8] = b"written by restow-server doctor\n";

/// Names of the checks, each of which needs those before it.
pub(super) const CHECKS: [&str; 8] = [
    "create_upload",
    "upload_part",
    "list_parts",
    "list_uploads",
    "complete_upload",
    "head_object",
    "get_object",
    "list_objects",
];

/// Names of the checks at the end, when the object is removed.
pub(super) const LAST_CHECKS: [&str; 2] = ["delete_object", "abort_upload"];

/// The object of the checks, and an upload that is never completed.
#[derive(Debug)]
pub(super) struct Trial<'a> {
    pub(super) storage: &'a Storage,
    /// Key of the object.
    pub(super) key: String,
    /// Key of the upload.
    pub(super) upload_key: String,
    /// Identifier of the upload, once there is one.
    pub(super) upload_id: Option<String>,
    /// Entity tag of the only part of the object.
    pub(super) part_etag: Option<String>,
    job_id: Uuid,
    object_upload_id: Option<String>,
}

/// Why a check failed.
enum Fault {
    Storage(StorageError),
    /// S3 accepts the request, and does not do it.
    Wrong(&'static str),
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl Fault {
    fn finding(&self, name: &'static str) -> Finding {
        match self {
            Self::Storage(error) => of_storage(name, error),
            Self::Wrong(message) => Finding::failed(
                name,
                *message,
                "use a store that is listed in the guide, and check what is between the server and the store",
            ),
        }
    }
}

impl<'a> Trial<'a> {
    /// One whose keys no other process uses.
    pub(super) fn new(storage: &'a Storage) -> Self {
        let job_id = Uuid::now_v7();
        let key = format!("{}{PREFIX}{job_id}", storage.prefix());
        Self {
            storage,
            upload_key: format!("{key}.upload"),
            key,
            upload_id: None,
            part_etag: None,
            job_id,
            object_upload_id: None,
        }
    }

    /// Makes [`CHECKS`]; returns whether there is an object at the end.
    pub(super) async fn check(&mut self, findings: &mut Findings) -> bool {
        let mut passed = 0;
        let outcome = self.steps(&mut passed, findings).await;
        let Err(fault) = outcome else { return true };
        let (failed, skipped) = (CHECKS[passed], &CHECKS[passed + 1..]);
        findings.add(fault.finding(failed));
        findings.skip(skipped, &format!("{failed} failed"));
        false
    }

    async fn steps(&mut self, passed: &mut usize, findings: &mut Findings) -> Result<(), Fault> {
        let mut pass = |message: &str| {
            findings.add(Finding::ok(CHECKS[*passed], message));
            *passed += 1;
        };
        let (storage, key) = (self.storage, self.key.as_str());
        let id = self.create(key).await?;
        self.object_upload_id = Some(id.clone());
        self.upload_id = Some(self.create(&self.upload_key).await?);
        pass("multipart uploads can be created");
        let etag = storage.put_part(key, &id, 1, CONTENT).await?;
        self.part_etag = Some(etag.clone());
        pass("parts can be uploaded");
        let parts = storage.list_all_parts(key, &id).await?;
        if !matches!(&parts[..], [part] if part.size == CONTENT.len() as u64) {
            return Err(Fault::Wrong("the list of parts is not what was uploaded"));
        }
        pass("parts can be listed");
        if !storage.list_uploads(key).await?.contains(&id) {
            return Err(Fault::Wrong(
                "the list of uploads lacks one that was created",
            ));
        }
        pass("uploads can be listed");
        storage.complete_upload(key, &id, [(1, etag)]).await?;
        pass("uploads can be completed");
        let head = storage.head(key).await?;
        if !head.is_some_and(|head| head.is_of(self.job_id, CONTENT.len() as u64)) {
            let message = "the completed object is missing, or lacks its length or metadata";
            return Err(Fault::Wrong(message));
        }
        pass("objects have their length and metadata");
        let fetched = storage.fetch(key, CONTENT.len() as u64).await?;
        if fetched.is_none_or(|(_, content)| content != CONTENT) {
            return Err(Fault::Wrong(
                "the object has another content than was uploaded",
            ));
        }
        pass("objects can be read");
        let (objects, _) = storage.objects_page(key, None).await?;
        if !objects.iter().any(|object| object.key == key) {
            return Err(Fault::Wrong(
                "the list of objects lacks one that was completed",
            ));
        }
        pass("objects can be listed");
        Ok(())
    }

    async fn create(&self, key: &str) -> Result<String, StorageError> {
        let created = self
            .storage
            .create_upload(key, self.job_id, "text/plain", "attachment");
        created.await
    }

    /// Makes [`LAST_CHECKS`], and removes everything that was uploaded.
    pub(super) async fn remove(self, findings: &mut Findings) {
        let [delete, abort] = LAST_CHECKS;
        let Some(object_upload) = &self.object_upload_id else {
            return findings.skip(&LAST_CHECKS, "nothing was uploaded");
        };
        findings.add(match self.delete().await {
            Ok(()) => Finding::ok(delete, "objects can be deleted"),
            Err(fault) => left_behind(fault.finding(delete), &self.key),
        });
        // Where it was not completed.
        let unfinished = self.storage.abort_upload(&self.key, object_upload).await;
        let aborted = match unfinished {
            Ok(()) => self.abort().await,
            Err(error) => Err(error.into()),
        };
        findings.add(match aborted {
            Ok(()) => Finding::ok(abort, "uploads can be aborted"),
            Err(fault) => left_behind(fault.finding(abort), &self.upload_key),
        });
    }

    async fn delete(&self) -> Result<(), Fault> {
        self.storage.delete(&self.key).await?;
        match self.storage.head(&self.key).await? {
            None => Ok(()),
            Some(_) => Err(Fault::Wrong(
                "an object is still there after it was deleted",
            )),
        }
    }

    async fn abort(&self) -> Result<(), Fault> {
        let Some(id) = &self.upload_id else {
            return Ok(());
        };
        self.storage.abort_upload(&self.upload_key, id).await?;
        if self
            .storage
            .list_uploads(&self.upload_key)
            .await?
            .contains(id)
        {
            return Err(Fault::Wrong(
                "an upload is still listed after it was aborted",
            ));
        }
        Ok(())
    }
}

fn left_behind(finding: Finding, key: &str) -> Finding {
    let message = format!("{}; {key} may be left behind", finding.message);
    Finding { message, ..finding }
}
