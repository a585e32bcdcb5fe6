//! HTTP: the only implementation of the API trait. Each handler takes its request apart and hands it on.

mod docs;
mod error;
mod probes;
mod respond;
mod routes;

use std::net::SocketAddr;
use std::sync::Arc;

use dropshot::{ConfigDropshot, HttpServer, ServerBuilder};
use restow_api::restow_api_mod;

use crate::app::App;

pub use self::routes::Routes;

/// Most bytes of a body, where an operation does not say otherwise.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// What the handlers share.
#[derive(Debug)]
pub struct Context {
    /// What the operations work with.
    pub app: Arc<App>,
    document: docs::Document,
}

/// Begins to serve on an address.
///
/// # Errors
/// If the address cannot be listened on.
pub fn serve(app: Arc<App>, listen: SocketAddr) -> anyhow::Result<HttpServer<Context>> {
    let api = restow_api_mod::api_description::<Routes>()?;
    let config = ConfigDropshot {
        bind_address: listen,
        default_request_body_max_bytes: MAX_BODY_BYTES,
        compression: dropshot::CompressionConfig::Gzip,
        ..ConfigDropshot::default()
    };
    let context = Context { app, document: docs::Document::new() };
    // The framework's own log would hold what ours leaves out.
    let silent = slog::Logger::root(slog::Discard, slog::o!());
    Ok(ServerBuilder::new(api, context, silent).config(config).start()?)
}
