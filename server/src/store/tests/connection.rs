//! Connections: a database is opened by many at once, and by its owner alone.

use std::os::unix::fs::PermissionsExt;

use anyhow::Result;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::fixture::sites;
use crate::clock;
use crate::store::{Database, Store, Terms};

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_migrations_of_a_new_database_succeed() -> Result<()> {
    for _ in 0..10 {
        let directory = TempDir::new()?;
        let file = directory.path().join("restow.sqlite");
        let mut opened = Vec::new();
        for _ in 0..8 {
            let (file, runtime) = (file.clone(), Handle::current());
            opened.push(spawn_blocking(move || {
                runtime.block_on(async {
                    let store = Store::open_file(&file).await?;
                    store.migrate().await?;
                    anyhow::Ok(store.instance().await?)
                })
            }));
        }
        let mut instances = Vec::new();
        for instance in opened {
            instances.push(instance.await??);
        }
        assert!(
            instances.iter().all(|id| *id == instances[0]),
            "{instances:?}"
        );
        let mode = file.metadata()?.permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "others may read the hashes of tokens");
    }
    Ok(())
}

#[tokio::test]
async fn sqlite_files_are_private() -> Result<()> {
    for site in sites().await? {
        let Some(file) = Store::file_of(&site.url)? else {
            continue;
        };
        for suffix in ["", "-wal", "-shm"] {
            let path = format!("{}{suffix}", file.display());
            let mode = std::fs::metadata(&path)?.permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{path}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn only_postgresql_reports_server_time() -> Result<()> {
    for site in sites().await? {
        let time = site.store.server_time().await?;
        assert_eq!(
            time.is_some(),
            site.url.starts_with("postgres:"),
            "on {}",
            site.url
        );
        assert!(time.is_none_or(|time| (time - clock::now()).num_seconds().abs() < 60));
    }
    Ok(())
}

#[tokio::test]
async fn sqlite_writes_wait_for_the_disk() -> Result<()> {
    for site in sites().await? {
        let Database::Sqlite {
            group_sync: Some(group_sync),
            ..
        } = &site.store.database
        else {
            continue;
        };
        let before = group_sync.counts().await;
        site.store.note_terms(Uuid::nil(), Terms::default()).await?;
        let after = group_sync.counts().await;
        assert_eq!(before.0, before.1);
        assert_eq!(after, (before.0 + 1, before.1 + 1));
    }
    Ok(())
}

#[tokio::test]
async fn sqlite_reader_cannot_write() -> Result<()> {
    for site in sites().await? {
        let Database::Sqlite {
            readers, writer, ..
        } = &site.store.database
        else {
            continue;
        };
        let statement = "UPDATE principals SET name = 'bob'";
        let refused = sqlx::query(statement)
            .execute(readers)
            .await
            .expect_err("it has written")
            .to_string();
        assert!(refused.contains("readonly"), "{refused}");
        assert_eq!(
            sqlx::query(statement)
                .execute(writer)
                .await?
                .rows_affected(),
            1
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_database_of_another_kind_is_refused() {
    for url in ["mysql://localhost", "", "restow.sqlite"] {
        let said = Store::open(url)
            .await
            .expect_err("it was opened")
            .to_string();
        assert!(said.contains("sqlite: or postgres://"), "{said}");
    }
}

#[tokio::test]
async fn refused_password_is_named_without_it() -> Result<()> {
    let fields = "SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"restow\"\0\0";
    let length = u32::try_from(fields.len() + 4)?.to_be_bytes();
    let refusal = [&b"E"[..], &length, fields.as_bytes()].concat();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            // The length of the message that begins the connection, and the rest of it.
            let length = client.read_u32().await?;
            let mut startup = vec![0; usize::try_from(length).unwrap_or_default() - 4];
            client.read_exact(&mut startup).await?;
            client.write_all(&refusal).await?;
        }
        std::io::Result::Ok(())
    });
    let url = format!("postgres://restow:confidential@{address}/rows?sslmode=disable");
    let said = Store::open(&url)
        .await
        .expect_err("it was opened")
        .to_string();
    server.abort();
    for words in [
        format!("PostgreSQL at {address} (database rows, user restow)"),
        "password authentication failed".to_string(),
    ] {
        assert!(said.contains(&words), "{said}");
    }
    assert!(!said.contains("confidential"), "{said}");
    Ok(())
}
