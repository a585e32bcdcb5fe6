//! `restow api`: any request to the API, with the token.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, StatusCode};

use crate::context::Context;
use crate::exit;
use crate::failure::Failure;
use crate::output;
use restow_sdk::{Error, Network, Peer};

/// Maximum length of a body, in bytes; the API takes far less.
const MAX_BODY_LENGTH: u64 = 64 * 1024 * 1024;

/// Arguments of `restow api`.
#[derive(Args, Debug)]
pub struct ApiArguments {
    /// Method of the request, such as GET or POST
    #[arg(value_parser = method)]
    pub method: Method,
    /// Path of the API with its query, such as `/datasets?limit=10`; `/api` in front of it may be left out
    #[arg(value_parser = path)]
    pub path: String,
    /// File with the body of the request, which is JSON; `-` for standard input
    #[arg(long, short, value_name = "FILE|-")]
    pub input: Option<PathBuf>,
}

/// Sends a request once, and prints the body of the response as it is.
///
/// # Errors
/// Without a response, or with an exit code for its status if that is an error; the body is printed nevertheless.
pub async fn run(context: Context, arguments: ApiArguments) -> Result<()> {
    let mut request = context.client.request(arguments.method, &arguments.path);
    if let Some(input) = arguments.input {
        let json = HeaderValue::from_static("application/json");
        let body = tokio::task::spawn_blocking(move || read(&input)).await??;
        request = request.header(CONTENT_TYPE, json).body(body);
    }
    let transport = |error| Error::transport(Peer::Api, error);
    let response = Network::send(request).await.map_err(transport)?;
    let status = response.status();
    let body = response.bytes().await.map_err(transport)?;
    output::write_bytes(&body)?;
    match exit_code(status) {
        0 => Ok(()),
        code => {
            output::print_stderr(format_args!("the API responded with {status}"));
            Err(Failure::Reported(code).into())
        }
    }
}

fn read(input: &Path) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    let read = if input.as_os_str() == "-" {
        io::stdin().take(MAX_BODY_LENGTH).read_to_end(&mut body)
    } else {
        fs::File::open(input).and_then(|file| file.take(MAX_BODY_LENGTH).read_to_end(&mut body))
    };
    read.with_context(|| format!("cannot read {}", input.display()))?;
    Ok(body)
}

/// The exit code for a status, as other commands have it.
fn exit_code(status: StatusCode) -> u8 {
    match status.as_u16() {
        ..=399 => 0,
        401 | 403 => exit::LOGIN,
        404 => exit::NOT_FOUND,
        409 => exit::CONFLICT,
        422 => exit::USAGE,
        408 | 500.. => exit::UNREACHABLE,
        _ => exit::OTHER,
    }
}

fn method(text: &str) -> Result<Method, &'static str> {
    let expected = "expected a method of HTTP, such as GET";
    let is_name = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_name {
        return Err(expected);
    }
    text.to_ascii_uppercase().parse().map_err(|_| expected)
}

/// The path from the API on. A URL is refused: the token is sent to the server of the endpoint only.
fn path(text: &str) -> Result<String, &'static str> {
    if text.split('?').next().unwrap_or_default().contains("://") {
        return Err("expected a path such as /datasets, without the URL of the server");
    }
    let path = text.trim_start_matches('/');
    let path = path.strip_prefix("api/").unwrap_or(path);
    Ok(format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_below_the_api() {
        for text in [
            "datasets?limit=1",
            "/datasets?limit=1",
            "/api/datasets?limit=1",
        ] {
            assert_eq!(path(text).unwrap(), "/datasets?limit=1");
        }
        assert!(path("https://other.example/api").is_err());
        assert_eq!(path("/x?next=http://a").unwrap(), "/x?next=http://a");
    }

    #[test]
    fn methods_are_words() {
        assert_eq!(method("get").unwrap(), Method::GET);
        assert!(method("GET /").is_err());
        assert!(method("").is_err());
    }
}
