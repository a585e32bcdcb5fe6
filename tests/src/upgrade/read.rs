//! A client that reads versions.

use std::time::Duration;

use anyhow::{Result, ensure};
use restow_sdk::Client;
use tokio::time::sleep;

use super::access::Access;
use super::record::Committed;
use super::work::Work;
use crate::torture::content::digest;

/// How often a reader looks whether there is a version.
const INTERVAL: Duration = Duration::from_millis(50);

/// A client that reads the latest versions and earlier ones.
#[derive(Debug)]
pub struct Read {
    access: Access,
    number: u32,
    reads: usize,
}

impl Read {
    /// A reader with a number, from 1.
    pub fn new(access: &Access, number: u32) -> Self {
        Self {
            access: access.clone(),
            number,
            reads: 0,
        }
    }
}

impl Work for Read {
    fn name(&self) -> String {
        format!("read {} of reader {}", self.reads, self.number)
    }

    async fn once(&mut self) -> Result<()> {
        let record = self.access.record();
        let Some(committed) = record.behind(self.reads) else {
            sleep(INTERVAL).await;
            return Ok(());
        };
        self.reads += 1;
        read(&self.access.client()?, &committed).await?;
        record.read();
        Ok(())
    }
}

/// Reads a version and its bytes, and compares both with what was pushed.
///
/// # Errors
/// If a request fails after the last retry, or something is different.
pub async fn read(client: &Client, committed: &Committed) -> Result<()> {
    let (dataset_id, number) = (committed.dataset_id, committed.version);
    let what = format!("version {number} of dataset {dataset_id}");
    let get = || {
        let get = client.api().get_version().dataset_id(dataset_id);
        get.version(number).send()
    };
    let version = client.call(get).await?;
    ensure!(
        usize::try_from(version.file_size)? == committed.size,
        "{what} has {} bytes instead of {}",
        version.file_size,
        committed.size
    );
    let mut bytes = Vec::new();
    let download = client.download(dataset_id).version(number);
    download.to_writer(&mut bytes).await?;
    ensure!(
        digest(&bytes) == committed.digest,
        "{what} has other bytes than were pushed"
    );
    Ok(())
}
