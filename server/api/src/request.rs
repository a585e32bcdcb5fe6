//! Extractors that do not fail: a handler authenticates first, and then gets all faults of path, query and
//! body at once.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use dropshot::{
    ApiEndpointBodyContentType, Body, ExclusiveExtractor, ExtensionMode, ExtractorMetadata,
    HttpError, Path, Query, RequestContext, ServerContext, SharedExtractor, TypedBody,
};
use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;

use crate::error::{ErrorType, Failure, LocationItem, ValidationError};
use crate::validation::RequestSchema;

/// A type that a request can contain.
pub trait Input: DeserializeOwned + JsonSchema + Send + Sync + 'static {}

impl<T: DeserializeOwned + JsonSchema + Send + Sync + 'static> Input for T {}

/// The value of a part of the request, or all its faults.
pub type Checked<T> = Result<T, Vec<ValidationError>>;

/// Both parts of a request, or the faults of both.
pub fn joined<A, B>(first: Checked<A>, second: Checked<B>) -> Checked<(A, B)> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (first, second) => Err([first.err(), second.err()]
            .into_iter()
            .flatten()
            .flatten()
            .collect()),
    }
}

/// Both parts of a request, or a 422 response with the faults of both.
pub fn both<A, B>(first: Checked<A>, second: Checked<B>) -> Result<(A, B), Failure> {
    one(joined(first, second))
}

/// One part of a request, or a 422 response with its faults.
pub fn one<A>(part: Checked<A>) -> Result<A, Failure> {
    part.map_err(invalid)
}

fn invalid(faults: Vec<ValidationError>) -> Failure {
    Failure::of(faults).unwrap_or_else(|| Failure::unavailable("server"))
}

/// The variables of the path.
#[derive(Debug)]
pub struct PathParameters<P> {
    variables: Map<String, Value>,
    target: PhantomData<fn() -> P>,
}

impl<P: Input> PathParameters<P> {
    /// The variables as `P`, or all their faults.
    pub fn check(self) -> Checked<P> {
        let schema = RequestSchema::of::<P>();
        schema.read(
            "path",
            Value::Object(schema.with_scalars_parsed(self.variables)),
        )
    }
}

#[async_trait]
impl<P: Input> SharedExtractor for PathParameters<P> {
    async fn from_request<C: ServerContext>(rqctx: &RequestContext<C>) -> Result<Self, HttpError> {
        let variables = <Path<BTreeMap<String, String>> as SharedExtractor>::from_request(rqctx)
            .await?
            .into_inner();
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect();
        Ok(Self {
            variables,
            target: PhantomData,
        })
    }

    fn metadata(body: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <Path<P> as SharedExtractor>::metadata(body)
    }
}

/// The parameters of the query string; the last of two with the same name counts.
#[derive(Debug)]
pub struct QueryParameters<Q> {
    parameters: Map<String, Value>,
    target: PhantomData<fn() -> Q>,
}

impl<Q: Input> QueryParameters<Q> {
    /// The parameters as `Q`, or all their faults.
    pub fn check(self) -> Checked<Q> {
        let schema = RequestSchema::of::<Q>();
        schema.read(
            "query",
            Value::Object(schema.with_scalars_parsed(self.parameters)),
        )
    }
}

#[async_trait]
impl<Q: Input> SharedExtractor for QueryParameters<Q> {
    async fn from_request<C: ServerContext>(rqctx: &RequestContext<C>) -> Result<Self, HttpError> {
        let query = rqctx.request.uri().query().unwrap_or_default();
        let parameters = form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into()))
            .collect();
        Ok(Self {
            parameters,
            target: PhantomData,
        })
    }

    fn metadata(body: ApiEndpointBodyContentType) -> ExtractorMetadata {
        let mut metadata = <Query<Q> as SharedExtractor>::metadata(body);
        if RequestSchema::of::<Q>().is_paginated() {
            metadata.extension_mode = ExtensionMode::Paginated(json!({ "required": [] }));
        }
        metadata
    }
}

/// Maximum size in bytes of the unread rest of a body that is read and discarded.
const MAX_DISCARDED_BYTES: usize = 16 * 1024 * 1024;

/// Timeout for reading and discarding the rest of a body.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(5);

/// The JSON body, which is not read before [`JsonBody::read`].
pub struct JsonBody<B> {
    headers: HeaderMap,
    body: UnreadBody,
    max_bytes: usize,
    target: PhantomData<fn() -> B>,
}

/// A body whose rest is discarded when it is dropped.
struct UnreadBody {
    body: Body,
    /// Whether the client waits for `100 Continue` before it sends the body.
    expects_continue: bool,
}

