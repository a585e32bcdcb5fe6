//! What each principal may use.

use crate::error::{Error, Result};

/// The limits of each principal; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Total bytes of the principal's versions and open jobs.
    pub bytes: Option<u64>,
    /// Number of open jobs.
    pub open_jobs: Option<u64>,
}

impl Quota {
    /// Checks a new job of `requested` bytes against what the principal uses already.
    ///
    /// # Errors
    /// [`Error::QuotaExceeded`], [`Error::TooManyOpenJobs`].
    pub fn check(&self, requested: u64, used: u64, open_jobs: u64) -> Result<()> {
        if let Some(limit) = self
            .bytes
            .filter(|limit| used.saturating_add(requested) > *limit)
        {
            return Err(Error::QuotaExceeded {
                limit,
                asked: requested,
                used,
            });
        }
        match self.open_jobs.filter(|limit| open_jobs >= *limit) {
            Some(limit) => Err(Error::TooManyOpenJobs { limit }),
            None => Ok(()),
        }
    }
}
