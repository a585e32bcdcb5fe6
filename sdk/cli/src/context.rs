//! What commands share: clients, output format, interruption.

use anyhow::Result;
use tokio_util::sync::CancellationToken;

use crate::ci::CiLogin;
use crate::credentials::Credentials;
use crate::delay::DelayLines;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::interrupt::{Work, unless_interrupted};
use crate::output::Output;
use restow_sdk::{Client, Error, RetryPolicy};

/// Retries of short requests: they fail within seconds.
const MAX_QUICK_RETRIES: usize = 3;

/// What a command needs besides its arguments.
pub struct Context {
    /// Client for short requests.
    pub client: Client,
    /// Client for uploads and downloads, which retries for minutes while a server is unreachable.
    pub transfers: Client,
    /// Format of results and errors.
    pub output: Output,
    /// What is printed while a call is delayed.
    pub delays: DelayLines,
    /// Cancelled by Ctrl-C, SIGTERM and SIGHUP.
    pub interrupt: CancellationToken,
    /// How a token that has expired is replaced.
    ci_login: Option<CiLogin>,
    /// Options that a suggested command needs for the same server.
    server_options: String,
}

impl Context {
    /// A context for the server and token of the arguments, the environment or the credentials file.
    ///
    /// # Errors
    /// If there is no endpoint or no token, or one of them is invalid.
    pub fn new(
        global: &GlobalArguments,
        output: Output,
        interrupt: CancellationToken,
    ) -> Result<Self> {
        let credentials = Credentials::find(global)?.credentials;
        Self::with(&credentials, global, output, interrupt)
    }

    /// A context with a token of a CI job, which is renewed while a transfer lasts.
    ///
    /// # Errors
    /// Those of [`CiLogin::log_in`].
    pub async fn of_ci_job(
        global: &GlobalArguments,
        login: CiLogin,
        output: Output,
        interrupt: CancellationToken,
    ) -> Result<Self> {
        let (credentials, _) = login.log_in().await?;
        let context = Self::with(&credentials, global, output, interrupt)?;
        Ok(Self {
            ci_login: Some(login),
            ..context
        })
    }

    fn with(
        credentials: &Credentials,
        global: &GlobalArguments,
        output: Output,
        interrupt: CancellationToken,
    ) -> Result<Self> {
        let delays = DelayLines::new(output);
        let client = delays.of(&quick_client(credentials)?);
        let transfers = client.with_retry(RetryPolicy::default());
        Ok(Self {
            client,
            transfers,
            output,
            delays,
            interrupt,
            ci_login: None,
            server_options: global.server_options(),
        })
    }

    /// A client for transfers with another token, where the token of a CI job has expired.
    ///
    /// # Errors
    /// `error`, where it has another cause, and those of [`CiLogin::log_in`].
    pub async fn renewed_transfers(&self, error: Error) -> Result<Client> {
        let login = self.ci_login.as_ref();
        let Some(login) = login.filter(|_| error.is_unauthorized()) else {
            return Err(error.into());
        };
        let (credentials, _) = login.log_in().await?;
        let client = self.delays.of(&quick_client(&credentials)?);
        Ok(client.with_retry(RetryPolicy::default()))
    }

    /// Runs `work` until it ends or the command is interrupted.
    pub fn run<'a, T: 'a>(&'a self, work: impl Future<Output = Result<T>> + 'a) -> Work<'a, T> {
        unless_interrupted(&self.interrupt, work)
    }

    /// The failure of an interrupted command, with what is done so far, and a hint: `effect`, and the command to run next.
    pub fn interrupted(&self, done: Option<String>, effect: &str, command: &str) -> anyhow::Error {
        let hint = format!("{effect}: {command}{}", self.server_options);
        Failure::Interrupted {
            done,
            hint: Some(hint),
        }
        .into()
    }
}

/// A client whose retries end within seconds.
pub fn quick_client(credentials: &Credentials) -> Result<Client> {
    let retry = RetryPolicy {
        retries: MAX_QUICK_RETRIES,
        ..RetryPolicy::default()
    };
    Ok(credentials.client().retry(retry).build()?)
}
