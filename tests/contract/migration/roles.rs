//! The roles of PostgreSQL that the guide of systemd makes: one migrates, the other one runs every command.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use restow_tests::postgres::POSTGRES_VARIABLE;
use restow_tests::{Postgres, ServerProcess};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::site::{Database, Site};

/// The guide.
const GUIDE: &str = "../docs/src/content/docs/running/systemd.mdx";

/// The statements of the guide, each of which is a line, with another name in the place of `restow`.
fn statements(name: &str) -> Result<Vec<String>> {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE))?;
    let block = guide.split("```").find(|block| block.starts_with("sql "));
    let (_, statements) = block
        .and_then(|block| block.split_once('\n'))
        .context("the guide has no statements")?;
    Ok(statements
        .lines()
        .map(|line| line.replace("restow", name))
        .collect())
}

#[tokio::test]
async fn documented_roles_suffice() -> Result<()> {
    let Some(socket) = std::env::var_os(POSTGRES_VARIABLE) else {
        return Ok(());
    };
    let socket = Path::new(&socket);
    let name = format!("r{}", Uuid::new_v4().simple());
    Postgres::run_sql(socket, "postgres", &statements(&name)?)?;
    let site = |role: &str| {
        let host = socket.display();
        let url = format!("postgres://{role}@localhost/{name}?host={host}");
        Site::new(Database::Postgres(url))
    };
    let (owner, service) = (site(&format!("{name}_owner"))?, site(&name)?);
    let denied = service.failure(&["migrate"]).await?;
    assert!(denied.contains("permission denied"), "{denied}");
    owner.run(&["migrate"]).await?;
    let token = service
        .run(&["token", "create", "--principal", "alice"])
        .await?;
    let options = service.options.clone();
    let server = spawn_blocking(move || ServerProcess::start(&options)).await??;
    let body = restow_sdk::generated::types::DatasetNameRequest {
        name: "named".parse()?,
    };
    let client = server.client_with(&token)?;
    client.api().create_dataset().body(body).send().await?;
    let reaped = server.run(&["reap"])?;
    assert!(reaped.contains("0 operations failed"), "{reaped}");
    Ok(())
}
