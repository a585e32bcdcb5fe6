//! Checks of the database.

use chrono::TimeDelta;

use super::bucket::clock_finding;
use super::{Finding, Findings};
use crate::clock;
use crate::store::{DatabaseServer, MigrationError, POSTGRES_CONNECTIONS, Store};

/// Checks the database, and returns it if it can be used.
pub(super) async fn check<'a>(
    store: &'a anyhow::Result<Store>,
    findings: &mut Findings,
) -> Option<&'a Store> {
    const OTHERS: [&str; 3] = ["schema", "database_connections", "database_clock"];
    let store = match store {
        Ok(store) => store,
        Err(error) => {
            findings.add(failed(&format!("{error:#}")));
            findings.skip(&OTHERS, "the database cannot be used");
            return None;
        }
    };
    let server = match store.server().await {
        Ok(server) => server,
        Err(error) => {
            findings.add(failed(&error.to_string()));
            findings.skip(&OTHERS, "the database cannot be used");
            return None;
        }
    };
    let message = format!("{} {} responds", server.name, server.version);
    findings.add(Finding::ok("database", message));
    let schema = check_schema(store).await;
    let is_usable = schema.advice.is_none();
    findings.add(schema);
    match connections(&server) {
        Some(finding) => findings.add(finding),
        None => findings.skip(
            &["database_connections"],
            "SQLite has no limit of connections",
        ),
    }
    check_clock(store, findings).await;
    is_usable.then_some(store)
}

fn failed(message: &str) -> Finding {
    Finding::failed(
        "database",
        message,
        "check --database-url or --data-dir, and that the database runs and admits this user",
    )
}

async fn check_schema(store: &Store) -> Finding {
    let needed = store.needed_schema_version();
    let error = match store.check_schema().await {
        Ok(()) => {
            let message = format!("the schema is at version {needed}, which this release needs");
            return Finding::ok("schema", message);
        }
        Err(error) => error,
    };
    let advice = match &error {
        MigrationError::Outdated { .. } => "run `restow-server migrate` of this release",
        MigrationError::Newer { .. } | MigrationError::Different(_) => {
            "run the release that migrated the database, or restore a backup from before"
        }
        MigrationError::Unfinished(_) => "restore the database from a backup",
        MigrationError::Failed(_) | MigrationError::Unreadable(_) => {
            "check that this user may read the tables of the database"
        }
    };
    Finding::failed("schema", error.to_string(), advice)
}

/// Compares the connections that the database admits with those of one process.
fn connections(server: &DatabaseServer) -> Option<Finding> {
    let (admitted, used) = server.connections?;
    let own = i64::from(POSTGRES_CONNECTIONS);
    let name = "database_connections";
    let message = format!(
        "the database admits {admitted} connections, of which {used} are in use; each process needs up to {own}"
    );
    Some(if admitted < own {
        let advice = "increase max_connections of PostgreSQL: requests fail where a process gets no connection";
        Finding::failed(name, message, advice)
    } else if admitted - used < own {
        let advice = "increase max_connections of PostgreSQL, or put a pooler in front of it, before another process starts";
        Finding::warning(name, message, advice)
    } else {
        Finding::ok(name, message)
    })
}

async fn check_clock(store: &Store, findings: &mut Findings) {
    match store.server_time().await {
        Ok(Some(time)) => {
            let ahead: TimeDelta = time - clock::now();
            findings.add(clock_finding("database_clock", "the database", ahead));
        }
        Ok(None) => findings.skip(&["database_clock"], "SQLite has no clock of its own"),
        Err(error) => findings.add(failed(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn connections_must_suffice_for_a_process() {
        let status = |connections| {
            let server = DatabaseServer {
                name: "PostgreSQL",
                version: "15".to_string(),
                connections,
            };
            super::connections(&server).map(|finding| finding.status)
        };
        assert_eq!(status(None), None);
        assert_eq!(status(Some((97, 20))), Some(Status::Ok));
        assert_eq!(status(Some((97, 90))), Some(Status::Warning));
        assert_eq!(status(Some((10, 1))), Some(Status::Failed));
    }
}
