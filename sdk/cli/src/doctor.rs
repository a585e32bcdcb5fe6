//! `restow doctor`: looks whether everything works, from here to S3 and back.

mod clock;
mod copy;
mod cors;
mod finding;
mod http;
mod server;
mod trial;

use anyhow::Result;
use clap::Args;
use reqwest::header::HeaderValue;
use tokio_util::sync::CancellationToken;

use self::finding::{Finding, Findings};
use self::trial::Trial;
use crate::context;
use crate::credentials::{self, Credentials};
use crate::error_code::exit_code;
use crate::exit;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::interrupt::unless_interrupted;
use crate::output::Output;

/// Arguments of `restow doctor`.
#[derive(Args, Debug)]
pub struct DoctorArguments {
    /// Origin whose web pages are to upload to S3, for example `https://app.example`
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub origin: Option<HeaderValue>,
}

/// Runs all checks, and removes what they made.
pub async fn run(
    global: &GlobalArguments,
    arguments: &DoctorArguments,
    output: Output,
    interrupt: &CancellationToken,
) -> Result<()> {
    let mut findings = Findings::new(output);
    let outcome = examine(global, arguments, &mut findings, interrupt).await;
    let printed = findings.finish();
    match outcome.and(printed) {
        Err(error) if exit_code(&error) != 0 => Err(error),
        // Also where nobody has read all of it.
        _ if findings.any_failed() => Err(Failure::Told(exit::OTHER).into()),
        outcome => outcome,
    }
}

async fn examine(
    global: &GlobalArguments,
    arguments: &DoctorArguments,
    findings: &mut Findings,
    interrupt: &CancellationToken,
) -> Result<()> {
    let http = http::client()?;
    let Some(server) = server_url(global, findings)? else {
        return Ok(());
    };
    if !unless_interrupted(interrupt, server::examine(&http, &server, findings)).await? {
        return Ok(());
    }
    let client = match Credentials::find(global)
        .and_then(|credentials| context::quick_client(&credentials))
    {
        Ok(client) => client,
        Err(error) => return findings.add(Finding::of_error("token", &error)),
    };
    if !unless_interrupted(interrupt, server::examine_token(&client, findings)).await? {
        return Ok(());
    }
    // What is made must be known, so that it can be removed: this is not to be interrupted half way.
    let Some(trial) = Trial::begin(client, http, findings).await? else {
        return Ok(());
    };
    let outcome = unless_interrupted(
        interrupt,
        trial.examine(arguments.origin.as_ref(), findings),
    )
    .await;
    let ended = trial.end(findings).await;
    outcome.and(ended)
}

/// URL of the server, without `/api`.
fn server_url(global: &GlobalArguments, findings: &mut Findings) -> Result<Option<String>> {
    let Some(endpoint) = credentials::endpoint(global) else {
        findings.add(Finding::of_error("server", &Failure::NotLoggedIn.into()))?;
        return Ok(None);
    };
    match credentials::base_url(&endpoint) {
        Ok(base_url) => Ok(base_url.strip_suffix("/api").map(str::to_string)),
        Err(error) => {
            findings.add(Finding::of_error("server", &error.into()))?;
            Ok(None)
        }
    }
}

fn origin(text: &str) -> Result<HeaderValue, &'static str> {
    let should = "should be an origin like https://app.example";
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .ok_or(should)?;
    let is_host = !rest.is_empty() && !rest.contains(['/', '?', '#', '@']);
    if !is_host {
        return Err(should);
    }
    HeaderValue::from_str(&text.to_ascii_lowercase()).map_err(|_| should)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn origins_have_a_scheme_and_a_host_and_no_more() {
        assert_eq!(
            origin("https://Context.example:8443").unwrap(),
            "https://app.example:8443"
        );
        for odd in [
            "app.example",
            "https://",
            "https://app.example/",
            "ftp://app.example",
            "https://a@b",
            "https://a\nb",
        ] {
            assert!(origin(odd).is_err(), "{odd:?}");
        }
    }

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        global: GlobalArguments,
    }

    #[test]
    fn the_server_of_an_endpoint_is_what_is_before_the_api() {
        for (endpoint, server) in [
            ("https://restow.example", "https://restow.example"),
            ("https://restow.example/api/", "https://restow.example"),
            ("http://api", "http://api"),
            ("http://api/api/api", "http://api/api"),
        ] {
            let global = Command::parse_from(["doctor", "--endpoint", endpoint]).global;
            let mut findings = Findings::new(Output::default());
            assert_eq!(
                server_url(&global, &mut findings).unwrap().as_deref(),
                Some(server),
                "{endpoint}"
            );
        }
    }
}
