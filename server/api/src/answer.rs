//! What a handler answers: success with its status, or a refusal with its headers.

use dropshot::{Body, HttpCodedResponse, HttpError, HttpResponse, HttpResponseDeleted};
use http::{Response, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::Failure;

/// The answer of an operation that succeeds with `STATUS` and a body of type `T`.
///
/// A refusal goes this way too, rather than through `Err`, because only so can it set headers.
#[derive(Debug)]
pub struct Answer<T, const STATUS: u16 = 200>(Result<T, Failure>);

/// What an answer is sent with.
pub trait AnswerStatus {
    /// Status of the answer.
    fn answer_status(&self) -> StatusCode;
}

impl<T, const STATUS: u16> AnswerStatus for Answer<T, STATUS> {
    fn answer_status(&self) -> StatusCode {
        self.0.as_ref().map_or_else(Failure::status, |_| const { success(STATUS) })
    }
}

impl AnswerStatus for NoContent {
    fn answer_status(&self) -> StatusCode {
        self.0.as_ref().map_or_else(Failure::status, |()| StatusCode::NO_CONTENT)
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
        Self(result)
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
        match answer.0 {
            Ok(body) => Answer::<T, STATUS>::for_object(body),
            Err(failure) => failure.into_response(),
        }
    }
}

/// The answer of an operation that succeeds with 204 and nothing to say.
#[derive(Debug)]
pub struct NoContent(Result<(), Failure>);

impl From<Result<(), Failure>> for NoContent {
    fn from(result: Result<(), Failure>) -> Self {
        Self(result)
    }
}

impl HttpResponse for NoContent {
    fn to_result(self) -> Result<Response<Body>, HttpError> {
        match self.0 {
            Ok(()) => HttpResponseDeleted().to_result(),
            Err(failure) => failure.into_response(),
        }
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
