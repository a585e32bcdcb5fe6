//! The methods that no operation declares: HEAD wherever GET is, OPTIONS everywhere, and a refusal of all others.
//!
//! The framework's router would respond by itself, with another body than the API's and without its headers.

use std::collections::BTreeMap;
use std::sync::Arc;

use dropshot::{
    ApiDescription, ApiEndpoint, ApiEndpointBodyContentType, ApiEndpointParameter,
    ApiEndpointVersions, Body, HttpError, Method, RequestContext, SharedExtractor,
};
use http::{HeaderValue, Response, StatusCode, header};
use restow_api::dataset::DatasetPath;
use restow_api::error::{ErrorType, Failure, ValidationError};
use restow_api::grant::GrantPath;
use restow_api::job::JobPath;
use restow_api::request::{Input, PathParameters};
use restow_api::restow_api_mod;
use restow_api::reupload::ReuploadPath;
use restow_api::token::TokenPath;
use restow_api::trust::TrustRulePath;
use restow_api::version::VersionPath;
use restow_api::webhook::{DeliveryPath, WebhookPath};

use super::context::Context;
use super::cors;
use super::operations::Operations;
use super::routes::Routes;

/// HTTP's own methods (RFC 9110, section 9.3, RFC 5789, and QUERY, which is on its way to be one).
fn methods() -> impl Iterator<Item = Method> {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    known.into_iter().chain(Method::from_bytes(b"QUERY"))
}

/// Paths for operators, which every process can serve.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// Path of the metrics, which a process serves on one of its listeners.
const METRICS: &str = "/metrics";

/// Operations, and their paths.
type Api = (ApiDescription<Context>, Operations);

/// The API's operations, with or without the metrics, and a response to every other method of their paths.
pub(super) fn complete_api(has_metrics: bool) -> anyhow::Result<Api> {
    complete(|path| has_metrics || path != METRICS)
}

/// Probes, with or without the metrics, and a response to every other method of their paths.
pub(super) fn probes_api(has_metrics: bool) -> anyhow::Result<Api> {
    complete(|path| PROBES.contains(&path) || (has_metrics && path == METRICS))
}

/// The metrics, and a response to every other method of their path.
pub(super) fn metrics_api() -> anyhow::Result<Api> {
    complete(|path| path == METRICS)
}

/// The operations of the paths that are served, and a response to every method that these do not declare. The operations are
/// registered without what only the document needs.
fn complete(is_served: impl Fn(&str) -> bool) -> anyhow::Result<Api> {
    let mut operations = Operations::default();
    let declared = restow_api_mod::api_description::<Routes>()?.into_router();
    let mut api = ApiDescription::new();
    let mut paths: BTreeMap<String, Vec<&ApiEndpoint<Context>>> = BTreeMap::new();
    for (path, _, endpoint) in declared.endpoints(None) {
        if is_served(&path) {
            api.register(same_as(endpoint, &path, endpoint.method.clone()))?;
            operations.insert(&endpoint.operation_id, &path);
            paths.entry(path).or_default().push(endpoint);
        }
    }
    for (path, endpoints) in paths {
        let allow = allow(&endpoints)?;
        for method in methods() {
            if let Some(endpoint) = undeclared(&path, method, &endpoints, &allow) {
                api.register(endpoint)?;
            }
        }
    }
    Ok((api, operations))
}

fn find<'a>(
    endpoints: &[&'a ApiEndpoint<Context>],
    method: &Method,
) -> Option<&'a ApiEndpoint<Context>> {
    endpoints
        .iter()
        .find(|endpoint| endpoint.method == *method)
        .copied()
}

/// The value of `Allow` for a path with these operations.
fn allow(endpoints: &[&ApiEndpoint<Context>]) -> anyhow::Result<HeaderValue> {
    let has = |method: &Method| match *method {
        Method::OPTIONS => true,
        Method::HEAD => find(endpoints, &Method::GET).is_some(),
        _ => find(endpoints, method).is_some(),
    };
    let allowed: Vec<_> = methods()
        .filter(has)
        .map(|method| method.to_string())
        .collect();
    Ok(HeaderValue::from_str(&allowed.join(", "))?)
}

