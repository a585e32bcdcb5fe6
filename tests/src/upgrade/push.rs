//! A client that pushes one version after another.

use anyhow::{Context, Result, ensure};
use restow_sdk::generated::types::DatasetNameRequest;
use restow_sdk::{Client, CommitPolicy};
use uuid::Uuid;

use super::access::Access;
use super::content::Content;
use super::record::Committed;
use super::work::Work;
use crate::torture::content::digest;

/// Every push whose number is a multiple of this is of two parts.
const LARGE_EVERY: u64 = 4;

/// Pushes of one client that have seeds of their own.
const SEEDS: u64 = 1_000_000;

/// A client with two datasets of its own: one of small and one of large files.
#[derive(Debug)]
pub struct Push {
    access: Access,
    number: u32,
    small: Uuid,
    large: Uuid,
    pushes: u64,
}

impl Push {
    /// Creates the datasets.
    ///
    /// # Errors
    /// If that fails.
    pub async fn new(access: &Access, number: u32) -> Result<Self> {
        let client = access.client()?;
        Ok(Self {
            access: access.clone(),
            number,
            small: create_dataset(&client, &format!("small {number}")).await?,
            large: create_dataset(&client, &format!("large {number}")).await?,
            pushes: 0,
        })
    }
}

impl Work for Push {
    fn name(&self) -> String {
        format!("push {} of client {}", self.pushes, self.number)
    }

    async fn once(&mut self) -> Result<()> {
        self.pushes += 1;
        let seed = u64::from(self.number) * SEEDS + self.pushes;
        let is_large = self.pushes.is_multiple_of(LARGE_EVERY);
        let (dataset_id, content) = if is_large {
            (self.large, Content::large(seed))
        } else {
            (self.small, Content::small(seed))
        };
        let client = self.access.client()?;
        let reupload = client
            .reupload(dataset_id)
            .bytes(content.filename, content.bytes.clone())
            .commit(CommitPolicy::Always);
        let outcome = reupload.send().await?;
        let version = outcome.version.context("the file was not committed")?;
        ensure!(!outcome.is_unchanged, "no new version was made");
        self.access.record().commit(Committed {
            dataset_id,
            version: version.version,
            size: content.bytes.len(),
            digest: digest(&content.bytes),
            is_large,
        });
        Ok(())
    }
}

/// Creates a dataset with this name, and retries as the SDK does.
///
/// # Errors
/// If the name is invalid, or the last retry fails.
pub async fn create_dataset(client: &Client, name: &str) -> Result<Uuid> {
    let body = DatasetNameRequest {
        name: name.parse()?,
    };
    let create = || client.api().create_dataset().body(body.clone()).send();
    Ok(client.call(create).await?.id)
}
