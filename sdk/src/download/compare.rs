//! [`Client::has_same_bytes`].

use std::fs::File;
use std::path::Path;

use super::checksum::Checksum;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::Version;

impl Client {
    /// Whether a local file has the bytes of a version, by its size and the MD5s of its parts.
    ///
    /// Nothing is downloaded, and the file is read only if its size is that of the version. `false` also if the `ETag` of
    /// the object is not made of MD5s, as under KMS.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] if the file cannot be read, and the errors of [`call`](Self::call).
    ///
    /// # Example
    /// ```no_run
    /// # async fn run(client: restow_sdk::Client, version: restow_sdk::generated::types::Version)
    /// # -> Result<(), restow_sdk::Error> {
    /// if !client.has_same_bytes(&version, "measurements.csv").await? {
    ///     client.reupload(version.dataset_id).file("measurements.csv").send().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn has_same_bytes(&self, version: &Version, path: impl AsRef<Path>) -> Result<bool> {
        let path = path.as_ref();
        let unreadable = |source| Error::Source {
            name: path.display().to_string(),
            source,
        };
        let metadata = path.metadata().map_err(unreadable)?;
        let size = metadata.len();
        if !metadata.is_file() || i64::try_from(size) != Ok(version.file_size) {
            return Ok(false);
        }
        let Some(checksum) = Checksum::of_version(self, version).await? else {
            return Ok(false);
        };
        let file = File::open(path).map_err(unreadable)?;
        let checksum = checksum.add_file(file, size).await.map_err(unreadable)?;
        Ok(checksum.matches())
    }
}
