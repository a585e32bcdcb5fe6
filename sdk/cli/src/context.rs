//! What every command works with.

use anyhow::Result;
use tokio_util::sync::CancellationToken;

use crate::credentials::Credentials;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::interrupt::{Work, unless_interrupted};
use crate::output::Output;
use crate::shell_word::shell_word;
use restow_sdk::{Client, RetryPolicy};

/// Tries after the first of what a person waits for: enough for a hiccup, over within seconds.
const QUICK_RETRIES: usize = 3;

/// The server, the output, and whether to stop.
pub struct Context {
    /// Client for what is done in a moment.
    pub client: Client,
    /// Client for uploads and downloads, which outlast a server that is away for minutes.
    pub transfers: Client,
    /// How results are printed.
    pub output: Output,
    /// Cancelled when the command is to stop.
    pub interrupt: CancellationToken,
    /// What another command needs to lead to the same server.
    options: String,
}

impl Context {
    /// Puts one together for the server and with the token that the arguments, the environment or the file name.
    ///
    /// # Errors
    /// If none is named, or the endpoint or the token is none.
    pub fn new(
        global: &GlobalArguments,
        output: Output,
        interrupt: CancellationToken,
    ) -> Result<Self> {
        let credentials = Credentials::find(global)?;
        let client = quick_client(&credentials)?;
        let transfers = client.with_retry(RetryPolicy::default());
        let endpoint = global.endpoint_of_command_line();
        let options = endpoint
            .map(|endpoint| format!(" --endpoint {}", shell_word(endpoint)))
            .unwrap_or_default();
        Ok(Self {
            client,
            transfers,
            output,
            interrupt,
            options,
        })
    }

    /// What `work` comes to, unless the command is interrupted meanwhile.
    pub fn run<'a, T: 'a>(&'a self, work: impl Future<Output = Result<T>> + 'a) -> Work<'a, T> {
        unless_interrupted(&self.interrupt, work)
    }

    /// The failure of having been interrupted, with a command by which to go on, after what it does.
    pub fn interrupted(&self, effect: &str, command: &str) -> anyhow::Error {
        Failure::Interrupted(Some(format!("{effect}: {command}{}", self.options))).into()
    }
}

/// A client that gives up within seconds.
pub fn quick_client(credentials: &Credentials) -> Result<Client> {
    let retry = RetryPolicy {
        retries: QUICK_RETRIES,
        ..RetryPolicy::default()
    };
    Ok(credentials.client().retry(retry).build()?)
}
