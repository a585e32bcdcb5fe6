//! Error responses.

use dropshot::{Body, HttpError};
use http::{HeaderValue, Response, StatusCode, header};

use super::ErrorType;
use super::body::{HTTPValidationError, ValidationError};

/// The `Retry-After` of 429 and 503, in seconds, unless a longer time is known.
pub const RETRY_AFTER_SECONDS: u32 = 5;

/// An error response: one error or more, and the headers that its status requires.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    status: StatusCode,
    detail: Vec<ValidationError>,
    retry_after: u32,
}

impl From<ValidationError> for Failure {
    fn from(error: ValidationError) -> Self {
        Self {
            status: error.error_type.status(),
            detail: vec![error],
            retry_after: RETRY_AFTER_SECONDS,
        }
    }
}

impl Failure {
    /// The response that lists all `errors`; `None` if there are none.
    pub fn of(errors: Vec<ValidationError>) -> Option<Self> {
        let status = errors.first()?.error_type.status();
        Some(Self {
            status,
            detail: errors,
            retry_after: RETRY_AFTER_SECONDS,
        })
    }

    /// The 503 response for a dependency, which is named without details.
    pub fn unavailable(dependency: &str) -> Self {
        ValidationError::new(
            ErrorType::Unavailable,
            ["server"],
            format!("The {dependency} is unavailable at the moment; try again later"),
        )
        .with_context("dependency", dependency)
        .into()
    }

    /// The 503 response for a dependency that is unavailable for a known reason: a code, and the cause in words. A permanent
    /// one lasts until the operator of the server has changed its configuration.
    pub fn unavailable_because(
        dependency: &str,
        (reason, cause): (&str, &str),
        is_permanent: bool,
    ) -> Self {
        let msg = if is_permanent {
            format!(
                "The {dependency} cannot be used: {cause}; the operator of the server has to correct that"
            )
        } else {
            format!("The {dependency} is unavailable at the moment: {cause}; try again later")
        };
        ValidationError::new(ErrorType::Unavailable, ["server"], msg)
            .with_context("dependency", dependency)
            .with_context("reason", reason)
            .with_context("permanent", is_permanent)
            .into()
    }

    /// The same response, with another `Retry-After` in seconds.
    #[must_use]
    pub fn with_retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: seconds,
            ..self
        }
    }

    /// Machine code of the first error, which decides the status.
    pub fn error_type(&self) -> Option<ErrorType> {
        self.detail.first().map(|error| error.error_type)
    }

    /// Status of the response: that of the first error's type.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body of the response.
    pub fn into_body(self) -> HTTPValidationError {
        HTTPValidationError {
            detail: self.detail,
        }
    }

    /// The whole response.
    pub fn into_response(self) -> Result<Response<Body>, HttpError> {
        let (status, retry_after) = (self.status(), self.retry_after);
        let body = serde_json::to_string(&self.into_body())
            .map_err(|error| HttpError::for_internal_error(error.to_string()))?;
        let mut response = Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "application/json");
        if status == StatusCode::UNAUTHORIZED {
            response = response.header(header::WWW_AUTHENTICATE, "Bearer");
        }
        if matches!(
            status,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
        ) {
            response = response.header(header::RETRY_AFTER, HeaderValue::from(retry_after));
        }
        Ok(response.body(body.into())?)
    }
}
