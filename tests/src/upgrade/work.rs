//! What one client does, again and again.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use super::record::Record;

/// Pause after a failure, so that one which comes at once is not repeated thousands of times.
const PAUSE: Duration = Duration::from_millis(500);

/// What one client does.
pub trait Work: Send + 'static {
    /// How a failure names it.
    fn name(&self) -> String;

    /// Does it once.
    fn once(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// Repeats it until the round is over, also after failures.
pub async fn repeat(mut work: impl Work, record: Arc<Record>) {
    while !record.is_over() {
        if let Err(error) = work.once().await {
            record.fail(&work.name(), &error);
            sleep(PAUSE).await;
        }
    }
}
