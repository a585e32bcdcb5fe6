//! Where it all goes: an S3 server, and a Restow server over the same bucket.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use restow_sdk::Client;
use tokio::process::Command;

use super::load::Load;
use crate::bench::process_tree::ProcessTree;
use crate::s3_server::Kind;
use crate::{BucketPlace, S3Server, ServerOptions, ServerProcess};

/// Requests under way at once, where things are removed.
const AT_ONCE: usize = 16;

/// The servers. Nothing but the uploads of the contest is in their bucket.
pub struct Site {
    // Dropped first, since it works on the other.
    server: ServerProcess,
    s3: S3Server,
    place: BucketPlace,
    token: String,
}

impl Site {
    /// Starts both; `executable` is the `system` program.
    ///
    /// # Errors
    /// If one is not installed or does not start.
    pub fn start(executable: &Path, data_dir: &Path) -> Result<Self> {
        let s3 = S3Server::start(Kind::SeaweedFs)?;
        let mut options =
            ServerOptions::new(executable, data_dir).with_environment(s3.environment());
        options.embedded_s3_listen = None;
        let variables = [
            // What is deleted is removed between the runs, and not within one.
            ("RESTOW_NO_REAPER", "true"),
            // The S3 server has none either.
            ("RESTOW_NO_RATE_LIMITS", "true"),
        ];
        let variables = variables.map(|(name, value)| (name.to_string(), value.to_string()));
        options.environment.extend(variables);
        let server = ServerProcess::start(&options)?;
        let token = server.run(&["token", "create", "--principal", "bench"])?;
        Ok(Self {
            server,
            place: s3.place(),
            s3,
            token,
        })
    }

    /// The S3 server's name and version.
    pub fn s3_title(&self) -> String {
        self.s3.to_string()
    }

    /// The bucket.
    pub fn place(&self) -> &BucketPlace {
        &self.place
    }

    /// URL of the Restow server.
    pub fn server_url(&self) -> &str {
        self.server.url()
    }

    /// Token of the principal that uploads.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Seconds of processor time that the Restow server has taken so far; 0 where the system does not report it.
    pub fn server_cpu(&self) -> f64 {
        ProcessTree(self.server.id()).cpu()
    }

    /// Seconds of processor time that the S3 server has taken so far; 0 where the system does not report it.
    pub fn s3_cpu(&self) -> f64 {
        let processes = self.s3.processes().into_iter();
        processes.map(|process| ProcessTree(process).cpu()).sum()
    }

    /// Makes sure that everything has arrived.
    ///
    /// # Errors
    /// If there is another number of objects or bytes in the bucket than was uploaded.
    pub async fn check(&self, load: &Load) -> Result<()> {
        let bucket = self.place.open();
        let sizes = stream::iter(bucket.objects().await?).map(|key| {
            let bucket = &bucket;
            async move { anyhow::Ok(bucket.head(&key).await?.content_length.unwrap_or_default()) }
        });
        let sizes: Vec<i64> = sizes.buffer_unordered(AT_ONCE).try_collect().await?;
        let (found, bytes) = (sizes.len(), sizes.iter().sum::<i64>().unsigned_abs());
        ensure!(
            (found, bytes) == (load.files().len(), load.bytes()),
            "{found} objects with {bytes} bytes have arrived of {}",
            load.title()
        );
        Ok(())
    }

    /// Removes all uploads, and waits until nothing of them is left that the machine would have to do during the next run.
    ///
    /// # Errors
    /// If a server refuses.
    pub async fn clear(&self) -> Result<()> {
        self.delete_datasets().await?;
        self.server.run(&["reap"])?;
        let bucket = self.place.open();
        let deletions = stream::iter(bucket.objects().await?).map(|key| {
            let deletion = bucket.client.delete_object().bucket(&bucket.name).key(key);
            async move { deletion.send().await.map(drop) }
        });
        deletions
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        self.s3.wait_for_room().await?;
        let flushed = Command::new("sync")
            .status()
            .await
            .context("sync cannot be run")?;
        ensure!(flushed.success(), "sync ended with {flushed}");
        Ok(())
    }

    async fn delete_datasets(&self) -> Result<()> {
        let client: Client = self.server.client_with(&self.token)?;
        let datasets: Vec<_> = client.api().list_datasets().stream().try_collect().await?;
        let deletions = stream::iter(datasets).map(|dataset| {
            let deletion = client.api().delete_dataset().dataset_id(dataset.id);
            async move { deletion.send().await.map(drop) }
        });
        Ok(deletions
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?)
    }
}
