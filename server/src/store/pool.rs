//! Connections to PostgreSQL that are ready for the next statement.
//!
//! sqlx's pool sends a message to the database each time that a connection is returned, and waits for the reply. Here, a
//! connection whose last statement has succeeded is kept outside of it, so that a statement is one round trip and no
//! more. All others are returned to sqlx's pool, which tests them.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use prometheus_client::metrics::histogram::Histogram;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{
    PgConnection, PgPool, PgQueryResult, PgRow, PgStatement, PgTypeInfo, Postgres,
};
use sqlx::{Connection, Either, Error, Execute, Executor, Result, SqlStr};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::instruments;
use super::response_timeout::in_time;
use super::statement::statements;

/// How long a statement waits for a connection.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a connection may have been idle to be used untested. A busy process tests none; one that was cut off while
/// idle finds out before it uses the connection.
pub(super) const UNTESTED_IDLE_TIME: Duration = Duration::from_millis(100);

/// How long a connection may be idle before it is returned to sqlx's pool, which closes it after a while.
const MAX_IDLE_TIME: Duration = Duration::from_secs(5);

/// How long a connection is kept before it is returned to sqlx's pool, which closes it at the end of its lifetime.
const MAX_KEPT_TIME: Duration = Duration::from_mins(1);

statements! {
    COMMIT_POSTGRES = "COMMIT";
    ROLLBACK_POSTGRES = "ROLLBACK";
}

/// A pool of connections to PostgreSQL.
#[derive(Clone, Debug)]
pub(super) struct PostgresPool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    pool: PgPool,
    /// One for each connection that may be in use.
    permits: Arc<Semaphore>,
    /// The one that was used last is the last one.
    kept: Mutex<Vec<Kept>>,
    /// How long statements wait for a connection.
    wait: Histogram,
}

/// A connection that is in no transaction, and of which no reply is due.
struct Kept {
    connection: PoolConnection<Postgres>,
    /// When sqlx's pool has given it.
    since: Instant,
    used: Instant,
}

impl fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Kept").finish_non_exhaustive()
    }
}

impl Deref for PostgresPool {
    type Target = PgPool;

    fn deref(&self) -> &PgPool {
        &self.0.pool
    }
}

impl PostgresPool {
    /// Uses at most `connections` connections of a pool, which always has as many for it: a statement that waited for
    /// another one would not notice one that becomes free here.
    pub(super) fn new(pool: PgPool, connections: u32) -> Self {
        let permits = usize::try_from(connections).unwrap_or(Semaphore::MAX_PERMITS);
        Self(Arc::new(Shared {
            pool,
            permits: Arc::new(Semaphore::new(permits)),
            kept: Mutex::default(),
            wait: instruments::wait(),
        }))
    }

    /// A connection, within [`ACQUIRE_TIMEOUT`].
    pub(super) async fn acquire(&self) -> Result<Leased> {
        let started = Instant::now();
        let leased = timeout(ACQUIRE_TIMEOUT, self.lease()).await;
        self.0.wait.observe(started.elapsed().as_secs_f64());
        leased.unwrap_or(Err(Error::PoolTimedOut))
    }

    /// How long statements wait for a connection.
    pub(super) fn wait(&self) -> Histogram {
        self.0.wait.clone()
    }

    /// Connections that are open and in no use.
    pub(super) fn unused(&self) -> usize {
        self.0.pool.num_idle() + self.0.kept().len()
    }

    async fn lease(&self) -> Result<Leased> {
        let permits = Arc::clone(&self.0.permits);
        let permit = permits.acquire_owned().await;
        let permit = permit.map_err(|_| Error::PoolClosed)?;
        while let Some(Kept {
            mut connection,
            since,
            used,
        }) = self.0.take()
        {
            if used.elapsed() < UNTESTED_IDLE_TIME || connection.ping().await.is_ok() {
                return Ok(self.leased(connection, since, permit));
            }
            connection.close_on_drop();
        }
        let connection = self.0.pool.acquire().await?;
        Ok(self.leased(connection, Instant::now(), permit))
    }

    fn leased(
        &self,
        connection: PoolConnection<Postgres>,
        since: Instant,
        permit: OwnedSemaphorePermit,
    ) -> Leased {
        Leased {
            connection: Some(connection),
            since,
            is_ready: false,
            shared: Arc::clone(&self.0),
            _permit: permit,
        }
    }

