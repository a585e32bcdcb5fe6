//! Migrations: only what is meant to migrate does, and a database with another schema is refused.

mod roles;
mod site;

use anyhow::{Context, Result};
use restow_tests::{ServerOptions, ServerProcess};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use self::site::{CHECKING, Database, Site, sites};

/// Number of processes that start at the same time.
const PROCESSES: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_starts_migrate_once() -> Result<()> {
    for site in sites()? {
        let processes: Vec<_> = (0..PROCESSES)
            .map(|_| site.options.clone())
            .map(|options| spawn_blocking(move || options.run(&["migrate"])))
            .collect();
        for process in processes {
            process
                .await?
                .with_context(|| format!("on {}", site.name()))?;
        }
        let known = site.migrations().read_dir()?.count();
        let migrated = site
            .select("SELECT CAST(version AS TEXT) FROM _sqlx_migrations")
            .await?;
        assert_eq!(migrated.len(), known, "on {}: {migrated:?}", site.name());

        let before = site.schema().await?;
        site.run(&["migrate"]).await?;
        assert_eq!(
            site.schema().await?,
            before,
            "the second migration changed {}",
            site.name()
        );
    }
    Ok(())
}

#[tokio::test]
async fn commands_leave_outdated_schema_alone() -> Result<()> {
    for site in sites()? {
        site.migrate_to_first_release().await?;
        let before = site.schema().await?;
        let needed = site.migrations().read_dir()?.count();
        for command in CHECKING {
            let said = site.refusal(command).await?;
            let words = format!("schema is at version 1, and this release needs version {needed}");
            assert!(
                said.contains(&words) && said.contains("restow-server migrate"),
                "{command:?} on {}: {said}",
                site.name()
            );
        }
        assert_eq!(site.schema().await?, before, "{} was changed", site.name());
        site.run(&["migrate"]).await?;
        site.run(&["token", "list"]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn serve_migrates_postgresql_only_when_told() -> Result<()> {
    for site in sites()? {
        site.migrate_to_first_release().await?;
        let start = |options: ServerOptions| spawn_blocking(move || ServerProcess::start(&options));
        if let Database::Postgres(_) = site.database {
            let before = site.schema().await?;
            let said = start(site.options.clone()).await?.err();
            let said = said.context("it serves")?.to_string();
            assert!(said.contains("restow-server migrate"), "{said}");
            assert_eq!(site.schema().await?, before, "it has migrated");
            let mut told = site.options.clone();
            told.arguments.push("--migrate".to_string());
            start(told).await??;
        }
        start(site.options.clone()).await??;
        site.run(&["token", "list"]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn commands_create_no_database() -> Result<()> {
    for site in sites()? {
        for command in CHECKING {
            let said = site.refusal(command).await?;
            assert!(
                said.contains("restow-server migrate"),
                "{command:?}: {said}"
            );
        }
        match site.database {
            Database::Sqlite => assert_eq!(site.directory.path().read_dir()?.count(), 0),
            Database::Postgres(_) => {
                let tables = "SELECT relname::text FROM pg_class WHERE relname LIKE '%sqlx%'";
                assert_eq!(site.select(tables).await?, Vec::<String>::new());
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn role_without_create_runs_every_command() -> Result<()> {
    for mut site in sites()? {
        site.run(&["migrate"]).await?;
        let Database::Postgres(url) = &site.database else {
            continue;
        };
        let role = format!("r{}", Uuid::new_v4().simple());
        for statement in [
            format!("CREATE ROLE {role} LOGIN"),
            format!(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
            ),
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_string(),
        ] {
            site.select(&statement).await?;
        }
        let url = url.replacen("restow@", &format!("{role}@"), 1);
        site.options.environment = vec![("RESTOW_DATABASE_URL".to_string(), url)];
        site.run(&["token", "create", "--principal", "alice"])
            .await?;
        assert!(site.run(&["token", "list"]).await?.contains("alice"));
        site.run(&["migrate"]).await?;
        let options = site.options.clone();
        let server = spawn_blocking(move || ServerProcess::start(&options)).await??;
        let name = "named".parse()?;
        let body = restow_sdk::generated::types::DatasetNameRequest { name };
        let token = server.run(&["token", "create", "--principal", "bob"])?;
        let client = server.client_with(&token)?;
        client.api().create_dataset().body(body).send().await?;
        assert!(
            server
                .run(&["reap", "--dry-run"])?
                .contains("jobs to expire")
        );
        // It sets a sequence, on which the role has no rights.
        server.run(&["adopt", "--yes"])?;
    }
    Ok(())
}

#[tokio::test]
async fn unreachable_postgresql_is_named() -> Result<()> {
    let mut cases = vec![(
        "postgres://restow:confidential@127.0.0.1:9/rows?sslmode=disable".to_string(),
        [
            "127.0.0.1:9 (database rows, user restow)",
            "onnection refused",
        ],
    )];
    for site in sites()? {
        let Database::Postgres(url) = site.database else {
            continue;
        };
        let url = url.replace("@localhost", ":confidential@localhost");
        let database = url
            .split(['/', '?'])
            .nth(3)
            .context("a URL without a database")?;
        cases.push((
            url.replace(database, "missing"),
            [
                "(database missing, user restow)",
                "\"missing\" does not exist",
            ],
        ));
        cases.push((
            url.replace("restow:", "nobody:"),
            ["user nobody)", "role \"nobody\" does not exist"],
        ));
        cases.push((
            url.replace("host=", "host=/nowhere"),
            ["socket /nowhere", "No such file"],
        ));
    }
    for (url, words) in cases {
        let mut site = Site::new(Database::Postgres(url.clone()))?;
        site.options.embedded_s3_listen = None;
        let said = site.failure(&["token", "list"]).await?;
        for words in words {
            assert!(said.contains(words), "{url}: {said}");
        }
        assert!(
            !said.contains("confidential") && !said.contains("timed out"),
            "{said}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn database_of_newer_release_is_refused() -> Result<()> {
    for site in sites()? {
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1 RETURNING description";
        site.assert_refused_after(newer, "migrated by a newer release: it is at version 9999")
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn database_with_altered_migration_is_refused() -> Result<()> {
    for site in sites()? {
        let other = match site.database {
            Database::Sqlite => {
                "UPDATE _sqlx_migrations SET checksum = X'00' WHERE version = 1 RETURNING description"
            }
            Database::Postgres(_) => {
                "UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 1 RETURNING description"
            }
        };
        site.assert_refused_after(other, "by another build: its migration 1 is not that")
            .await?;
    }
    Ok(())
}
