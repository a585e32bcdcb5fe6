//! `restow login` and `restow logout`.

use std::io::{self, ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use reqwest::Url;
use serde_json::json;

use crate::context;
use crate::credentials::{self, Credentials};
use crate::environment::trimmed;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::output::{self, Output};
use crate::profile::Profile;
use restow_sdk::Error;

/// Maximum length of a token, in bytes.
const MAX_TOKEN_LENGTH: u64 = 64 * 1024;

/// Arguments of `restow login`.
#[derive(Args, Debug)]
pub struct LoginArguments {
    /// Read the token from standard input instead of prompting for it
    #[arg(long)]
    pub token_stdin: bool,
}

/// Prompts for missing values, checks the token with the server, and stores both.
pub async fn login(
    global: &GlobalArguments,
    arguments: LoginArguments,
    output: Output,
) -> Result<()> {
    let profile = global.profile()?;
    let endpoint = match credentials::given_endpoint(global, &profile) {
        Some((endpoint, _)) => endpoint,
        None => prompt_for_endpoint(credentials::server(global)?.0).await?,
    };
    let endpoint = credentials::server_url(&endpoint)?;
    let token = if arguments.token_stdin {
        read_token().await?
    } else {
        prompt_for_token().await?
    };
    warn_about_plain_http(&endpoint, output);
    // Later commands run in other directories.
    let ca_file = global.ca_file.as_ref().map(std::path::absolute);
    let credentials = Credentials {
        endpoint,
        token: trimmed(&token).to_string(),
        ca_file: ca_file.transpose()?,
    };

    let client = context::quick_client(&credentials)?;
    client.call(|| client.api().get_caller().send()).await?;
    let path = credentials.store(&profile)?;
    if credentials::given_token(&profile).is_some() {
        output.warn("RESTOW_TOKEN is set and overrides the token that was just stored");
    }
    report(&credentials, &profile, &path, output)
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
