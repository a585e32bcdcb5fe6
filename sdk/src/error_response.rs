//! Answers that are no success, told apart by their raw body.
//!
//! The document demands nothing of an error body, so whatever object a proxy answers with would decode to an
//! empty list of faults, and whatever else it says would lose its status. The hook below therefore reads
//! the body before the generated code does, and puts what no operation has said into the one shape that
//! the generated code decodes, marked with [`UNEXPECTED`].

use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use reqwest::{Request, Response, StatusCode};
use serde::Deserialize;

use crate::error::{ApiError, Error, Peer};
use crate::generated::types::HttpValidationError;
use crate::retry::retry_after;

/// `type` of the fault that stands for an answer that no operation gave.
const UNEXPECTED: &str = "unexpected_response";

/// Most bytes of a refusal that are read; the API's own are far below.
const MAX_ERROR_BODY: usize = 1024 * 1024;

/// Most characters of a foreign answer that are kept.
const MAX_MESSAGE_LENGTH: usize = 200;

/// What the server's router answers where no operation is.
#[derive(Deserialize)]
struct RouterError {
    request_id: String,
    message: String,
}

impl ClientHooks<()> for crate::generated::Client {
    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        let mut response = self.client.execute(request).await?;
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
        let body = if faults(&body).is_empty() {
            unexpected(&body)
        } else {
            body
        };
        Ok(rebuilt(status, headers, body))
    }
}

fn faults(body: &[u8]) -> Vec<ApiError> {
    serde_json::from_slice::<HttpValidationError>(body)
        .unwrap_or_default()
        .detail
}

fn unexpected(body: &[u8]) -> Bytes {
    let message = match serde_json::from_slice::<RouterError>(body) {
        Ok(RouterError {
            request_id,
            message,
        }) => format!("{message} (request {request_id})"),
        // Whoever repeats the request repeats the token.
        Err(_) if String::from_utf8_lossy(body).contains("Bearer ") => String::new(),
        Err(_) => String::from_utf8_lossy(body)
            .trim()
            .chars()
            .take(MAX_MESSAGE_LENGTH)
            .collect(),
    };
    serde_json::json!({"detail": [{"loc": [], "msg": message, "type": UNEXPECTED}]})
        .to_string()
        .into()
}

fn rebuilt(status: StatusCode, mut headers: HeaderMap, body: Bytes) -> Response {
    for of_the_old_body in [CONTENT_LENGTH, CONTENT_ENCODING, TRANSFER_ENCODING] {
        headers.remove(of_the_old_body);
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
            Generated::ErrorResponse(answer) => {
                let (status, retry_after) = (answer.status(), retry_after(answer.headers()));
                api_error(status, retry_after, answer.into_inner().detail)
            }
            // The words of serde_json quote values, and a value may be a signed URL.
            Generated::InvalidResponsePayload(_, error) => {
                let (line, column) = (error.line(), error.column());
                Self::InvalidResponse(format!(
                    "not what the contract says, at line {line}, column {column}"
                ))
            }
            Generated::UnexpectedResponse(response) => undocumented(response),
        }
    }
}

/// An answer with a status that the document does not list for the operation.
fn undocumented(response: Response) -> Error {
    let status = response.status();
    if status.is_success() {
        return Error::InvalidResponse(format!("unexpected status {status}"));
    }
    let retry_after = retry_after(response.headers());
    // The hook has put the whole body in memory, so there is nothing to wait for.
    let body = response
        .bytes()
        .now_or_never()
        .and_then(Result::ok)
        .unwrap_or_default();
    api_error(status, retry_after, faults(&body))
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
        },
        Some(first) if first.type_ == UNEXPECTED => Error::UnexpectedResponse {
            status,
            message: std::mem::take(&mut first.msg),
            retry_after,
        },
        Some(_) => Error::Api {
            status,
            errors,
            retry_after,
        },
    }
}
