//! The HTTP client of the checks.

use std::time::Duration;

use anyhow::Result;
use reqwest::redirect;

use crate::report;

/// Timeout of connecting, and of each request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client that follows no redirects.
pub fn client() -> Result<reqwest::Client> {
    let builder = reqwest::Client::builder().redirect(redirect::Policy::none());
    Ok(builder.connect_timeout(TIMEOUT).timeout(TIMEOUT).build()?)
}

/// The message of a failed request, without its URL, which may be a signed one.
pub fn message(error: reqwest::Error) -> String {
    report::message(&anyhow::Error::new(error.without_url()))
}
