//! The response of a download: URLs, or a redirect to one of them.

use dropshot::{ApiEndpointResponse, Body, HttpError, HttpResponse};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use super::{ApiResponse, ResponseHead};
use crate::error::Failure;
use crate::version::Download;

/// A download, as the request wants it.
#[derive(Debug)]
pub enum Downloaded {
    /// The URLs, in a body.
    Urls(Download),
    /// A redirect to this URL.
    Redirect(String),
}

/// The response of an operation that signs URLs for a download: 200 with the URLs, or 303.
#[derive(Debug)]
pub struct DownloadResponse {
    result: Result<Downloaded, Failure>,
    headers: HeaderMap,
}

impl From<Result<Downloaded, Failure>> for DownloadResponse {
    fn from(result: Result<Downloaded, Failure>) -> Self {
        Self {
            result,
            headers: HeaderMap::new(),
        }
    }
}

impl ResponseHead for DownloadResponse {
    fn response_status(&self) -> StatusCode {
        match &self.result {
            Ok(Downloaded::Urls(_)) => StatusCode::OK,
            Ok(Downloaded::Redirect(_)) => StatusCode::SEE_OTHER,
            Err(failure) => failure.status(),
        }
    }

    fn set_headers(&mut self, headers: HeaderMap) {
        self.headers = headers;
    }
}

impl HttpResponse for DownloadResponse {
    fn to_result(self) -> Result<Response<Body>, HttpError> {
        let result = match self.result {
            Ok(Downloaded::Redirect(url)) => return redirect(&url, self.headers),
            Ok(Downloaded::Urls(download)) => Ok(download),
            Err(failure) => Err(failure),
        };
        let mut response = ApiResponse::<Download>::from(result);
        response.set_headers(self.headers);
        response.to_result()
    }

    fn response_metadata() -> ApiEndpointResponse {
        ApiResponse::<Download>::response_metadata()
    }

    fn status_code(&self) -> StatusCode {
        self.response_status()
    }
}

fn redirect(url: &str, headers: HeaderMap) -> Result<Response<Body>, HttpError> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    *response.headers_mut() = headers;
    // The error of the conversion would contain the URL, which is signed.
    let url = HeaderValue::try_from(url).map_err(|_| {
        HttpError::for_internal_error("the signed URL is no header value".to_string())
    })?;
    response.headers_mut().insert(header::LOCATION, url);
    Ok(response)
}
