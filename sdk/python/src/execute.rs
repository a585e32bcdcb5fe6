//! Runs an operation.

use bytes::Bytes;

use crate::context::Context;
use crate::failure::Failure;
use crate::operation::{Content, Operation, TransferOperation};
use crate::{dataset, event, grant, job, pull, push, token, trust, webhook};

/// Runs an operation, and returns its result: JSON, or the bytes of [`TransferOperation::Read`].
///
/// # Errors
/// Those of the SDK as failures.
pub async fn execute(
    context: Context<'_>,
    operation: Operation,
    data: Option<Content>,
) -> Result<Bytes, Failure> {
    let client = &context.clients.quick;
    match operation {
        Operation::Dataset(operation) => dataset::run(client, operation).await,
        Operation::Job(operation) => job::run(context.clients, operation).await,
        Operation::Transfer(TransferOperation::Push(request)) => {
            push::run(context, &request, data).await
        }
        Operation::Transfer(TransferOperation::Pull(request)) => {
            pull::into_file(context, &request, data).await
        }
        Operation::Transfer(TransferOperation::Read(request)) => {
            pull::into_memory(context, &request).await
        }
        Operation::Token(operation) => token::run(client, operation).await,
        Operation::Grant(operation) => grant::run(client, operation).await,
        Operation::Trust(operation) => trust::run(client, operation).await,
        Operation::Event(operation) => event::run(client, operation).await,
        Operation::Webhook(operation) => webhook::run(client, operation).await,
    }
}
