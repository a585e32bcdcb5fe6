//! Runs an operation.

use bytes::Bytes;

use crate::context::Context;
use crate::failure::Failure;
use crate::operation::{Content, Operation, TransferOperation};
use crate::{dataset, job, pull, push};

/// Runs an operation, and returns its result: JSON, or the bytes of [`TransferOperation::Read`].
///
/// # Errors
/// Those of the SDK as failures.
pub async fn execute(
    context: Context<'_>,
    operation: Operation,
    data: Option<Content>,
) -> Result<Bytes, Failure> {
    match operation {
        Operation::Dataset(operation) => dataset::run(&context.clients.quick, operation).await,
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
    }
}
