//! The object of a version, and its URLs.

use uuid::Uuid;

use super::checksum::Checksum;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::Download;

/// An object to download, whose URL can be renewed.
pub(super) struct Object<'a> {
    pub client: &'a Client,
    pub dataset_id: Uuid,
    pub version: i64,
    pub url: String,
    pub filename: String,
    /// Size in bytes.
    pub size: u64,
    pub etag: String,
}

impl<'a> Object<'a> {
    /// The object of a version, or of the current one.
    pub async fn find(client: &'a Client, dataset_id: Uuid, version: Option<i64>) -> Result<Self> {
        let version = match version {
            Some(version) => Some(version),
            None => {
                client
                    .call(|| client.api().get_dataset().dataset_id(dataset_id).send())
                    .await?
                    .current_version
            }
        };
        let Some(version) = version else {
            // The API's own error for a dataset without a version.
            let refused = client
                .call(|| {
                    client
                        .api()
                        .download_dataset()
                        .dataset_id(dataset_id)
                        .send()
                })
                .await;
            return Err(refused.err().unwrap_or(Error::InvalidResponse(
                "the dataset has no version, and then it has one".to_string(),
            )));
        };
        if version < 1 {
            let reason = format!("version: {version} is less than 1");
            return Err(Error::InvalidRequest(reason));
        }
        let Download {
            url,
            filename,
            file_size,
            etag,
            ..
        } = sign(client, dataset_id, version).await?;
        let size = file_size
            .try_into()
            .map_err(|_| Error::InvalidResponse(format!("file size {file_size}")))?;
        Ok(Self {
            client,
            dataset_id,
            version,
            url,
            filename,
            size,
            etag,
        })
    }

    /// Renews the URL.
    pub async fn renew(&mut self) -> Result<()> {
        self.url = sign(self.client, self.dataset_id, self.version).await?.url;
        Ok(())
    }

    /// The checksum to verify the data, where the `ETag` is made of MD5s of parts whose size is known.
    pub async fn checksum(&self) -> Result<Option<Checksum>> {
        let (client, dataset_id) = (self.client, self.dataset_id);
        let version = || {
            client
                .api()
                .get_version()
                .dataset_id(dataset_id)
                .version(self.version)
                .send()
        };
        Checksum::of_version(client, &client.call(version).await?).await
    }
}

async fn sign(client: &Client, dataset_id: Uuid, version: i64) -> Result<Download> {
    client
        .call(|| {
            client
                .api()
                .download_version()
                .dataset_id(dataset_id)
                .version(version)
                .send()
        })
        .await
}
