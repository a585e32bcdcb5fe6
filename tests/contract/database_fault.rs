//! Faults between the server and PostgreSQL, at each write of each operation: the answer is 503, and a client that
//! tries again reaches the same end. They need a cluster; see `system with-postgres`.

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

/// What PostgreSQL refuses with when it is overloaded, told to give up, or has two transactions in each other's way.
const REFUSALS: [Fault; 4] = [
    Fault::Refuse("53300"),
    Fault::Refuse("57014"),
    Fault::Refuse("40001"),
    Fault::Refuse("40P01"),
];

/// How many servers wait at once for what never comes.
const AT_ONCE: usize = 24;

/// The cluster that the tests are to use, if there is one.
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
        let site = Site::start(&socket, operation.options())?;
        operation.perform(&site, &trouble).await?;
        assert_invariants(&site.system, &site.system.bucket()).await
    };
    survived
        .await
        .with_context(|| format!("{operation:?} {trouble:?}"))
}

/// Has all writes of an operation fail one after the other, by each of the faults that are over at once.
async fn operation_survives(operation: Operation) -> Result<()> {
    let faults = [&[Fault::Cut][..], &[Fault::LoseReply], &REFUSALS];
    try_join_all(faults.map(|faults| survives(operation, operation.writes(), faults))).await?;
    Ok(())
}

#[tokio::test]
async fn at_a_request_for_urls() -> Result<()> {
    operation_survives(Operation::Request).await
}

#[tokio::test]
async fn at_a_completion() -> Result<()> {
    operation_survives(Operation::Completion).await
}

#[tokio::test]
async fn at_the_refusal_of_a_completion() -> Result<()> {
    operation_survives(Operation::Refusal).await
}

#[tokio::test]
async fn at_an_inspection() -> Result<()> {
    operation_survives(Operation::Inspection).await
}

#[tokio::test]
async fn at_an_inspection_of_bad_content() -> Result<()> {
    operation_survives(Operation::Failure).await
}

#[tokio::test]
async fn at_a_commit() -> Result<()> {
    operation_survives(Operation::Commit).await
}

#[tokio::test]
async fn at_a_cancellation() -> Result<()> {
    operation_survives(Operation::Cancellation).await
}

#[tokio::test]
async fn at_a_restoration() -> Result<()> {
    operation_survives(Operation::Restoration).await
}

#[tokio::test]
async fn at_the_creation_of_a_dataset() -> Result<()> {
    operation_survives(Operation::Creation).await
}

#[tokio::test]
async fn at_the_renaming_of_a_dataset() -> Result<()> {
    operation_survives(Operation::Renaming).await
}

#[tokio::test]
async fn at_the_deletion_of_a_dataset() -> Result<()> {
    operation_survives(Operation::Deletion).await
}

#[tokio::test]
async fn at_a_round_of_the_reaper() -> Result<()> {
    operation_survives(Operation::Reaping).await
}

/// Many at once, since each is waited for.
#[tokio::test]
async fn a_write_without_an_answer_is_given_up_and_made_again() -> Result<()> {
    let each = Operation::ALL
        .iter()
        .flat_map(|operation| operation.writes().iter().map(|write| (*operation, *write)));
    let survivals =
        each.map(async |(operation, write)| survives(operation, &[write], &[Fault::Hang]).await);
    stream::iter(survivals)
        .map(Ok)
        .try_for_each_concurrent(AT_ONCE, |survival| survival)
        .await
}
