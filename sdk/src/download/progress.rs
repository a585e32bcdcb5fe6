//! Progress of a download.

/// How far a download has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadProgress {
    /// Bytes that have been written, by this call or an earlier one.
    pub bytes_done: u64,
    /// Size of the version in bytes.
    pub bytes_total: u64,
    /// Bytes that an earlier call had written.
    pub bytes_held: u64,
    /// Bytes that arrive in a second, over the last seconds in which some did; 0 until that is known.
    pub bytes_per_second: u64,
    /// How often the connection had to be made anew.
    pub retries: u64,
}

/// Receives the progress.
pub(super) type ProgressListener<'a> = Box<dyn FnMut(&DownloadProgress) + Send + 'a>;
