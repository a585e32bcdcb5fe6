//! HTTP: the only implementation of the API trait. Each handler takes its request apart and hands it on.

mod access;
#[cfg(test)]
mod allocation;
mod asset;
mod connection;
mod context;
mod cors;
mod docs;
mod error;
mod forward;
mod get;
mod gzip;
mod login_options;
mod methods;
mod operations;
mod probes;
mod public_url;
mod respond;
mod routes;
mod server;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use dropshot::{ApiDescription, ConfigDropshot, ServerBuilder};
use prometheus_client::metrics::gauge::Gauge;
use tokio_rustls::rustls;

use self::connection::Site;
use self::docs::Document;
use self::forward::Forwarder;
use self::operations::Operations;
use crate::app::App;
use crate::health::RecentHealth;
use crate::rate_limit::TrustedProxies;

pub use self::context::Context;
pub use self::cors::Origin;
pub use self::get::{Protocol, get};
pub use self::public_url::PublicUrl;
pub use self::routes::Routes;
pub use self::server::Server;

/// Most bytes of a body, where an operation does not say otherwise.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Connections to a listener that serves only probes or metrics.
const MAX_PROBE_CONNECTIONS: usize = 32;

/// How long a connection to such a listener may be silent.
const PROBE_IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// Where and to whom the API is served.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Address that clients connect to.
    pub listen: SocketAddr,
    /// URL at which clients reach the API, if it is known.
    pub public_url: Option<PublicUrl>,
    /// Origins whose pages may use the API.
    pub allowed_origins: Vec<Origin>,
    /// Connections that are served at the same time.
    pub max_connections: usize,
    /// How long a connection may be silent before a request, and take to send the request's head.
    pub idle_timeout: Duration,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Whether the metrics are served here too, since they have no listener of their own.
    pub has_metrics: bool,
    /// How TLS handshakes are made; without it, connections are not encrypted.
    pub tls: Option<Arc<rustls::ServerConfig>>,
}

impl ServerConfig {
    /// For a few clients inside of a network, which need no API.
    fn internal(listen: SocketAddr) -> Self {
        Self {
            listen,
            public_url: None,
            allowed_origins: Vec::new(),
            max_connections: MAX_PROBE_CONNECTIONS,
            idle_timeout: PROBE_IDLE_TIMEOUT,
            trusted_proxies: TrustedProxies::default(),
            has_metrics: false,
            tls: None,
        }
    }
}

/// Begins to serve the API.
///
/// # Errors
/// If the address cannot be listened on.
pub fn serve(app: Arc<App>, config: ServerConfig) -> anyhow::Result<Server> {
    let api = methods::complete_api(config.has_metrics)?;
    let counted = Gauge::clone(&app.metrics.connections);
    start(api, app, config, &counted)
}

/// Begins to serve probes alone, with or without the metrics, for a process that does not serve the API.
///
/// # Errors
/// If the address cannot be listened on.
pub fn serve_probes(
    app: Arc<App>,
    listen: SocketAddr,
    has_metrics: bool,
) -> anyhow::Result<Server> {
    let api = methods::probes_api(has_metrics)?;
    start(api, app, ServerConfig::internal(listen), &Gauge::default())
}

/// Begins to serve the metrics alone.
///
/// # Errors
/// If the address cannot be listened on.
pub fn serve_metrics(app: Arc<App>, listen: SocketAddr) -> anyhow::Result<Server> {
    let api = methods::metrics_api()?;
    start(api, app, ServerConfig::internal(listen), &Gauge::default())
}

/// Begins to serve operations, and to count the open connections to them.
fn start(
    (api, operations): (ApiDescription<Context>, Operations),
    app: Arc<App>,
    config: ServerConfig,
    connections: &Gauge,
) -> anyhow::Result<Server> {
    let listener = restow_connections::listen(config.listen)?;
    let framework = ConfigDropshot {
        bind_address: (Ipv4Addr::LOCALHOST, 0).into(),
        default_request_body_max_bytes: MAX_BODY_BYTES,
        ..ConfigDropshot::default()
    };
    let context = Context {
        app: Arc::clone(&app),
        health: RecentHealth::default(),
        operations,
        allowed_origins: config.allowed_origins.clone(),
        document: Document::new(config.public_url.clone()),
    };
    // The framework's own log would hold what ours leaves out.
    let silent = slog::Logger::root(slog::Discard, slog::o!());
    let framework = ServerBuilder::new(api, context, silent)
        .config(framework)
        .start()?;
    let site = Site {
        app,
        allowed_origins: config.allowed_origins,
        forwarder: Forwarder::new(framework.local_addr()),
        idle_timeout: config.idle_timeout,
        trusted_proxies: config.trusted_proxies,
        tls: config.tls,
    };
    Ok(Server::start(
        listener,
        config.max_connections,
        connections,
        site,
        framework,
    )?)
}
