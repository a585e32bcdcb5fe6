//! `restow login` and `restow logout`.

use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use reqwest::Url;
use serde_json::json;
use tokio::time::timeout;
use uuid::Uuid;

use crate::ci::CiLogin;
use crate::context;
use crate::credentials::{self, Credentials, Renewal};
use crate::device;
use crate::environment::trimmed;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::login_options::LoginOptions;
use crate::output::{self, Output};
use crate::printable::printable;
use crate::profile::Profile;
use crate::units;
use restow_sdk::Error;

/// Maximum length of a token, in bytes.
const MAX_TOKEN_LENGTH: u64 = 64 * 1024;

/// Timeout of the server's document about logins, without which a token is prompted for.
const OPTIONS_TIMEOUT: Duration = Duration::from_secs(5);

/// Arguments of `restow login`.
#[derive(Args, Debug)]
pub struct LoginArguments {
    /// Read the token from standard input instead of prompting for it
    #[arg(long)]
    pub token_stdin: bool,
    /// Prompt for a token of the server, even if it offers a login in the browser
    #[arg(long, conflicts_with = "token_stdin")]
    pub prompt: bool,
    /// Log in as a CI job, without a stored secret: a trust rule of the dataset must match the job
    #[arg(long, requires = "dataset", conflicts_with_all = ["token_stdin", "prompt"])]
    pub ci: bool,
    /// Identifier of the dataset that a CI job logs in to
    #[arg(long, value_name = "ID", requires = "ci")]
    pub dataset: Option<Uuid>,
    /// Audience of the CI job's token [default: the one that the server expects, which must be its own URL or host]
    #[arg(long, value_name = "TEXT", requires = "ci")]
    pub audience: Option<String>,
}

/// Prompts for missing values, checks the token with the server, and stores both.
pub async fn login(
    global: &GlobalArguments,
    arguments: LoginArguments,
    output: Output,
) -> Result<()> {
    if let (true, Some(dataset_id)) = (arguments.ci, arguments.dataset) {
        return of_ci_job(global, dataset_id, arguments.audience, output).await;
    }
    let profile = global.profile()?;
    let endpoint = match credentials::given_endpoint(global, &profile) {
        Some((endpoint, _)) => endpoint,
        None => prompt_for_endpoint(credentials::server(global)?.0).await?,
    };
    let endpoint = credentials::server_url(&endpoint)?;
    warn_about_plain_http(&endpoint, output);
    // Later commands run in other directories.
    let ca_file = global.ca_file.as_ref().map(std::path::absolute);
    let ca_file = ca_file.transpose()?;
    let (token, renewal) = obtain_token(&endpoint, ca_file.as_deref(), &arguments).await?;
    let credentials = Credentials {
        endpoint,
        token: trimmed(&token).to_string(),
        ca_file,
        renewal,
    };

    let client = context::quick_client(&credentials)?;
    client.call(|| client.api().get_caller().send()).await?;
    let path = credentials.store(&profile)?;
    if credentials::given_token(&profile).is_some() {
        output.warn("RESTOW_TOKEN is set and overrides the token that was just stored");
    }
    report(&credentials, &profile, &path, output)
}

/// The token, from the standard input, from an issuer, or from the terminal, and how it is renewed.
async fn obtain_token(
    endpoint: &str,
    ca_file: Option<&Path>,
    arguments: &LoginArguments,
) -> Result<(String, Option<Renewal>)> {
    if arguments.token_stdin {
        return Ok((read_token().await?, None));
    }
    if !arguments.prompt {
        // A server that is not reached, or has no such document, is found out with the token.
        let options = timeout(OPTIONS_TIMEOUT, LoginOptions::read(endpoint, ca_file)).await;
        let options = options.ok().and_then(Result::ok).unwrap_or_default();
        if let Some((issuer, device)) = options.device() {
            let issued = device::log_in(issuer, device, ca_file).await?;
            return Ok((issued.token, Some(issued.renewal)));
        }
    }
    Ok((prompt_for_token().await?, None))
}

/// Stores a token for a CI job, until it expires.
async fn of_ci_job(
    global: &GlobalArguments,
    dataset_id: Uuid,
    audience: Option<String>,
    output: Output,
) -> Result<()> {
    let profile = global.profile()?;
    let login = CiLogin::new(global, dataset_id, audience)?;
    let (credentials, exchanged) = login.log_in().await?;
    let path = credentials.store(&profile)?;
    let endpoint = &credentials.endpoint;
    let document = json!({
        "endpoint": endpoint,
        "profile": profile.name,
        "path": path,
        "name": exchanged.name,
        "expires_at": exchanged.expires_at,
    });
    let (expires, name) = (
        units::time(exchanged.expires_at),
        printable(&exchanged.name),
    );
    let text = format!("logged in to {endpoint} until {expires} as: {name}");
    output.message(&document, text)
}

