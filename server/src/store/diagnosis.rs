//! Why no connection to PostgreSQL can be had: the pool says only that it timed out, and nothing says where.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool};
use sqlx::{ConnectOptions, Connection, Error};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::response_timeout::in_time;

/// How long a connection that is opened to find the reason may take.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a reason is good for, so that many statements that fail open one connection and not many.
const MAX_AGE: Duration = Duration::from_secs(2);

/// The last reason that was found, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Diagnosis(Arc<Mutex<Option<(Instant, Reason)>>>);

/// A kind of I/O error, and a message.
type Reason = (io::ErrorKind, String);

/// An error that may be one of the database.
pub(super) trait Failure: From<Error> {
    /// The database's error, if it is one.
    fn of_database(&self) -> Option<&Error>;
}

impl Failure for Error {
    fn of_database(&self) -> Option<&Error> {
        Some(self)
    }
}

impl Failure for crate::error::Error {
    fn of_database(&self) -> Option<&Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
impl Failure for anyhow::Error {
    fn of_database(&self) -> Option<&Error> {
        self.downcast_ref()
    }
}

/// Whether there was no connection, and not one that broke off.
fn is_of_connecting(error: &Error) -> bool {
    use io::ErrorKind as E;
    match error {
        Error::PoolTimedOut => true,
        Error::Io(error) => !matches!(
            error.kind(),
            E::TimedOut
                | E::UnexpectedEof
                | E::ConnectionReset
                | E::ConnectionAborted
                | E::BrokenPipe
        ),
        // The credentials are refused, or there is no such database.
        Error::Database(error) => error
            .code()
            .is_some_and(|code| code.starts_with("28") || code == "3D000"),
        _ => false,
    }
}

impl Diagnosis {
    /// Waits for a response of PostgreSQL for as long as it may take, and finds the reason where there is no connection.
    pub(super) async fn in_time<T, E: Failure>(
        &self,
        limit: Duration,
        pool: &PgPool,
        response: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        match in_time(limit, response).await {
            Err(error) if error.of_database().is_some_and(is_of_connecting) => {
                Err(Box::pin(self.of(pool)).await.into())
            }
            outcome => outcome,
        }
    }

    /// Why the pool has no connection to give.
    async fn of(&self, pool: &PgPool) -> Error {
        let mut last = self.0.lock().await;
        let (kind, message) = match &*last {
            Some((at, reason)) if at.elapsed() < MAX_AGE => reason.clone(),
            _ => {
                let reason = find(&pool.connect_options()).await;
                last.insert((Instant::now(), reason)).1.clone()
            }
        };
        Error::Io(io::Error::new(kind, message))
    }
}

/// Names the server in an error of a pool that was about to be opened.
pub(super) async fn explain(options: &PgConnectOptions, error: Error) -> Error {
    let (kind, message) = match error {
        Error::PoolTimedOut => find(options).await,
        error => reason(options, &error),
    };
    Error::Io(io::Error::new(kind, message))
}

/// Opens a connection to find why the pool has none.
async fn find(options: &PgConnectOptions) -> Reason {
    let opened = in_time(PROBE_TIMEOUT, options.connect()).await;
    match opened {
        Ok(connection) => {
            let _ = timeout(PROBE_TIMEOUT, connection.close()).await;
            let message = format!(
                "all connections of this process to {} are in use",
                place(options)
            );
            (io::ErrorKind::TimedOut, message)
        }
        Err(error) => reason(options, &error),
    }
}

fn reason(options: &PgConnectOptions, error: &Error) -> Reason {
    let place = place(options);
    match error {
        Error::Io(error) => (error.kind(), format!("{place}: {error}")),
        Error::Database(error) => (
            io::ErrorKind::Other,
            format!("{place}: {}", error.message()),
        ),
        error => (io::ErrorKind::Other, format!("{place}: {error}")),
    }
}

/// Where the server is, which database of it is meant, and as whom; never the password.
fn place(options: &PgConnectOptions) -> String {
    let (user, port) = (options.get_username(), options.get_port());
    let database = options.get_database().unwrap_or(user);
    let server = match options.get_socket() {
        Some(socket) => format!("the socket {}, port {port}", socket.display()),
        None => format!("{}:{port}", options.get_host()),
    };
    format!("PostgreSQL at {server} (database {database}, user {user})")
}
