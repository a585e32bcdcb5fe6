//! Progress of a download.

/// Progress of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadProgress {
    /// Bytes written, by this call or an earlier one.
    pub bytes_done: u64,
    /// Size of the version in bytes.
    pub bytes_total: u64,
    /// Bytes that an earlier call had written.
    pub bytes_held: u64,
    /// Bytes received per second, a moving average; 0 until it is known.
    pub bytes_per_second: u64,
    /// Number of reconnections.
    pub retries: u64,
}

/// Receives the progress.
pub(super) type ProgressListener<'a> = Box<dyn FnMut(&DownloadProgress) + Send + 'a>;
