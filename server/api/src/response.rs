//! The response of a handler: success with its status, or an error with its headers.

mod download;
mod entity_tag;
mod events;

use std::marker::PhantomData;

use bytes::Bytes;
use dropshot::{Body, HttpCodedResponse, HttpError, HttpResponse, HttpResponseDeleted};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;

pub use self::download::{DownloadResponse, Downloaded};
use self::entity_tag::Tag;
pub use self::entity_tag::is_known;
pub use self::events::{Events, EventsResponse};
use crate::error::Failure;

/// The response of an operation that succeeds with `STATUS` and a body of type `T`.
///
/// An error response is one too, rather than an `Err`, because the framework sets no headers on an `Err`.
#[derive(Debug)]
pub struct ApiResponse<T, const STATUS: u16 = 200> {
    result: Result<Content<T>, Failure>,
    headers: HeaderMap,
    /// The entity tag, where the response is to have one.
    tag: Option<Tag>,
}

/// The body of a response.
#[derive(Debug)]
enum Content<T> {
    /// Not serialized yet.
    Value(T),
    /// As it is sent.
    Json(Bytes),
}

/// A `T` as JSON.
#[derive(Debug)]
pub struct Rendered<T> {
    json: Bytes,
    of: PhantomData<fn() -> T>,
}

impl<T> Rendered<T> {
    /// JSON that is what serde makes of a `T`.
    pub fn new(json: impl Into<Bytes>) -> Self {
        Self {
            json: json.into(),
            of: PhantomData,
        }
    }
}

/// Status and headers of a response.
pub trait ResponseHead {
    /// Status of the response.
    fn response_status(&self) -> StatusCode;

    /// Sets the headers other than those that the status requires.
    fn set_headers(&mut self, headers: HeaderMap);

    /// Gives the response an entity tag, and leaves its body out where the headers of the request name the tag.
    fn set_conditions(&mut self, _request: &HeaderMap) {}

    /// The serialized body of a success, whether it is sent or left out.
    fn json(&mut self) -> Option<&Bytes> {
        None
    }

    /// Sends the body in another content coding.
    fn set_encoded(&mut self, _body: Bytes) {}
}

impl<T: Serialize, const STATUS: u16> ResponseHead for ApiResponse<T, STATUS> {
    fn response_status(&self) -> StatusCode {
        if self.tag.as_ref().is_some_and(|tag| tag.is_known) {
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
        self.tag = self.json().map(|body| Tag::new(body, request));
    }

    fn json(&mut self) -> Option<&Bytes> {
        let content = self.result.as_mut().ok()?;
        if let Content::Value(value) = content {
            // What cannot be serialized becomes an error when the response is built.
            *content = Content::Json(serde_json::to_vec(value).ok()?.into());
        }
        match content {
            Content::Json(body) => Some(body),
            Content::Value(_) => None,
        }
    }

    fn set_encoded(&mut self, body: Bytes) {
        self.result = Ok(Content::Json(body));
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
            result: result.map(Content::Value),
            headers: HeaderMap::new(),
            tag: None,
        }
    }
}

impl<T, const STATUS: u16> From<Result<Rendered<T>, Failure>> for ApiResponse<T, STATUS> {
    fn from(result: Result<Rendered<T>, Failure>) -> Self {
        Self {
            result: result.map(|rendered| Content::Json(rendered.json)),
            headers: HeaderMap::new(),
            tag: None,
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
        let status = api_response.response_status();
        let mut response = match api_response.result {
            Ok(Content::Json(body)) => Ok(whole(status, body)),
            Ok(Content::Value(body)) => ApiResponse::<T, STATUS>::for_object(body),
            Err(failure) => failure.into_response(),
        }?;
        if let Some(tag) = api_response.tag {
            response.headers_mut().insert(header::ETAG, tag.value);
        }
        response.headers_mut().extend(api_response.headers);
        Ok(response)
    }
}

/// The response with a JSON body, which 304 leaves out.
fn whole(status: StatusCode, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if status != StatusCode::NOT_MODIFIED {
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        *response.body_mut() = body.into();
    }
    response
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
