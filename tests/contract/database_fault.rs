//! Faults between the server and PostgreSQL, at each write of each operation: the response is 503, and a client that
//! retries reaches the same result. They need a cluster; see `system with-postgres`.

mod operation;
mod outage;
mod reaping;
mod site;
mod trouble;

use std::path::PathBuf;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use futures::{StreamExt, TryStreamExt, stream};
use restow_tests::database_proxy::Fault;
use restow_tests::postgres::POSTGRES_VARIABLE;

use self::operation::Operation;
use self::site::Site;
use self::trouble::Trouble;
use crate::fixture::assert_invariants;

/// SQLSTATEs of an overloaded server, a cancelled statement, a serialization failure, and a deadlock.
const REFUSALS: [Fault; 4] = [
    Fault::Refuse("53300"),
    Fault::Refuse("57014"),
    Fault::Refuse("40001"),
    Fault::Refuse("40P01"),
];

/// Number of servers that wait for a missing response at the same time.
const CONCURRENCY: usize = 12;

/// The PostgreSQL cluster for the tests, if there is one.
fn socket() -> Option<PathBuf> {
    std::env::var_os(POSTGRES_VARIABLE).map(PathBuf::from)
}

async fn survives(operation: Operation, writes: &[&'static str], faults: &[Fault]) -> Result<()> {
    let Some(socket) = socket() else {
        return Ok(());
    };
    let trouble = Trouble {
        writes: writes.to_vec(),
        faults: faults.to_vec(),
    };
    let survived = async {
        let site = Site::start(&socket, operation.options()).await?;
        operation.perform(&site, &trouble).await?;
        assert_invariants(&site.system, &site.system.bucket()).await
    };
    survived
        .await
        .with_context(|| format!("{operation:?} {trouble:?}"))
}

/// Makes each write of an operation fail in turn, with each fault that fails immediately.
async fn operation_survives(operation: Operation) -> Result<()> {
    let faults = [&[Fault::Cut][..], &[Fault::LoseReply], &REFUSALS];
    try_join_all(faults.map(|faults| survives(operation, operation.writes(), faults))).await?;
    Ok(())
}

#[tokio::test]
async fn url_request_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Request).await
}

#[tokio::test]
async fn completion_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Completion).await
}

#[tokio::test]
async fn completion_with_inspection_survives_database_faults() -> Result<()> {
    operation_survives(Operation::WholeCompletion).await
}

#[tokio::test]
async fn refused_completion_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Refusal).await
}

#[tokio::test]
async fn inspection_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Inspection).await
}

#[tokio::test]
async fn failed_inspection_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Failure).await
}

#[tokio::test]
async fn commit_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Commit).await
}

#[tokio::test]
async fn cancel_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Cancellation).await
}

#[tokio::test]
async fn restore_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Restoration).await
}

#[tokio::test]
async fn dataset_creation_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Creation).await
}

#[tokio::test]
async fn dataset_rename_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Renaming).await
}

#[tokio::test]
async fn dataset_deletion_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Deletion).await
}

#[tokio::test]
async fn reaper_survives_database_faults() -> Result<()> {
    operation_survives(Operation::Reaping).await
}

/// Runs many at the same time, since each waits for a timeout.
#[tokio::test]
async fn hung_write_times_out_and_is_retried() -> Result<()> {
    let each = Operation::ALL
        .iter()
        .flat_map(|operation| operation.writes().iter().map(|write| (*operation, *write)));
    let survivals =
        each.map(async |(operation, write)| survives(operation, &[write], &[Fault::Hang]).await);
    stream::iter(survivals)
        .map(Ok)
        .try_for_each_concurrent(CONCURRENCY, |survival| survival)
        .await
}
