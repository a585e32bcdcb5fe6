//! The response of a handler: success with its status, or an error with its headers.

mod download;
mod entity_tag;

use dropshot::{Body, HttpCodedResponse, HttpError, HttpResponse, HttpResponseDeleted};
use http::{HeaderMap, Response, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

pub use self::download::{DownloadResponse, Downloaded};
use self::entity_tag::TaggedBody;
pub use self::entity_tag::is_known;
use crate::error::Failure;

/// The response of an operation that succeeds with `STATUS` and a body of type `T`.
///
/// An error response is one too, rather than an `Err`, because the framework sets no headers on an `Err`.
#[derive(Debug)]
pub struct ApiResponse<T, const STATUS: u16 = 200> {
    result: Result<T, Failure>,
    headers: HeaderMap,
    /// The body with its entity tag, where the response is to have one.
    tagged: Option<TaggedBody>,
}

/// Status and headers of a response.
pub trait ResponseHead {
    /// Status of the response.
    fn response_status(&self) -> StatusCode;

    /// Sets the headers other than those that the status requires.
    fn set_headers(&mut self, headers: HeaderMap);

    /// Gives the response an entity tag, and leaves its body out where the headers of the request name the tag.
    fn set_conditions(&mut self, _request: &HeaderMap) {}
}

impl<T: Serialize, const STATUS: u16> ResponseHead for ApiResponse<T, STATUS> {
    fn response_status(&self) -> StatusCode {
        if self.tagged.as_ref().is_some_and(TaggedBody::is_known) {
            return StatusCode::NOT_MODIFIED;
        }
        self.result
            .as_ref()
            .map_or_else(Failure::status, |_| const { success(STATUS) })
    }

    fn set_headers(&mut self, headers: HeaderMap) {
        self.headers = headers;
    }

    fn set_conditions(&mut self, request: &HeaderMap) {
        let body = self.result.as_ref().ok();
        // What cannot be serialized becomes an error when the response is built.
        let body = body.and_then(|body| serde_json::to_vec(body).ok());
        self.tagged = body.map(|body| TaggedBody::new(body, request));
    }
}

impl ResponseHead for NoContent {
    fn response_status(&self) -> StatusCode {
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
        _ => panic!("a response with a body succeeds with 200 or 201"),
    }
}

/// The response of an operation that creates something.
pub type Created<T> = ApiResponse<T, 201>;

impl<T, const STATUS: u16> From<Result<T, Failure>> for ApiResponse<T, STATUS> {
    fn from(result: Result<T, Failure>) -> Self {
        Self {
            result,
            headers: HeaderMap::new(),
            tagged: None,
        }
    }
}

impl<T, const STATUS: u16> HttpCodedResponse for ApiResponse<T, STATUS>
where
    T: JsonSchema + Serialize + Send + Sync + 'static,
{
    type Body = T;
    const STATUS_CODE: StatusCode = success(STATUS);
    const DESCRIPTION: &'static str = "Successful Response";
}

impl<T, const STATUS: u16> From<ApiResponse<T, STATUS>> for Result<Response<Body>, HttpError>
where
    T: JsonSchema + Serialize + Send + Sync + 'static,
{
    fn from(api_response: ApiResponse<T, STATUS>) -> Self {
        let mut response = match (api_response.result, api_response.tagged) {
            (Ok(_), Some(tagged)) => Ok(tagged.into_response()),
            (Ok(body), None) => ApiResponse::<T, STATUS>::for_object(body),
            (Err(failure), _) => failure.into_response(),
        }?;
        response.headers_mut().extend(api_response.headers);
        Ok(response)
    }
}

/// The response of an operation that succeeds with 204 and no body.
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
        self.response_status()
    }
}
