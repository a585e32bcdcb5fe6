//! What every command works with.

use anyhow::Result;
use tokio_util::sync::CancellationToken;

use super::credentials::Credentials;
use super::failure::Failure;
use super::interrupt::{Work, unless_interrupted};
use super::output::Output;
use crate::{Client, RetryPolicy};

/// Tries after the first of what a person waits for: enough for a hiccup, over within seconds.
const QUICK_RETRIES: usize = 3;

/// The server, the output, and whether to stop.
pub struct App {
    /// Client for what is done in a moment.
    pub client: Client,
    /// Client for uploads and downloads, which outlast a server that is away for minutes.
    pub transfers: Client,
    /// How results are printed.
    pub output: Output,
    /// Cancelled when the command is to stop.
    pub interrupt: CancellationToken,
}

impl App {
    /// Puts one together for the server and with the token of `credentials`.
    ///
    /// # Errors
    /// If the endpoint or the token is none.
    pub fn new(credentials: &Credentials, output: Output, interrupt: CancellationToken) -> Result<Self> {
        Ok(Self { client: quick(credentials)?, transfers: credentials.client().build()?, output, interrupt })
    }

    /// What `work` comes to, unless the command is interrupted meanwhile.
    pub fn run<'a, T: 'a>(&'a self, work: impl Future<Output = Result<T>> + 'a) -> Work<'a, T> {
        unless_interrupted(&self.interrupt, work)
    }

    /// The failure of having been interrupted, with what can be done to go on.
    pub fn interrupted(advice: String) -> anyhow::Error {
        Failure::Interrupted(Some(advice)).into()
    }
}

/// A client that gives up within seconds.
pub fn quick(credentials: &Credentials) -> Result<Client> {
    let retry = RetryPolicy { retries: QUICK_RETRIES, ..RetryPolicy::default() };
    Ok(credentials.client().retry(retry).build()?)
}
