//! What operations run with, and the form of their results.

use bytes::Bytes;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::engine::Clients;
use crate::failure::Failure;
use crate::reporter::Reporter;

/// What an operation runs with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Clients of the server.
    pub clients: &'a Clients,
    /// Receives progress and events.
    pub reporter: &'a Reporter,
    /// Stops the operation.
    pub cancelled: &'a CancellationToken,
}

/// A result as JSON.
///
/// # Errors
/// If it has no form in JSON.
pub fn document(result: &impl Serialize) -> Result<Bytes, Failure> {
    serde_json::to_vec(result)
        .map(Bytes::from)
        .map_err(|error| Failure::internal(&format!("cannot encode the result: {error}")))
}
