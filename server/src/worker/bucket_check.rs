//! Whether this process works in the right bucket: a worker in another one would call every object missing.

use std::time::Duration;

use tokio::time::Instant;

use crate::app::App;
use crate::ownership::{self, Ownership};

/// How long a check that has passed is good for.
const CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// The last check of the bucket.
#[derive(Debug, Default)]
pub(super) struct BucketCheck {
    passed_at: Option<Instant>,
    warned_of: Option<Ownership>,
}

impl BucketCheck {
    /// Whether jobs may be worked on, since the bucket is the one that their objects are in.
    pub(super) async fn may_work(&mut self, app: &App) -> bool {
        if self
            .passed_at
            .is_some_and(|at| at.elapsed() < CHECK_INTERVAL)
        {
            return true;
        }
        self.passed_at = None;
        match ownership::check(app).await {
            Ok(ownership) => {
                if self.warned_of.replace(ownership) != Some(ownership)
                    && let Some(warning) = ownership.warning()
                {
                    tracing::warn!("{warning}");
                }
                self.passed_at = ownership.may_work().then(Instant::now);
            }
            Err(error) => {
                tracing::warn!(%error, "failed to read the bucket's marker; no job is worked on until that succeeds");
            }
        }
        self.passed_at.is_some()
    }
}
