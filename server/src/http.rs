//! HTTP: the only implementation of the API trait. Each handler takes its request apart and hands it on.

mod context;
mod cors;
mod docs;
mod error;
mod methods;
mod probes;
mod respond;
mod routes;

use std::net::SocketAddr;
use std::sync::Arc;

use dropshot::{ApiDescription, ConfigDropshot, HttpServer, ServerBuilder};

use self::docs::Document;
use crate::app::App;
use crate::health::RecentHealth;

pub use self::context::Context;
pub use self::cors::Origin;
pub use self::routes::Routes;

/// Most bytes of a body, where an operation does not say otherwise.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Begins to serve on an address, to programs, and to pages of these origins.
///
/// # Errors
/// If the address cannot be listened on.
pub fn serve(
    app: Arc<App>,
    listen: SocketAddr,
    allowed_origins: Vec<Origin>,
) -> anyhow::Result<HttpServer<Context>> {
    start(methods::complete_api()?, app, listen, allowed_origins)
}

/// Begins to serve probes and metrics alone, for a process that does not serve the API.
///
/// # Errors
/// If the address cannot be listened on.
pub fn serve_probes(app: Arc<App>, listen: SocketAddr) -> anyhow::Result<HttpServer<Context>> {
    start(methods::probes_api()?, app, listen, Vec::new())
}

fn start(
    api: ApiDescription<Context>,
    app: Arc<App>,
    listen: SocketAddr,
    allowed_origins: Vec<Origin>,
) -> anyhow::Result<HttpServer<Context>> {
    let config = ConfigDropshot {
        bind_address: listen,
        default_request_body_max_bytes: MAX_BODY_BYTES,
        compression: dropshot::CompressionConfig::Gzip,
        ..ConfigDropshot::default()
    };
    let context = Context {
        app,
        health: RecentHealth::default(),
        allowed_origins,
        document: Document::new(),
    };
    // The framework's own log would hold what ours leaves out.
    let silent = slog::Logger::root(slog::Discard, slog::o!());
    Ok(ServerBuilder::new(api, context, silent)
        .config(config)
        .start()?)
}