    /// Begins a transaction by this statement.
    pub(super) async fn begin_with(&self, statement: &'static str) -> Result<PostgresTransaction> {
        let mut leased = self.acquire().await?;
        leased.execute(statement).await?;
        Ok(PostgresTransaction {
            leased: Some(leased),
        })
    }

    /// Closes all connections.
    pub(super) async fn close(&self) {
        // Those that are in use are returned to sqlx's pool, since it is closed.
        let closed = self.0.pool.close();
        drop(std::mem::take(&mut *self.0.kept()));
        closed.await;
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let kept = self.kept.get_mut().unwrap_or_else(PoisonError::into_inner);
        for Kept { connection, .. } in kept.drain(..) {
            // Nothing can be returned to a pool without a runtime.
            drop(connection.detach());
        }
    }
}

impl Shared {
    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<Kept> {
        self.kept().pop()
    }

    /// Keeps a connection, and returns one to sqlx's pool that has been idle for long.
    fn keep(&self, connection: PoolConnection<Postgres>, since: Instant) {
        let mut kept = self.kept();
        let is_idle = |first: &Kept| first.used.elapsed() > MAX_IDLE_TIME;
        if kept.first().is_some_and(is_idle) {
            kept.remove(0);
        }
        // Under the lock, so that none is kept after the others were closed.
        if !self.pool.is_closed() && since.elapsed() < MAX_KEPT_TIME {
            kept.push(Kept {
                connection,
                since,
                used: Instant::now(),
            });
        }
    }
}

/// A connection that is in use. It is kept where its user says that it is ready for the next one.
pub(super) struct Leased {
    connection: Option<PoolConnection<Postgres>>,
    since: Instant,
    is_ready: bool,
    shared: Arc<Shared>,
    /// Released after the connection.
    _permit: OwnedSemaphorePermit,
}

impl Leased {
    /// Says that the connection is in no transaction, and that no reply is due.
    fn is_ready(&mut self) {
        self.is_ready = true;
    }
}

impl Drop for Leased {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && self.is_ready
        {
            self.shared.keep(connection, self.since);
        }
    }
}

impl Deref for Leased {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.connection.as_ref().expect("until it is dropped")
    }
}

impl DerefMut for Leased {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("until it is dropped")
    }
}

/// A transaction, which is rolled back where it is not committed.
pub(super) struct PostgresTransaction {
    leased: Option<Leased>,
}

impl PostgresTransaction {
    /// Commits what was written.
    pub(super) async fn commit(mut self) -> Result<()> {
        sqlx::raw_sql(COMMIT_POSTGRES).execute(&mut *self).await?;
        if let Some(mut leased) = self.leased.take() {
            leased.is_ready();
        }
        Ok(())
    }
}

impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        let Some(mut leased) = self.leased.take() else {
            return;
        };
        // Without a runtime, the process ends, and the connection with it.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                let rollback = sqlx::raw_sql(ROLLBACK_POSTGRES).execute(&mut *leased);
                if in_time(ACQUIRE_TIMEOUT, rollback).await.is_ok() {
                    leased.is_ready();
                }
            });
        }
    }
}

impl Deref for PostgresTransaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.leased.as_ref().expect("until it ends")
    }
}

impl DerefMut for PostgresTransaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.leased.as_mut().expect("until it ends")
    }
}

impl<'p> Executor<'p> for &'p PostgresPool {
    type Database = Postgres;

    fn execute<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<PgQueryResult>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        Box::pin(async move {
            let mut leased = self.acquire().await?;
            let executed = leased.execute(query).await?;
            leased.is_ready();
            Ok(executed)
        })
    }

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        // Every list has a bound, so its rows need no stream of their own.
        let all = async move {
            let mut leased = self.acquire().await?;
            let all: Vec<_> = leased.fetch_many(query).try_collect().await?;
            leased.is_ready();
            let rows = all.into_iter().map(Result::<_, Error>::Ok);
            Result::<_, Error>::Ok(stream::iter(rows))
        };
        stream::once(all).try_flatten().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        Box::pin(async move {
            let mut leased = self.acquire().await?;
            let found = leased.fetch_optional(query).await?;
            leased.is_ready();
            Ok(found)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement>>
    where
        'p: 'e,
    {
        Box::pin(async move {
            let mut leased = self.acquire().await?;
            let prepared = leased.prepare_with(sql, parameters).await?;
            leased.is_ready();
            Ok(prepared)
        })
    }
}
