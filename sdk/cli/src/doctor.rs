//! `restow doctor`: checks everything that an upload needs.

mod clock;
mod copy;
mod cors;
mod finding;
mod http;
mod put_part;
mod route;
mod server;
mod test_upload;

use anyhow::Result;
use clap::Args;
use reqwest::header::HeaderValue;
use tokio_util::sync::CancellationToken;

use self::finding::{Finding, Findings};
use self::test_upload::TestUpload;
use crate::context;
use crate::credentials::{self, Credentials};
use crate::error_code::exit_code;
use crate::exit;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::interrupt::unless_interrupted;
use crate::output::Output;
use restow_sdk::Network;

/// Arguments of `restow doctor`.
#[derive(Args, Debug)]
pub struct DoctorArguments {
    /// Check that web pages of this origin can upload to S3, for example `https://app.example`
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub origin: Option<HeaderValue>,
}

/// Runs all checks, and deletes the dataset that they create.
pub async fn run(
    global: &GlobalArguments,
    arguments: &DoctorArguments,
    output: Output,
    interrupt: &CancellationToken,
) -> Result<()> {
    let mut findings = Findings::new(output);
    let outcome = check(global, arguments, &mut findings, interrupt).await;
    let printed = findings.finish();
    match outcome.and(printed) {
        Err(error) if exit_code(&error) != 0 => Err(error),
        // A failed check decides the exit code also where the reader of the output has closed it.
        _ if findings.any_failed() => Err(Failure::Reported(exit::OTHER).into()),
        outcome => outcome,
    }
}

async fn check(
    global: &GlobalArguments,
    arguments: &DoctorArguments,
    findings: &mut Findings,
    interrupt: &CancellationToken,
) -> Result<()> {
    let Some((server, network)) = server_and_network(global, findings)? else {
        return Ok(());
    };
    findings.add(route::finding("server_proxy", &network, &server))?;
    let http = http::client(&network)?;
    if !unless_interrupted(interrupt, server::check(&http, &server, findings)).await? {
        return Ok(());
    }
    let client = match Credentials::find(global)
        .and_then(|found| context::quick_client(&found.credentials))
    {
        Ok(client) => client,
        Err(error) => return findings.add(Finding::of_error("token", &error)),
    };
    if !unless_interrupted(interrupt, server::check_token(&client, findings)).await? {
        return Ok(());
    }
    // Not interruptible: the id of a dataset that was created must be known, so that it can be deleted.
    let Some(upload) = TestUpload::create(client, http, network, findings).await? else {
        return Ok(());
    };
    let outcome =
        unless_interrupted(interrupt, upload.check(arguments.origin.as_ref(), findings)).await;
    let deleted = upload.delete(findings).await;
    outcome.and(deleted)
}

/// URL of the server, without `/api`, and the way to it; `None` if that is not known, which is then a finding.
fn server_and_network(
    global: &GlobalArguments,
    findings: &mut Findings,
) -> Result<Option<(String, Network)>> {
    let (endpoint, ca_file) = credentials::server(global)?;
    let Some((endpoint, _)) = endpoint else {
        findings.add(Finding::of_error("server", &Failure::NotLoggedIn.into()))?;
        return Ok(None);
    };
    let found = credentials::server_url(&endpoint).and_then(|server| {
        let network = Network::from_environment()?;
        match &ca_file {
            Some(file) => Ok((server, network.trusting(file)?)),
            None => Ok((server, network)),
        }
    });
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) => {
            findings.add(Finding::of_error("server", &error.into()))?;
            Ok(None)
        }
    }
}

fn origin(text: &str) -> Result<HeaderValue, &'static str> {
    let expected = "expected an origin such as https://app.example";
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .ok_or(expected)?;
    let is_host = !rest.is_empty() && !rest.contains(['/', '?', '#', '@']);
    if !is_host {
        return Err(expected);
    }
    HeaderValue::from_str(&text.to_ascii_lowercase()).map_err(|_| expected)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn origin_is_scheme_and_host_only() {
        assert_eq!(
            origin("https://App.example:8443").unwrap(),
            "https://app.example:8443"
        );
        for invalid in [
            "app.example",
            "https://",
            "https://app.example/",
            "ftp://app.example",
            "https://a@b",
            "https://a\nb",
        ] {
            assert!(origin(invalid).is_err(), "{invalid:?}");
        }
    }

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        global: GlobalArguments,
    }

    #[test]
    fn server_url_ends_before_api() {
        for (endpoint, server) in [
            ("https://restow.example", "https://restow.example"),
            ("https://restow.example/api/", "https://restow.example"),
            ("http://api", "http://api"),
            ("http://api/api/api", "http://api/api"),
        ] {
            let global = Command::parse_from(["doctor", "--endpoint", endpoint]).global;
            let mut findings = Findings::new(Output::default());
            assert_eq!(
                server_and_network(&global, &mut findings)
                    .unwrap()
                    .map(|(server, _)| server)
                    .as_deref(),
                Some(server),
                "{endpoint}"
            );
        }
    }
}
