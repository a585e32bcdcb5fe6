//! One HTTP request: CORS and a request id around the S3 protocol.

use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use s3s::Body;
use s3s::auth::SimpleAuth;
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};
use tracing::Dispatch;
use tracing::instrument::WithSubscriber;
use uuid::Uuid;

use crate::access::SignedOnly;
use crate::config::Credentials;
use crate::cors;
use crate::operations::Operations;
use crate::request_body::RequestBody;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// Maximum size of an XML document in bytes. `CompleteMultipartUpload` with 10,000 parts, each with
/// an `ETag` and a checksum, stays below 3 MiB.
const MAX_XML_SIZE: usize = 4 * 1024 * 1024;

/// The S3 protocol over `operations`, for requests signed with `credentials`.
pub(crate) fn s3_service(
    operations: Operations,
    bucket: String,
    credentials: Credentials,
) -> S3Service {
    let mut limits = S3Config::default();
    limits.xml_max_body_size = MAX_XML_SIZE;
    let mut builder = S3ServiceBuilder::new(operations);
    builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(limits))));
    builder.set_auth(SimpleAuth::from_single(
        credentials.access_key,
        credentials.secret_key,
    ));
    builder.set_access(SignedOnly::new(bucket));
    builder.build()
}

/// Responds to one request. Its URL, which may hold a signature, is never logged.
pub(crate) async fn respond(s3: &S3Service, request: Request<Incoming>) -> Response<Body> {
    let method = request.method().clone();
    let mut response = if method == Method::OPTIONS {
        cors::preflight(&request)
    } else {
        call_s3(s3, request).await
    };
    let request_id = Uuid::now_v7().simple().to_string();
    tracing::debug!(%request_id, %method, status = response.status().as_u16(), "request completed");
    cors::allow(response.headers_mut());
    if let Ok(request_id) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert(REQUEST_ID, request_id);
    }
    response
}

async fn call_s3(s3: &S3Service, request: Request<Incoming>) -> Response<Body> {
    let request = request.map(|body| Body::http_body(RequestBody::from(body)));
    if is_form(&request) {
        return failure(StatusCode::NOT_IMPLEMENTED);
    }
    // s3s logs whole URLs, signatures included, at its debug level.
    let response = s3.call(request).with_subscriber(Dispatch::none()).await;
    response.unwrap_or_else(|_| failure(StatusCode::INTERNAL_SERVER_ERROR))
}

/// Uploads by HTML form are not supported, and s3s would read such a form into memory before it
/// checks the signature.
fn is_form<B>(request: &Request<B>) -> bool {
    request.method() == Method::POST
        && request.headers().get_all(CONTENT_TYPE).iter().any(|value| {
            value
                .as_bytes()
                .trim_ascii_start()
                .get(..10)
                .is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/"))
        })
}

fn failure(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
