//! A PostgreSQL that is away, or silent, for a while. It needs a cluster; see `system with-postgres`.

use std::ffi::OsString;
use std::future::pending;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::{Connection, Executor, PgConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::fixture::{Site, at_once, postgres_site};
use crate::quota::Quota;
use crate::store::number::signed;
use crate::store::{Database, Store};

/// How long anything may take before a test gives it up.
const TEST_TIMEOUT: Duration = Duration::from_mins(1);

/// The network between a store and PostgreSQL. Connections may fall silent in both directions without being closed.
struct Network {
    silenced: watch::Sender<u64>,
    /// Where the database is behind it.
    url: String,
}

impl Network {
    async fn before(site: &Site) -> Result<Self> {
        let socket = site
            .url
            .split_once("host=")
            .context("the URL names no socket")?
            .1;
        let socket = Path::new(socket).join(".s.PGSQL.5432");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let database = site
            .url
            .split(['/', '?'])
            .nth(3)
            .context("the URL names no database")?;
        let (silenced, generation) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(
                    client,
                    socket.clone().into_os_string(),
                    generation.clone(),
                ));
            }
        });
        Ok(Self {
            silenced,
            url: format!("postgres://restow@{address}/{database}?sslmode=disable"),
        })
    }

    /// Silences all connections that there are. Those that begin later are carried.
    fn fall_silent(&self) {
        self.silenced.send_modify(|generation| *generation += 1);
    }
}

/// Carries one connection until it ends or falls silent.
async fn carry(
    client: TcpStream,
    socket: OsString,
    mut generation: watch::Receiver<u64>,
) -> Result<()> {
    generation.mark_unchanged();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = UnixStream::connect(socket).await?.into_split();
    let (mut sent, mut answered) = ([0; 8192], [0; 8192]);
    loop {
        tokio::select! {
            biased;
            _ = generation.changed() => return pending().await,
            read = from_client.read(&mut sent) => match read? {
                0 => return Ok(()),
                length => to_server.write_all(&sent[..length]).await?,
            },
            read = from_server.read(&mut answered) => match read? {
                0 => return Ok(()),
                length => to_client.write_all(&answered[..length]).await?,
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_time_out_and_later_ones_reconnect() -> Result<()> {
    let Some(site) = postgres_site().await? else {
        return Ok(());
    };
    let network = Network::before(&site).await?;
    let mut store = Store::open(&network.url).await?;
    store.response_timeout = Duration::from_secs(1);
    let (dataset_id, quota) = (
        site.dataset().await?,
        Quota {
            bytes: Some(u64::MAX),
            open_jobs: None,
        },
    );

    // Another connection holds the principal's row, so that every connection of the pool has a statement that waits.
    let mut holder = PgConnection::connect(&site.url).await?;
    holder
        .execute("BEGIN; SELECT id FROM principals FOR UPDATE")
        .await?;
    let connections = super::super::connection::STATEMENT_CONNECTIONS;
    let inserts = (0..connections).map(|_| {
        let (store, job) = (store.clone(), site.new_job(dataset_id));
        async move { store.insert_job(&job, quota).await }
    });
    let waiting = at_once(inserts);
    let silence = async {
        let statement = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
             AND wait_event_type = 'Lock'";
        while site.count(statement).await? < signed(connections.into()) {
            sleep(Duration::from_millis(10)).await;
        }
        network.fall_silent();
        anyhow::Ok(())
    };
    let (outcomes, silenced) =
        timeout(TEST_TIMEOUT, async { tokio::join!(waiting, silence) }).await?;
    silenced?;
    assert!(
        outcomes?.iter().all(Result::is_err),
        "a statement without a response ended"
    );

    let answered = async {
        while store.instance().await.is_err() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(TEST_TIMEOUT, answered)
        .await
        .context("the pool keeps places for connections that are silent")?;
    Ok(())
}

#[tokio::test]
async fn closed_connections_are_replaced() -> Result<()> {
    let Some(site) = postgres_site().await? else {
        return Ok(());
    };
    let mut administrator = PgConnection::connect(&site.url).await?;
    for _ in 0..3 {
        let instance = site.store.instance().await?;
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let cut: i64 = sqlx::query_scalar(cut)
            .fetch_one(&mut administrator)
            .await?;
        assert!(cut > 0, "there was no connection to cut");
        sleep(super::super::pool::UNTESTED_IDLE_TIME).await;
        assert_eq!(site.store.instance().await?, instance);
    }
    Ok(())
}

#[tokio::test]
async fn connection_in_transaction_is_not_reused() -> Result<()> {
    let Some(site) = postgres_site().await? else {
        return Ok(());
    };
    let Database::Postgres(pool) = &site.store.database else {
        return Ok(());
    };
    site.store.instance().await?;
    let mut connection = pool.acquire().await?;
    let connections = pool.size();
    // The pool does not see it begin, as where the reply was not awaited.
    connection.execute("BEGIN").await?;
    drop(connection);
    let closed = async {
        while pool.size() >= connections {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(TEST_TIMEOUT, closed)
        .await
        .context("the pool keeps it")?;
    Ok(())
}

#[tokio::test]
async fn dropped_transaction_is_rolled_back() -> Result<()> {
    let Some(site) = postgres_site().await? else {
        return Ok(());
    };
    let Database::Postgres(pool) = &site.store.database else {
        return Ok(());
    };
    for _ in 0..20 {
        let mut transaction = pool.begin_with(site.store.begin()).await?;
        transaction
            .execute("UPDATE principals SET name = 'bob'")
            .await?;
        drop(transaction);
    }
    // It waits for the locks of the transactions, if they are open.
    let principals = "UPDATE principals SET name = name WHERE name = 'bob'";
    let changed = pool.execute(principals).await?.rows_affected();
    assert_eq!(changed, 0, "a transaction was committed");
    assert!(pool.size() <= 4, "{} connections", pool.size());
    Ok(())
}