/// What a path with these operations has for a method that is none of theirs.
fn undeclared(
    path: &str,
    method: Method,
    endpoints: &[&ApiEndpoint<Context>],
    allow: &HeaderValue,
) -> Option<ApiEndpoint<Context>> {
    if find(endpoints, &method).is_some() {
        return None;
    }
    let allow = allow.clone();
    let endpoint = match (&method, find(endpoints, &Method::GET)) {
        // The connection leaves the body out.
        (&Method::HEAD, Some(get)) => same_as(get, path, method),
        (&Method::OPTIONS, _) => endpoint("options", path, method, move |rqctx| {
            Ok(options(rqctx, &allow))
        }),
        _ => endpoint("method_not_allowed", path, method, move |rqctx| {
            refuse(rqctx, &allow)
        }),
    };
    Some(endpoint)
}

/// An endpoint with the handler of another one.
fn same_as(other: &ApiEndpoint<Context>, path: &str, method: Method) -> ApiEndpoint<Context> {
    let mut same = endpoint(&other.operation_id, path, method, |_| {
        Ok(Response::default())
    });
    same.handler = Arc::clone(&other.handler);
    same.body_content_type = other.body_content_type.clone();
    same.request_body_max_bytes = other.request_body_max_bytes;
    same
}

fn endpoint(
    operation_id: &str,
    path: &str,
    method: Method,
    answer: impl Fn(&RequestContext<Context>) -> Result<Response<Body>, HttpError>
    + Send
    + Sync
    + 'static,
) -> ApiEndpoint<Context> {
    let handler = move |rqctx: RequestContext<Context>| std::future::ready(answer(&rqctx));
    let id = operation_id.to_string();
    let mut endpoint = ApiEndpoint::new(
        id,
        handler,
        method,
        "application/json",
        path,
        ApiEndpointVersions::All,
    );
    endpoint.visible = false;
    endpoint.parameters = variables(path);
    endpoint
}

/// The variables of a path, which the framework wants to see declared, and refuses to register otherwise.
fn variables(path: &str) -> Vec<ApiEndpointParameter> {
    fn of<P: Input>() -> Vec<ApiEndpointParameter> {
        <PathParameters<P> as SharedExtractor>::metadata(ApiEndpointBodyContentType::Json)
            .parameters
    }
    let names = path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    match names.collect::<Vec<_>>()[..] {
        ["dataset_id"] => of::<DatasetPath>(),
        ["job_id"] => of::<JobPath>(),
        ["token_id"] => of::<TokenPath>(),
        ["dataset_id", "principal"] => of::<GrantPath>(),
        ["dataset_id", "job_id"] => of::<ReuploadPath>(),
        ["dataset_id", "rule_id"] => of::<TrustRulePath>(),
        ["dataset_id", "version"] => of::<VersionPath>(),
        ["dataset_id", "webhook_id"] => of::<WebhookPath>(),
        ["dataset_id", "webhook_id", "delivery_id"] => of::<DeliveryPath>(),
        _ => Vec::new(),
    }
}

fn options(rqctx: &RequestContext<Context>, allow: &HeaderValue) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = cors::preflight_headers(
        &rqctx.context().allowed_origins,
        rqctx.request.headers(),
        allow,
    );
    response.headers_mut().extend(headers);
    response.headers_mut().insert(header::ALLOW, allow.clone());
    response
}

fn refuse(
    rqctx: &RequestContext<Context>,
    allow: &HeaderValue,
) -> Result<Response<Body>, HttpError> {
    let msg = format!(
        "The path supports only the methods {}",
        allow.to_str().unwrap_or_default()
    );
    let failure: Failure = ValidationError::new(ErrorType::MethodNotAllowed, ["method"], msg)
        .with_input(&rqctx.request.method().as_str().into())
        .into();
    let mut response = failure.into_response()?;
    let headers = cors::answer_headers(&rqctx.context().allowed_origins, rqctx.request.headers());
    response.headers_mut().extend(headers);
    response.headers_mut().insert(header::ALLOW, allow.clone());
    Ok(response)
}
