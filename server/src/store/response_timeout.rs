//! A limit on how long PostgreSQL may take to respond.

use std::io;
use std::time::Duration;

use sqlx::Error;
use tokio::time::timeout;

/// How long a use of PostgreSQL may take in all: longer than PostgreSQL takes to cancel a statement. A host that is down
/// sends nothing, and TCP waits for it for a quarter of an hour, or for ever.
pub(super) const POSTGRES_TIMEOUT: Duration = Duration::from_secs(15);

/// Waits for a response of PostgreSQL; one that takes longer than `limit` is an I/O error of kind `TimedOut`.
pub(super) async fn in_time<T, E: From<Error>>(
    limit: Duration,
    response: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    timeout(limit, response)
        .await
        .unwrap_or_else(|_| Err(Error::Io(io::ErrorKind::TimedOut.into()).into()))
}
