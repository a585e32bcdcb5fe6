//! Broken databases and data directories.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use anyhow::{Result, ensure};
use restow_tests::ServerOptions;

use super::examination::Examination;
use crate::fixture::{System, executable};

#[tokio::test]
async fn schema_of_another_release_is_named() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    system.execute(newer).await?;
    let examined = Examination::of(&system).await?;
    examined.assert_failed("schema", "at version 9999", "run the release that migrated")?;
    examined.assert("database", "ok", "responds", "")?;
    // The bucket cannot be compared with it, but everything else can be checked.
    examined.assert_skipped(&["ownership"])?;
    examined.assert("signed_put", "ok", "", "")?;

    let older = "DELETE FROM _sqlx_migrations WHERE version = 9999 \
         OR version = (SELECT max(version) FROM _sqlx_migrations WHERE version < 9999)";
    system.execute(older).await?;
    let examined = Examination::of(&system).await?;
    examined.assert_failed(
        "schema",
        "this release needs version",
        "`restow-server migrate` of this release",
    )
}

#[tokio::test]
async fn missing_database_is_named_and_not_created() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let options = ServerOptions::new(executable(), directory.path());
    let examined = Examination::with(options).await?;
    examined.assert_failed(
        "database",
        "there is no database",
        "check --database-url or --data-dir",
    )?;
    examined.assert_failed(
        "configuration",
        "there is no embedded S3",
        "correct the option",
    )?;
    examined.assert_skipped(&[
        "schema",
        "ownership",
        "bucket",
        "signed_put",
        "abort_upload",
    ])?;
    assert_eq!(
        directory.path().read_dir()?.count(),
        0,
        "something was created"
    );
    Ok(())
}

#[tokio::test]
async fn unreachable_database_is_named() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let url = "postgres://restow:confidential@127.0.0.1:9/rows?sslmode=disable";
    let examined = Examination::changed(&system, &[("RESTOW_DATABASE_URL", url)]).await?;
    examined.assert_failed(
        "database",
        "127.0.0.1:9 (database rows, user restow)",
        "check --database-url",
    )?;
    ensure!(!examined.text.contains("confidential"), "{}", examined.text);
    examined.assert("get_object", "ok", "", "")
}

#[tokio::test]
async fn readable_database_file_is_named() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let file = system.server.data_dir().join("restow.sqlite");
    // On PostgreSQL, there is no file.
    if file.exists()
        && system
            .environment()
            .iter()
            .all(|(name, _)| name != "RESTOW_DATABASE_URL")
    {
        fs::set_permissions(&file, Permissions::from_mode(0o644))?;
        let examined = Examination::of(&system).await?;
        examined.assert("database_file", "warning", "mode 644", "chmod 600")?;
    }
    Ok(())
}
