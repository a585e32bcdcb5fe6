//! `restow open`: shows a page of the server in a browser.

use std::process::{Command, Stdio};

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::credentials;
use crate::environment::variable;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::output::Output;

/// Arguments of `restow open`.
#[derive(Args, Debug)]
pub struct OpenArguments {
    /// Print the URL, and start no browser
    #[arg(long, short = 'n')]
    pub no_browser: bool,
}

/// Opens the API console of the server, and prints its URL.
///
/// # Errors
/// If there is no endpoint, or the output is closed. A browser that does not start is no error: the URL is printed.
pub fn run(global: &GlobalArguments, arguments: &OpenArguments, output: Output) -> Result<()> {
    let (endpoint, _) = credentials::server(global)?;
    let (endpoint, _) = endpoint.ok_or(Failure::NotLoggedIn)?;
    let url = format!("{}/docs", credentials::server_url(&endpoint)?);
    let is_opened = !arguments.no_browser && start_browser(&url);
    if !is_opened && !arguments.no_browser {
        output.note("no browser was found; open this URL:");
    }
    let document = json!({ "url": url, "is_opened": is_opened });
    output.result(&document, &url, &url)
}

/// Starts a browser. Returns whether one was found.
fn start_browser(url: &str) -> bool {
    let Some((program, arguments)) = browser() else {
        return false;
    };
    let started = Command::new(program)
        .args(arguments)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    started.is_ok()
}

/// The program that opens URLs, and its first arguments: that of `BROWSER`, or that of the system where it has a screen.
fn browser() -> Option<(String, &'static [&'static str])> {
    if let Some(program) = variable("BROWSER") {
        return Some((program, &[]));
    }
    if cfg!(target_os = "macos") {
        return Some(("open".to_string(), &[]));
    }
    if cfg!(windows) {
        return Some(("rundll32".to_string(), &["url.dll,FileProtocolHandler"]));
    }
    let has_screen = variable("DISPLAY").or_else(|| variable("WAYLAND_DISPLAY"));
    has_screen.map(|_| ("xdg-open".to_string(), &[][..]))
}
