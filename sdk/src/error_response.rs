//! Error responses, classified by their raw body.
//!
//! The schema requires no member of an error body, so any JSON object of a proxy would decode to an empty list of
//! errors, and any other body would lose its status. The hook below therefore reads the body before the generated code
//! does, and wraps a body that is not the API's into the schema, marked with [`UNEXPECTED`].

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::FutureExt;
use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use reqwest::{Request, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use crate::error::{ApiError, Error, Peer, Proxy};
use crate::generated::types::{Change, HttpValidationError};
use crate::idempotency::add_key;
use crate::network;
use crate::request_log;
use crate::retry::retry_after;

/// `type` of the error that stands for a response that is not the API's.
const UNEXPECTED: &str = "unexpected_response";

/// Maximum bytes of an error body that are read; those of the API are far smaller.
const MAX_ERROR_BODY: usize = 1024 * 1024;

/// Maximum characters of an unexpected response that are kept.
const MAX_MESSAGE_LENGTH: usize = 200;

/// Error body of the server's router for an unknown path.
#[derive(Deserialize)]
struct RouterError {
    request_id: String,
    message: String,
}

impl ClientHooks<()> for crate::generated::Client {
    async fn exec(&self, mut request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        add_key(&mut request, info.operation_id);
        let (method, url) = (request.method().clone(), request.url().clone());
        let started = Instant::now();
        let outcome = self.client.execute(request).await;
        request_log::record(&method, &url, started, &outcome);
        let mut response = outcome?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while body.len() < MAX_ERROR_BODY
            && let Some(chunk) = response.chunk().await?
        {
            body.extend_from_slice(&chunk);
        }
        let body = Bytes::from(body);
        let body = if api_errors(&body).is_empty() {
            unexpected(&body, network::proxy_of(&url).as_ref())
        } else {
            body
        };
        Ok(rebuilt(status, headers, body))
    }
}

fn api_errors(body: &[u8]) -> Vec<ApiError> {
    serde_json::from_slice::<HttpValidationError>(body)
        .unwrap_or_default()
        .detail
}

fn unexpected(body: &[u8], proxy: Option<&Proxy>) -> Bytes {
    let message = match serde_json::from_slice::<RouterError>(body) {
        Ok(RouterError {
            request_id,
            message,
        }) => format!("{message} (request {request_id})"),
        // A server that echoes the request echoes the token.
        Err(_) if String::from_utf8_lossy(body).contains("Bearer ") => String::new(),
        Err(_) => String::from_utf8_lossy(body)
            .trim()
            .chars()
            .take(MAX_MESSAGE_LENGTH)
            .collect(),
    };
    let ctx = serde_json::json!({ "proxy": proxy });
    serde_json::json!({"detail": [{"loc": [], "msg": message, "type": UNEXPECTED, "ctx": ctx}]})
        .to_string()
        .into()
}

fn rebuilt(status: StatusCode, mut headers: HeaderMap, body: Bytes) -> Response {
    for header in [CONTENT_LENGTH, CONTENT_ENCODING, TRANSFER_ENCODING] {
        headers.remove(header);
    }
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.into()
}

impl From<progenitor_client::Error<HttpValidationError>> for Error {
    fn from(error: progenitor_client::Error<HttpValidationError>) -> Self {
        use progenitor_client::Error as Generated;
        match error {
            Generated::InvalidRequest(message) | Generated::Custom(message) => {
                Self::InvalidRequest(message)
            }
            Generated::CommunicationError(error)
            | Generated::InvalidUpgrade(error)
            | Generated::ResponseBodyError(error) => Self::transport(Peer::Api, error),
            Generated::ErrorResponse(response) => {
                let (status, retry_after) = (response.status(), retry_after(response.headers()));
                api_error(status, retry_after, response.into_inner().detail)
            }
            // serde_json's message quotes values, and a value may be a signed URL.
            Generated::InvalidResponsePayload(_, error) => {
                let (line, column) = (error.line(), error.column());
                Self::InvalidResponse(format!(
                    "it does not conform to the API's schema at line {line}, column {column}"
                ))
            }
            Generated::UnexpectedResponse(response) => undocumented(response),
        }
    }
}

/// A response with a status that the document does not list for the operation.
fn undocumented(response: Response) -> Error {
    let status = response.status();
    if status.is_success() {
        return Error::InvalidResponse(format!("unexpected status {status}"));
    }
    let retry_after = retry_after(response.headers());
    // The hook has read the whole body into memory, so the future is ready.
    let body = response
        .bytes()
        .now_or_never()
        .and_then(Result::ok)
        .unwrap_or_default();
    api_error(status, retry_after, api_errors(&body))
}

fn api_error(
    status: StatusCode,
    retry_after: Option<Duration>,
    mut errors: Vec<ApiError>,
) -> Error {
    match errors.first_mut() {
        None => Error::UnexpectedResponse {
            status,
            message: String::new(),
            retry_after,
            proxy: None,
        },
        Some(first) if first.type_ == UNEXPECTED => unexpected_response(status, retry_after, first),
        Some(first) => breaking_change(first).unwrap_or(Error::Api {
            status,
            errors,
            retry_after,
        }),
    }
}

/// The error of a body that [`unexpected`] wrapped.
fn unexpected_response(
    status: StatusCode,
    retry_after: Option<Duration>,
    error: &mut ApiError,
) -> Error {
    let context = error.ctx.get("proxy");
    let proxy = context.and_then(|proxy| Proxy::deserialize(proxy).ok());
    match proxy {
        Some(proxy) if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            Error::unauthenticated_proxy(Peer::Api, proxy)
        }
        proxy => Error::UnexpectedResponse {
            status,
            message: std::mem::take(&mut error.msg),
            retry_after,
            proxy: proxy.map(Box::new),
        },
    }
}

/// The typed error of a commit that the policy of the dataset refuses; `None` if it is another error, or lacks a change.
fn breaking_change(error: &ApiError) -> Option<Error> {
    if error.type_ != "breaking_change" {
        return None;
    }
    let changes = Vec::<Change>::deserialize(error.ctx.get("changes")?).ok()?;
    let total = error.ctx.get("total").and_then(Value::as_u64);
    Some(Error::BreakingChange {
        current_version: error.ctx.get("current_version").and_then(Value::as_i64),
        total: total.unwrap_or(changes.len() as u64),
        changes,
    })
}