fn report(credentials: &Credentials, profile: &Profile, path: &Path, output: Output) -> Result<()> {
    let endpoint = &credentials.endpoint;
    let document = json!({ "endpoint": endpoint, "profile": profile.name, "path": path });
    let path = path.display();
    let text = format!("logged in to {endpoint}; the token is stored in {path}");
    output.message(&document, text)
}

/// Deletes the stored endpoint and token.
pub fn logout(global: &GlobalArguments, output: Output) -> Result<()> {
    let profile = global.profile()?;
    let deleted = credentials::delete(&profile)?;
    if credentials::given_token(&profile).is_some() {
        output.warn("RESTOW_TOKEN is still set and will be used");
    }
    let text = if deleted {
        "logged out"
    } else {
        "was not logged in"
    };
    let document = json!({ "logged_out": deleted, "profile": profile.name });
    output.message(&document, text)
}

async fn prompt_for_endpoint(stored: Option<(String, String)>) -> Result<String> {
    let stored = stored.map(|(endpoint, _)| endpoint);
    if !output::can_prompt() {
        return Err(Failure::Usage(
            "there is no terminal to prompt for the URL of the server; pass --endpoint".to_string(),
        )
        .into());
    }
    let default = stored
        .as_ref()
        .map_or_else(String::new, |stored| format!(" [{stored}]"));
    let line = output::prompt(format!("URL of the server{default}: ")).await?;
    match (line.is_empty(), stored) {
        (true, Some(stored)) => Ok(stored),
        (true, None) => Err(Error::InvalidEndpoint.into()),
        (false, _) => Ok(line),
    }
}

async fn prompt_for_token() -> Result<String> {
    if !output::can_prompt() {
        let message = "there is no terminal to prompt for the token; pass it with --token-stdin";
        return Err(Failure::Usage(message.to_string()).into());
    }
    let token = tokio::task::spawn_blocking(|| {
        #[cfg(unix)]
        let _hidden = HiddenInput::begin()?;
        rpassword::prompt_password("Token (hidden): ")
    });
    let token = token.await?;
    match token {
        Ok(token) => Ok(token),
        Err(error) if error.kind() == ErrorKind::Interrupted => Err(Failure::INTERRUPTED.into()),
        Err(error) => Err(error).context("cannot read the token from the terminal"),
    }
}

/// The terminal without echo, until it is dropped. `rpassword` sets these modes only after its prompt: what is pasted at
/// once would be shown, and a Ctrl-C in between would end the process with the echo off.
#[cfg(unix)]
struct HiddenInput {
    terminal: std::fs::File,
    original: rustix::termios::Termios,
}

#[cfg(unix)]
impl HiddenInput {
    fn begin() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let terminal = std::fs::File::open("/dev/tty")?;
        let original = tcgetattr(&terminal)?;
        let mut hidden = original.clone();
        let modes = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
        hidden.local_modes.remove(modes);
        tcsetattr(&terminal, OptionalActions::Now, &hidden)?;
        Ok(Self { terminal, original })
    }
}

#[cfg(unix)]
impl Drop for HiddenInput {
    fn drop(&mut self) {
        let now = rustix::termios::OptionalActions::Now;
        // Nothing is left to be done about a terminal that is gone.
        let _ = rustix::termios::tcsetattr(&self.terminal, now, &self.original);
    }
}

async fn read_token() -> Result<String> {
    let read = tokio::task::spawn_blocking(|| {
        let mut token = String::new();
        io::stdin()
            .take(MAX_TOKEN_LENGTH)
            .read_to_string(&mut token)
            .map(|_| token)
    });
    read.await?
        .context("cannot read the token from standard input")
}

fn warn_about_plain_http(endpoint: &str, output: Output) {
    let Ok(url) = Url::parse(endpoint) else {
        return;
    };
    let host = url.host_str().unwrap_or_default();
    let is_local = host == "localhost" || host.starts_with("127.") || host == "[::1]";
    if url.scheme() == "http" && !is_local {
        output.warn("the endpoint uses plain HTTP: the token is sent unencrypted");
    }
}
