//! The response of an operation that returns events: a page of them, or a stream that goes on.

use std::convert::Infallible;

use bytes::Bytes;
use dropshot::{ApiEndpointResponse, Body, HttpError, HttpResponse, ResultsPage};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::{ApiResponse, ResponseHead};
use crate::error::Failure;
use crate::event::{EVENT_STREAM, Event};

/// Tells proxies (nginx) to pass the stream on as it comes.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Events, as the request wants them.
#[derive(Debug)]
pub enum Events {
    /// A page of them.
    Page(ResultsPage<Event>),
    /// Those that happen, as they happen.
    Stream(Body),
}

impl Events {
    /// A stream of server-sent events.
    pub fn stream<B>(body: B) -> Self
    where
        B: hyper::body::Body<Data = Bytes, Error = Infallible> + Send + Sync + 'static,
    {
        Self::Stream(Body::wrap(body))
    }
}

/// The response with a page or a stream of events.
#[derive(Debug)]
pub struct EventsResponse(Inner);

#[derive(Debug)]
enum Inner {
    Whole(ApiResponse<ResultsPage<Event>>),
    Stream(Body, HeaderMap),
}

impl From<Result<Events, Failure>> for EventsResponse {
    fn from(result: Result<Events, Failure>) -> Self {
        Self(match result {
            Ok(Events::Stream(body)) => Inner::Stream(body, HeaderMap::new()),
            Ok(Events::Page(page)) => Inner::Whole(Ok(page).into()),
            Err(failure) => {
                let failed: Result<ResultsPage<Event>, Failure> = Err(failure);
                Inner::Whole(failed.into())
            }
        })
    }
}

impl ResponseHead for EventsResponse {
    fn response_status(&self) -> StatusCode {
        match &self.0 {
            Inner::Whole(response) => response.response_status(),
            Inner::Stream(..) => StatusCode::OK,
        }
    }

    fn set_headers(&mut self, headers: HeaderMap) {
        match &mut self.0 {
            Inner::Whole(response) => response.set_headers(headers),
            Inner::Stream(_, stream) => *stream = headers,
        }
    }

    fn set_conditions(&mut self, request: &HeaderMap) {
        if let Inner::Whole(response) = &mut self.0 {
            response.set_conditions(request);
        }
    }

    fn json(&mut self) -> Option<&Bytes> {
        match &mut self.0 {
            Inner::Whole(response) => response.json(),
            Inner::Stream(..) => None,
        }
    }

    fn set_encoded(&mut self, body: Bytes) {
        if let Inner::Whole(response) = &mut self.0 {
            response.set_encoded(body);
        }
    }
}

impl HttpResponse for EventsResponse {
    fn to_result(self) -> Result<Response<Body>, HttpError> {
        match self.0 {
            Inner::Whole(response) => response.to_result(),
            Inner::Stream(body, headers) => {
                let mut response = Response::new(body);
                *response.headers_mut() = headers;
                let media_type = HeaderValue::from_static(EVENT_STREAM);
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, media_type);
                headers.insert(UNBUFFERED, HeaderValue::from_static("no"));
                Ok(response)
            }
        }
    }

    fn response_metadata() -> ApiEndpointResponse {
        ApiResponse::<ResultsPage<Event>>::response_metadata()
    }

    fn status_code(&self) -> StatusCode {
        self.response_status()
    }
}
