//! `restow login` and `restow logout`.

use std::io::{self, ErrorKind, Read};

use anyhow::{Context, Result};
use clap::Args;
use reqwest::Url;
use serde_json::json;

use crate::context;
use crate::credentials::{self, Credentials};
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::output::{self, Output};
use restow_sdk::Error;

/// Longest token that is read, in bytes.
const LONGEST_TOKEN: u64 = 64 * 1024;

/// Arguments of `restow login`.
#[derive(Args, Debug)]
pub struct LoginArguments {
    /// Read the token from the standard input instead of asking for it
    #[arg(long)]
    pub token_stdin: bool,
}

/// Asks for what the arguments do not tell, tries it, and keeps it.
pub async fn login(
    global: &GlobalArguments,
    arguments: LoginArguments,
    output: Output,
) -> Result<()> {
    let endpoint = match global.endpoint() {
        Some(endpoint) => endpoint.to_string(),
        None => ask_for_endpoint(credentials::endpoint(global)).await?,
    };
    credentials::base_url(&endpoint)?;
    let token = if arguments.token_stdin {
        read_token().await?
    } else {
        ask_for_token().await?
    };
    let credentials = Credentials {
        endpoint: endpoint.trim_end_matches('/').to_string(),
        token,
    };
    warn_of_plain_http(&endpoint, output);

    let client = context::quick_client(&credentials)?;
    client
        .call(|| client.api().list_datasets().limit(1_u64).send())
        .await?;
    let path = credentials.store()?;
    if credentials::token_of_environment().is_some() {
        output.warn("RESTOW_TOKEN is set, and is used instead of the token that was just kept");
    }
    let document = json!({ "endpoint": &credentials.endpoint, "path": &path });
    let text = format!(
        "logged in to {}; the token is kept in {}",
        credentials.endpoint,
        path.display()
    );
    output.message(&document, text)
}

/// Removes what was kept.
pub fn logout(output: Output) -> Result<()> {
    let forgotten = credentials::forget()?;
    if credentials::token_of_environment().is_some() {
        output.warn("RESTOW_TOKEN is still set");
    }
    let text = if forgotten {
        "logged out"
    } else {
        "was not logged in"
    };
    output.message(&json!({ "logged_out": forgotten }), text)
}

async fn ask_for_endpoint(kept: Option<String>) -> Result<String> {
    if !output::can_ask() {
        return Err(Failure::Usage(
            "there is no terminal to ask for the server; name it with --endpoint".to_string(),
        )
        .into());
    }
    let offered = kept
        .as_ref()
        .map_or_else(String::new, |kept| format!(" [{kept}]"));
    let answer = output::ask(format!("Server's URL{offered}: ")).await?;
    match (answer.is_empty(), kept) {
        (true, Some(kept)) => Ok(kept),
        (true, None) => Err(Error::InvalidEndpoint.into()),
        (false, _) => Ok(answer),
    }
}

async fn ask_for_token() -> Result<String> {
    if !output::can_ask() {
        let problem = "there is no terminal to ask for the token; give it to --token-stdin";
        return Err(Failure::Usage(problem.to_string()).into());
    }
    let asked =
        tokio::task::spawn_blocking(|| rpassword::prompt_password("Token (not shown): ")).await?;
    match asked {
        Ok(token) => Ok(token.trim().to_string()),
        Err(error) if error.kind() == ErrorKind::Interrupted => {
            Err(Failure::Interrupted(None).into())
        }
        Err(error) => Err(error).context("cannot ask for the token"),
    }
}

async fn read_token() -> Result<String> {
    let read = tokio::task::spawn_blocking(|| {
        let mut token = String::new();
        io::stdin()
            .take(LONGEST_TOKEN)
            .read_to_string(&mut token)
            .map(|_| token)
    });
    let token = read
        .await?
        .context("cannot read the token from the standard input")?;
    Ok(token.trim().to_string())
}

fn warn_of_plain_http(endpoint: &str, output: Output) {
    let Ok(url) = Url::parse(endpoint) else {
        return;
    };
    let host = url.host_str().unwrap_or_default();
    let is_here = host == "localhost" || host.starts_with("127.") || host == "[::1]";
    if url.scheme() == "http" && !is_here {
        output.warn("over plain http, everybody on the way can read the token");
    }
}
