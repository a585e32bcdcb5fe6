//! What a handler answers: success with its status, or a refusal with its headers.

use dropshot::{Body, HttpCodedResponse, HttpError, HttpResponse, HttpResponseDeleted};
use http::{HeaderMap, Response, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Failure;

/// The answer of an operation that succeeds with `STATUS` and a body of type `T`.
///
/// A refusal goes this way too, rather than through `Err`, because only so can it set headers.
#[derive(Debug)]
pub struct Answer<T, const STATUS: u16 = 200> {
    result: Result<T, Failure>,
    headers: HeaderMap,
}

/// What an answer is sent with.
pub trait Answered {
    /// Status of the answer.
    fn answer_status(&self) -> StatusCode;

    /// Sets the headers beside those that the status demands.
    fn set_headers(&mut self, headers: HeaderMap);
}

impl<T, const STATUS: u16> Answered for Answer<T, STATUS> {
    fn answer_status(&self) -> StatusCode {
        self.result
            .as_ref()
            .map_or_else(Failure::status, |_| const { success(STATUS) })
    }

    fn set_headers(&mut self, headers: HeaderMap) {
        self.headers = headers;
    }
}

impl Answered for NoContent {
    fn answer_status(&self) -> StatusCode {
        self.result
            .as_ref()
            .map_or_else(Failure::status, |()| StatusCode::NO_CONTENT)
    }

    fn set_headers(&mut self, headers: HeaderMap) {
        self.headers = headers;
    }
}

const fn success(status: u16) -> StatusCode {
    match status {
        200 => StatusCode::OK,
        201 => StatusCode::CREATED,
        _ => panic!("an answer with a body succeeds with 200 or 201"),
    }
}

/// The answer of an operation that creates something.
pub type Created<T> = Answer<T, 201>;

impl<T, const STATUS: u16> From<Result<T, Failure>> for Answer<T, STATUS> {
    fn from(result: Result<T, Failure>) -> Self {
        Self {
            result,
            headers: HeaderMap::new(),
        }
    }
}

impl<T, const STATUS: u16> HttpCodedResponse for Answer<T, STATUS>
where
    T: JsonSchema + Serialize + Send + Sync + 'static,
{
    type Body = T;
    const STATUS_CODE: StatusCode = success(STATUS);
    const DESCRIPTION: &'static str = "Successful Response";
}

impl<T, const STATUS: u16> From<Answer<T, STATUS>> for Result<Response<Body>, HttpError>
where
    T: JsonSchema + Serialize + Send + Sync + 'static,
{
    fn from(answer: Answer<T, STATUS>) -> Self {
        let mut response = match answer.result {
            Ok(body) => Answer::<T, STATUS>::for_object(body),
            Err(failure) => failure.into_response(),
        }?;
        response.headers_mut().extend(answer.headers);
        Ok(response)
    }
}

/// The answer of an operation that succeeds with 204 and nothing to say.
#[derive(Debug)]
pub struct NoContent {
    result: Result<(), Failure>,
    headers: HeaderMap,
}

impl From<Result<(), Failure>> for NoContent {
    fn from(result: Result<(), Failure>) -> Self {
        Self {
            result,
            headers: HeaderMap::new(),
        }
    }
}

impl HttpResponse for NoContent {
    fn to_result(self) -> Result<Response<Body>, HttpError> {
        let mut response = match self.result {
            Ok(()) => HttpResponseDeleted().to_result(),
            Err(failure) => failure.into_response(),
        }?;
        response.headers_mut().extend(self.headers);
        Ok(response)
    }

    fn response_metadata() -> dropshot::ApiEndpointResponse {
        let mut metadata = HttpResponseDeleted::response_metadata();
        metadata.description = Some("Successful Response".to_string());
        metadata
    }

    fn status_code(&self) -> StatusCode {
        self.answer_status()
    }
}
