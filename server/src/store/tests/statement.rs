//! Every statement is on a list, and both databases take it.

use std::path::Path;

use anyhow::{Context, Result};
use sqlx::{Executor, SqlStr};

use super::fixture::sites;
use crate::store::{
    Database, announcement, backlog, claim, commit, connection, consistency, created_job, creation,
    database_server, dataset, delivery, delivery_queue, erasure, event, event_id, gap, grant,
    idempotency, inspection, instance, job, leftover, migration, operator, overview, pool,
    principal, recorded_upload, retention, service, time, token, trust, version, webhook, work,
};

/// The statements of every module, by the name of its file.
pub(super) const STATEMENTS: [(&str, &[(&str, &str)]); 36] = [
    ("announcement", announcement::STATEMENTS),
    ("backlog", backlog::STATEMENTS),
    ("claim", claim::STATEMENTS),
    ("commit", commit::STATEMENTS),
    ("connection", connection::STATEMENTS),
    ("consistency", consistency::STATEMENTS),
    ("created_job", created_job::STATEMENTS),
    ("creation", creation::STATEMENTS),
    ("database_server", database_server::STATEMENTS),
    ("dataset", dataset::STATEMENTS),
    ("delivery", delivery::STATEMENTS),
    ("delivery_queue", delivery_queue::STATEMENTS),
    ("erasure", erasure::STATEMENTS),
    ("event", event::STATEMENTS),
    ("event_id", event_id::STATEMENTS),
    ("gap", gap::STATEMENTS),
    ("grant", grant::STATEMENTS),
    ("idempotency", idempotency::STATEMENTS),
    ("inspection", inspection::STATEMENTS),
    ("instance", instance::STATEMENTS),
    ("job", job::STATEMENTS),
    ("leftover", leftover::STATEMENTS),
    ("migration", migration::STATEMENTS),
    ("operator", operator::STATEMENTS),
    ("overview", overview::STATEMENTS),
    ("pool", pool::STATEMENTS),
    ("principal", principal::STATEMENTS),
    ("recorded_upload", recorded_upload::STATEMENTS),
    ("retention", retention::STATEMENTS),
    ("service", service::STATEMENTS),
    ("time", time::STATEMENTS),
    ("token", token::STATEMENTS),
    ("trust", trust::STATEMENTS),
    ("version", version::STATEMENTS),
    ("webhook", webhook::STATEMENTS),
    ("work", work::STATEMENTS),
];

#[tokio::test]
async fn both_databases_take_every_statement() -> Result<()> {
    for site in sites().await? {
        for (module, statements) in STATEMENTS {
            for (name, sql) in statements {
                let prepared = match &site.store.database {
                    Database::Sqlite { .. } if name.ends_with("_POSTGRES") => Ok(()),
                    Database::Postgres(_) if name.ends_with("_SQLITE") => Ok(()),
                    Database::Sqlite { writer, .. } => {
                        writer.prepare(SqlStr::from_static(sql)).await.map(drop)
                    }
                    Database::Postgres(pool) => {
                        pool.prepare(SqlStr::from_static(sql)).await.map(drop)
                    }
                };
                prepared.with_context(|| format!("{module}::{name} on {}", site.url))?;
            }
        }
    }
    Ok(())
}

/// What a source gives to sqlx's queries: each argument as it is written.
fn queries(source: &str) -> impl Iterator<Item = &str> {
    let calls = source
        .split("sqlx::query")
        .skip(1)
        .chain(source.split("sqlx::raw_sql").skip(1));
    calls.map(|call| {
        call.split_once('(')
            .and_then(|(_, rest)| rest.split_once(')'))
            .map_or(call, |(name, _)| name.trim())
    })
}

#[test]
fn every_statement_is_listed() -> Result<()> {
    let mut run: usize = 0;
    for entry in Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/store")
        .read_dir()?
    {
        let path = entry?.path();
        if path.is_dir() {
            continue;
        }
        let (source, module) = (
            std::fs::read_to_string(&path)?,
            path.file_stem().unwrap_or_default(),
        );
        let listed = STATEMENTS
            .iter()
            .find(|(name, _)| module == *name)
            .map_or(&[][..], |(_, statements)| statements);
        for query in queries(&source) {
            // A parameter stands for any of the module's statements.
            if query == "statement" {
                run += listed.len() - queries(&source).count() + 1;
                continue;
            }
            assert!(
                listed.iter().any(|(name, _)| query == *name),
                "{}: {query} is not listed",
                path.display()
            );
            run += 1;
        }
        // Queries by a shorter name, and the other ways to run a statement.
        for query in ["query(", "query_as(", "query_scalar(", "raw_sql("] {
            let qualified = format!("sqlx::{query}");
            assert_eq!(
                source.matches(query).count(),
                source.matches(&qualified).count(),
                "{}",
                path.display()
            );
        }
        for other in ["QueryBuilder", "execute(\"", "AssertSqlSafe"] {
            assert!(!source.contains(other), "{}: {other}", path.display());
        }
    }
    let listed: usize = STATEMENTS
        .iter()
        .map(|(_, statements)| statements.len())
        .sum();
    assert!(
        run >= listed,
        "{listed} statements are listed, and only {run} queries were found"
    );
    Ok(())
}