impl Drop for UnreadBody {
    /// Reads the rest: a client that is still sending when the connection closes would not receive the response.
    fn drop(&mut self) {
        if !self.expects_continue {
            discard(std::mem::replace(&mut self.body, Body::empty()));
        }
    }
}

/// Reads the body of a request that is refused, and discards it: a client that is still sending when the connection closes would
/// not receive the response. One that waits for `100 Continue` sends none.
pub fn discard_body<B>(request: Request<B>)
where
    B: hyper::body::Body + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if !request.headers().contains_key(header::EXPECT) {
        discard(request.into_body());
    }
}

fn discard<B>(body: B)
where
    B: hyper::body::Body + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if body.is_end_stream() {
        return;
    }
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(tokio::time::timeout(DISCARD_TIMEOUT, async {
            let mut rest = Limited::new(body, MAX_DISCARDED_BYTES);
            while let Some(Ok(_)) = rest.frame().await {}
        }));
    }
}

impl<B: Input> JsonBody<B> {
    /// Reads the body within `timeout` and validates it; the inner result contains the faults of the schema.
    ///
    /// # Errors
    /// 415 for a media type that is not JSON, 413 for a body larger than the operation accepts, 408 for a body
    /// that does not arrive in time.
    pub async fn read(mut self, timeout: Duration) -> Result<Checked<B>, Failure> {
        check_media_type(&self.headers)?;
        let limited = Limited::new(&mut self.body.body, self.max_bytes);
        let bytes = match tokio::time::timeout(timeout, limited.collect()).await {
            Ok(Ok(collected)) => collected.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return Err(too_large(self.max_bytes));
            }
            // Nothing can be sent on a connection that is broken, so its status does not matter.
            Ok(Err(_)) | Err(_) => return Err(too_slow(timeout)),
        };
        Ok(parse(&bytes).and_then(|value| RequestSchema::of::<B>().read("body", value)))
    }
}

#[async_trait]
impl<B: Input> ExclusiveExtractor for JsonBody<B> {
    async fn from_request<C: ServerContext>(
        rqctx: &RequestContext<C>,
        request: hyper::Request<Body>,
    ) -> Result<Self, HttpError> {
        let (parts, body) = request.into_parts();
        let max_bytes = rqctx.request_body_max_bytes();
        let body = UnreadBody {
            body,
            expects_continue: parts.headers.contains_key(header::EXPECT),
        };
        Ok(Self {
            headers: parts.headers,
            body,
            max_bytes,
            target: PhantomData,
        })
    }

    fn metadata(body: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <TypedBody<B> as ExclusiveExtractor>::metadata(body)
    }
}

/// A missing Content-Type means JSON; `application/*+json` is JSON.
fn check_media_type(headers: &HeaderMap) -> Result<(), Failure> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Ok(());
    };
    let essence = value
        .to_str()
        .unwrap_or("?")
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let json = essence == "application/json"
        || essence
            .strip_prefix("application/")
            .is_some_and(|subtype| subtype.ends_with("+json"));
    if json {
        return Ok(());
    }
    let msg = "The body should be JSON: application/json or application/*+json";
    Err(ValidationError::new(
        ErrorType::UnsupportedMediaType,
        ["header", "content-type"],
        msg,
    )
    .with_input(&essence.into())
    .into())
}

fn too_large(max_bytes: usize) -> Failure {
    let msg = format!("The body should have at most {max_bytes} bytes");
    ValidationError::new(ErrorType::BodyTooLarge, ["body"], msg)
        .with_context("limit", max_bytes)
        .into()
}

fn too_slow(timeout: Duration) -> Failure {
    let msg = "The body did not arrive in time";
    ValidationError::new(ErrorType::RequestTimeout, ["body"], msg)
        .with_context("timeout_seconds", timeout.as_secs())
        .into()
}

fn parse(bytes: &Bytes) -> Checked<Value> {
    let absent = || {
        vec![
            ValidationError::new(ErrorType::Missing, ["body"], "Field required")
                .with_input(&Value::Null),
        ]
    };
    if bytes.is_empty() {
        return Err(absent());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Null) => Err(absent()),
        Ok(value) => Ok(value),
        Err(error) => Err(vec![syntax_fault(bytes, &error)]),
    }
}

fn syntax_fault(bytes: &Bytes, error: &serde_json::Error) -> ValidationError {
    let line_start: usize = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    let offset = (line_start + error.column()).saturating_sub(1) as u64;
    let described = error.to_string();
    let reason = described
        .rsplit_once(" at line ")
        .map_or(described.as_str(), |(reason, _)| reason);
    let mut fault = ValidationError::new(ErrorType::JsonInvalid, ["body"], "JSON decode error")
        .with_input(&json!({}))
        .with_context("error", reason);
    fault.loc.push(LocationItem::Index(offset));
    fault
}
