//! What the requests of a connection get: the framework's response, or, above the bound on connections, a refusal.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use dropshot::Body;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use restow_api::error::{ErrorType, Failure, ValidationError};
use restow_api::request::discard_body;
use restow_connections::{Hold, Slot, Timeouts};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ServerConfig;

use super::cors::{self, Origin};
use super::error::rate_limited;
use super::forward::{Forwarder, set_client_address};
use crate::app::App;
use crate::rate_limit::{AddressBlock, TrustedProxies};

/// How long a connection that has not sent a request yet may take to send one when the process stops.
const LAST_REQUEST_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a connection above the bound may take to send its request, and to read the response.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a 429 is held back, in milliseconds. Clients that send on regardless then cost little: each of their connections sends
/// some two requests a second. Those that wait, as they are told to, wait hardly longer. The time is random, since connections that were
/// refused together would otherwise send their next requests together.
const TOO_MANY_REQUESTS_DELAY: RangeInclusive<u64> = 250..=750;

/// Paths that are served on connections above the bound and above the rate of an address too: an orchestrator must not take load
/// for death.
const PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// What all connections share.
#[derive(Debug)]
pub(super) struct Site {
    /// What the operations work with.
    pub(super) app: Arc<App>,
    /// Origins whose pages may use the API.
    pub(super) allowed_origins: Vec<Origin>,
    /// The way to the framework.
    pub(super) forwarder: Forwarder,
    /// How long a connection may be silent before a request, and take to send the request's head.
    pub(super) idle_timeout: Duration,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub(super) trusted_proxies: TrustedProxies,
    /// How handshakes are made; without it, connections are not encrypted.
    pub(super) tls: Option<Arc<ServerConfig>>,
}

impl Site {
    /// The response to a request.
    async fn respond(&self, request: Request<Incoming>, client: Option<IpAddr>) -> Response<Body> {
        let mut response = self.forward(request, client).await;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            response = in_memory(response).await;
            let delay = rand::random_range(TOO_MANY_REQUESTS_DELAY);
            let hold = Hold(Duration::from_millis(delay));
            response.extensions_mut().insert(hold);
        }
        if self.app.draining.is_cancelled() {
            close_after(&mut response);
        }
        response
    }

    /// The framework's response, or that to a client whose address has sent too many requests.
    async fn forward(
        &self,
        mut request: Request<Incoming>,
        client: Option<IpAddr>,
    ) -> Response<Body> {
        let client = client.map(|peer| self.trusted_proxies.client(peer, request.headers()));
        let origin = request.headers().get(header::ORIGIN).cloned();
        if let Some(refusal) = self.refusal_by_rate(request.uri().path(), client) {
            discard_body(request);
            return self.with_origin(refusal, origin);
        }
        set_client_address(request.headers_mut(), client);
        match self.forwarder.send(request).await {
            Ok(response) => response,
            Err(error) => {
                tracing::warn!(%error, "failed to process a request");
                self.unavailable("The server failed to process the request", origin)
            }
        }
    }

    /// The response to a request on a connection above the bound.
    async fn refuse(&self, request: Request<Incoming>, client: Option<IpAddr>) -> Response<Body> {
        let mut response = if PROBES.contains(&request.uri().path()) {
            self.respond(request, client).await
        } else {
            self.app.metrics.refused_connections.inc();
            let origin = request.headers().get(header::ORIGIN).cloned();
            discard_body(request);
            self.unavailable("The server has too many connections", origin)
        };
        close_after(&mut response);
        response
    }

    /// The refusal of a request from an address that has sent too many. All but probes count, since one path can be written in
    /// several ways.
    fn refusal_by_rate(&self, path: &str, client: Option<IpAddr>) -> Option<Response<Body>> {
        let block = AddressBlock::from(client.filter(|_| !PROBES.contains(&path))?);
        let requests = &self.app.rate_limits.requests_of_address;
        let exceeded = requests.take(block, None, NonZeroU32::MIN).err()?;
        self.app.metrics.refused_requests.inc();
        let mut response = whole(rate_limited(&exceeded));
        exceeded.remaining.add_to(response.headers_mut());
        Some(response)
    }

    fn unavailable(&self, msg: &str, origin: Option<HeaderValue>) -> Response<Body> {
        let error = ValidationError::new(ErrorType::Unavailable, ["server"], msg.to_string());
        self.with_origin(whole(error.into()), origin)
    }

    /// A response that pages of the origin may read, if it is allowed.
    fn with_origin(
        &self,
        mut response: Response<Body>,
        origin: Option<HeaderValue>,
    ) -> Response<Body> {
        let request = origin.map(|origin| (header::ORIGIN, origin));
        let headers = cors::answer_headers(&self.allowed_origins, &request.into_iter().collect());
        response.headers_mut().extend(headers);
        response
    }
}

/// A response that needs its connection to the framework no longer. Responses with errors are small.
async fn in_memory(response: Response<Body>) -> Response<Body> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap_or_default();
    Response::from_parts(parts, Body::with_content(body.to_bytes()))
}

fn whole(failure: Failure) -> Response<Body> {
    let status = failure.status();
    failure.into_response().unwrap_or_else(|_| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        response
    })
}

fn close_after(response: &mut Response<Body>) {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
}

/// Address of the client, where the connection still has one. One of IPv4 is shown as such.
fn address_of(stream: &TcpStream) -> Option<IpAddr> {
    let address = stream.peer_addr().ok()?;
    Some(address.ip().to_canonical())
}

/// With which other connections one shares a bound: those of the same address. A proxy has those of many clients.
pub(super) fn source_of(stream: &TcpStream, site: &Site) -> Option<IpAddr> {
    let address = address_of(stream)?;
    let is_proxy = site.trusted_proxies.trusts(address);
    (!is_proxy).then(|| AddressBlock::from(address).first())
}

/// Serves the requests of a connection that has a slot.
pub(super) async fn serve(stream: TcpStream, slot: Slot, site: Arc<Site>) {
    let timeouts = Timeouts {
        head: site.idle_timeout,
        write: site.idle_timeout,
        last_request: LAST_REQUEST_TIMEOUT,
    };
    let client = address_of(&stream);
    let tls = site.tls.clone();
    respond_with(stream, slot, timeouts, tls, |request| {
        let site = Arc::clone(&site);
        async move { site.respond(request, client).await }
    })
    .await;
}

/// Serves one request on a connection above the bound: a probe as ever, and 503 for anything else.
pub(super) async fn refuse(stream: TcpStream, slot: Slot, site: Arc<Site>) {
    let timeouts = Timeouts {
        head: REFUSAL_TIMEOUT,
        write: REFUSAL_TIMEOUT,
        last_request: LAST_REQUEST_TIMEOUT,
    };
    let client = address_of(&stream);
    let tls = site.tls.clone();
    respond_with(stream, slot, timeouts, tls, |request| {
        let site = Arc::clone(&site);
        async move { site.refuse(request, client).await }
    })
    .await;
}

async fn respond_with<F: Future<Output = Response<Body>>>(
    stream: TcpStream,
    slot: Slot,
    timeouts: Timeouts,
    tls: Option<Arc<ServerConfig>>,
    respond: impl Fn(Request<Incoming>) -> F,
) {
    let Some(tls) = tls else {
        return restow_connections::serve(stream, slot, timeouts, respond).await;
    };
    if let Some(stream) = restow_connections::handshake(stream, &slot, timeouts, tls).await {
        restow_connections::serve(stream, slot, timeouts, respond).await;
    }
}
