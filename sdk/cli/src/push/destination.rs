//! The dataset that a file goes to: found or created, compared with the file, and removed again if it stays unused.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use tokio::sync::Mutex;

use super::arguments::PushArguments;
use super::target::Target;
use crate::replaces::Replaces;
use crate::{dataset, version};
use restow_sdk::generated::types::{Dataset, Version};
use restow_sdk::{Client, Error};

/// Finds or creates the datasets of all files of a push.
pub struct Destinations<'a> {
    client: &'a Client,
    /// Whether `--create` was given.
    creates: bool,
    /// Whether the dataset of the last file had to be created: most pushes have only new datasets, or none, so the next file
    /// probably takes one request if the same operation is tried first.
    was_missing: AtomicBool,
    /// Whether each principal of these names has shared anything with the caller.
    sharing: Mutex<HashMap<String, bool>>,
}

impl<'a> Destinations<'a> {
    /// Nothing is known yet of the datasets.
    pub fn new(client: &'a Client, arguments: &PushArguments) -> Self {
        Self {
            client,
            creates: arguments.create,
            was_missing: AtomicBool::new(false),
            sharing: Mutex::default(),
        }
    }

    /// The dataset of a file, created if `--create` was given, and whether it was.
    ///
    /// # Errors
    /// Those of the API.
    pub async fn find_or_create(&self, target: &Target) -> Result<(Dataset, bool)> {
        let name_or_id = target.dataset.as_str();
        let may_create = self.creates && !dataset::is_id(name_or_id);
        if may_create
            && self.was_missing.load(Ordering::Relaxed)
            && !self.may_be_shared(name_or_id).await?
        {
            return self.create_or_find(name_or_id).await;
        }
        match self.client.find_dataset(name_or_id).await {
            Err(Error::DatasetNotFound(_)) if may_create => self.create_or_find(name_or_id).await,
            found => {
                let found = found?;
                self.was_missing.store(false, Ordering::Relaxed);
                Ok((found, false))
            }
        }
    }

    /// Creates a dataset, or finds the caller's own of that name.
    async fn create_or_find(&self, name: &str) -> Result<(Dataset, bool)> {
        match dataset::create(self.client, name).await {
            Err(error) if error.error_type() == Some("name_taken") => {
                self.was_missing.store(false, Ordering::Relaxed);
                Ok((self.client.find_dataset(name).await?, false))
            }
            created => {
                let created = created?;
                self.was_missing.store(true, Ordering::Relaxed);
                Ok((created, true))
            }
        }
    }

    /// Whether a name may be that of a shared dataset, `OWNER/NAME`, which must not be created anew. The files of a directory
    /// have the same prefix, for which one request is enough.
    async fn may_be_shared(&self, name: &str) -> Result<bool> {
        let Some((owner, _)) = name.rsplit_once('/') else {
            return Ok(false);
        };
        let mut sharing = self.sharing.lock().await;
        if let Some(shares) = sharing.get(owner) {
            return Ok(*shares);
        }
        let request = || {
            let list = self.client.api().list_datasets().owner(owner);
            list.limit(1_u64).send()
        };
        let shares = !self.client.call(request).await?.items.is_empty();
        sharing.insert(owner.to_string(), shares);
        Ok(shares)
    }
}

/// The current version of the dataset, if the file has its bytes, and it is the one to be replaced.
///
/// # Errors
/// Those of the API, and if the file cannot be read.
pub async fn unchanged(
    client: &Client,
    arguments: &PushArguments,
    target: &Target,
    dataset: &Dataset,
) -> Result<Option<Version>> {
    let Some(number) = dataset.current_version else {
        return Ok(None);
    };
    let demanded = arguments.replaces.map(Replaces::version);
    if demanded.is_some_and(|demanded| demanded != Some(number)) {
        return Ok(None);
    }
    let version = version::get(client, dataset.id, number).await?;
    let is_same = client.has_same_bytes(&version, &target.content).await?;
    Ok(is_same.then_some(version))
}
