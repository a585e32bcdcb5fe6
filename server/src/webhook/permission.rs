//! Whether this process may call webhooks: a restored backup or a clone has those of another deployment, with their secrets.

use std::time::Duration;

use tokio::time::Instant;

use crate::app::App;
use crate::ownership::{self, Ownership};

/// How long a permission is good for.
const CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// Whether webhooks may be called, as last looked up.
#[derive(Debug, Default)]
pub(super) struct Permission {
    given_at: Option<Instant>,
    refused_for: Option<Ownership>,
}

impl Permission {
    /// Whether this database owns the bucket, so that the webhooks in it are its own.
    pub async fn is_given(&mut self, app: &App) -> bool {
        if self
            .given_at
            .is_some_and(|at| at.elapsed() < CHECK_INTERVAL)
        {
            return true;
        }
        self.given_at = None;
        match ownership::check(app).await {
            Ok(ownership) if ownership.may_call_webhooks() => {
                self.given_at = Some(Instant::now());
                self.refused_for = None;
            }
            Ok(ownership) => {
                if self.refused_for.replace(ownership) != Some(ownership) {
                    tracing::warn!(
                        %ownership,
                        "no webhook is called, since this database does not own the bucket"
                    );
                }
            }
            Err(error) => {
                tracing::debug!(%error, "failed to read the bucket's marker; no webhook is called until that succeeds");
            }
        }
        self.given_at.is_some()
    }
}
