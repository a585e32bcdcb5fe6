//! An upgrade while clients upload: the schema is migrated under processes of the release before, which are then replaced.
//!
//! The processes are of one build, so that the migration is that of an imagined next release: it adds to every table what a
//! migration may add. Needs a cluster; see `system with-postgres`.

use std::ffi::OsString;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use futures::future::join_all;
use restow_sdk::generated::types::DatasetNameRequest;
use restow_sdk::{Client, CommitPolicy};
use restow_tests::balancer::Choice;
use restow_tests::postgres::POSTGRES_VARIABLE;
use restow_tests::{Balancer, Postgres};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

use crate::fixture::{PART_SIZE, System, eventually, noise, with_token};

/// Clients that upload at the same time.
const CLIENTS: usize = 4;

/// Uploads before, between and after the steps of the upgrade.
const UPLOADS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn uploads_survive_an_upgrade() -> Result<()> {
    let Some(socket) = std::env::var_os(POSTGRES_VARIABLE) else {
        return Ok(());
    };
    let (variables, url) = site(&socket)?;
    let store = System::start_with(&[("--no-worker", ""), ("--no-reaper", "")])?;
    let mut environment = store.place.environment(&store.place.endpoint);
    environment.extend(variables);
    let start = || {
        let options = [("--drain", "2s")];
        System::start_in(with_token(&environment)?, environment.clone(), &options)
    };
    let (old, new) = (start()?, start()?);
    let balancer = Balancer::start(Choice::First, &[old.server.url(), new.server.url()]).await?;
    let (done, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let clients = (0..CLIENTS)
        .map(|_| Client::new(balancer.url(), new.server.token()))
        .collect::<Result<Vec<_>, _>>()?;
    let uploads = clients.into_iter().enumerate();
    let uploads = uploads.map(|(number, client)| upload(client, number, &done, &stop));
    let upgrade = async {
        let enough = async || {
            let (since, done) = (done.load(Ordering::Relaxed), &done);
            eventually("enough uploads are done", move || async move {
                (done.load(Ordering::Relaxed) >= since + UPLOADS).then_some(())
            })
            .await;
        };
        enough().await;
        let tables = migrate(&url).await?;
        ensure!(tables >= 6, "only {tables} tables");
        enough().await;
        let (status, _stopped) = old.stop().await?;
        ensure!(status.success(), "the old process ended with {status}");
        enough().await;
        stop.store(true, Ordering::Relaxed);
        Ok(())
    };
    let (uploads, upgraded) = futures::join!(join_all(uploads), upgrade);
    upgraded?;
    ensure!(
        balancer.ready() == 1,
        "the balancer did not notice the stop"
    );
    let versions = uploads.into_iter().collect::<Result<Vec<_>>>()?;
    println!("{} uploads, none failed", versions.iter().sum::<usize>());
    Ok(())
}

/// A database of a cluster: what leads processes to it, and its URL.
fn site(socket: &OsString) -> Result<(Vec<(String, String)>, String)> {
    let name = Uuid::new_v4().simple().to_string();
    let url = Postgres::create_database(Path::new(socket), &name)?;
    let variable = ("RESTOW_DATABASE_URL".to_string(), url.clone());
    Ok((vec![variable], url))
}

/// Adds what a migration may add: columns that may be null, an index, a table. Returns the number of tables.
async fn migrate(url: &str) -> Result<usize> {
    let mut connection = PgConnection::connect(url).await?;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%'",
    )
    .fetch_all(&mut connection)
    .await?;
    let mut statements = vec!["CREATE TABLE next_release (id BIGINT PRIMARY KEY)".to_string()];
    for table in &tables {
        statements.push(format!("ALTER TABLE {table} ADD COLUMN next_release TEXT"));
        statements.push(format!(
            "CREATE INDEX {table}_next_release ON {table} (next_release)"
        ));
    }
    // Each of them alone: together, they would lock tables in another order than requests do.
    for statement in statements {
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await?;
    }
    connection.close().await?;
    Ok(tables.len())
}

/// Uploads one version after another, as a client that retries does, and returns how many.
async fn upload(
    client: Client,
    number: usize,
    done: &AtomicUsize,
    stop: &AtomicBool,
) -> Result<usize> {
    let body = DatasetNameRequest {
        name: format!("dataset {number}").parse()?,
    };
    let dataset = client.api().create_dataset().body(body).send().await?.id;
    let mut last = Bytes::new();
    for version in 1.. {
        if stop.load(Ordering::Relaxed) {
            let url = client.api().download_dataset().dataset_id(dataset);
            let url = url.send().await?.url.clone();
            ensure!(reqwest::get(url).await?.bytes().await? == last);
            return Ok(version - 1);
        }
        last = noise(PART_SIZE + 1_000, u64::try_from(number * 1_000 + version)?);
        let reupload = client.reupload(dataset).bytes("a.bin", last.clone());
        let reupload = reupload.commit(CommitPolicy::Always).send().await;
        let reupload = reupload.with_context(|| format!("version {version} of {number}"))?;
        let committed = reupload.version.context("no version")?;
        ensure!(usize::try_from(committed.version)? == version);
        done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(0)
}
