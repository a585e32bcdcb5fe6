//! Disk operations off the threads of the async runtime.

use std::io;

use crate::error::{Error, Result};

/// Runs `work` on a thread that may block, and logs failures of the disk.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let logged = move || {
        work().inspect_err(|error| {
            if let Error::Io(error) = error {
                tracing::error!(%error, "the embedded S3 bucket cannot use its directory");
            }
        })
    };
    tokio::task::spawn_blocking(logged)
        .await
        .map_err(io::Error::other)?
}
