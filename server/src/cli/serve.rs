//! `restow-server serve`.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use restow_embedded_s3::EmbeddedS3;

use super::arguments::{MonitoringArguments, S3Arguments, ServeArguments};
use super::connect::{self, S3, Schema};
use super::shutdown::{self, Budget, Signals};
use super::spans::Spans;
use super::{descriptors, embedded_s3};
use crate::app::{App, Settings};
use crate::event::StreamLimits;
use crate::http::ServerConfig;
use crate::oidc::{IssuerList, Issuers};
use crate::rate_limit::TrustedProxies;
use crate::store::Store;
use crate::tls::{self, Tls};
use crate::token::{self, NewToken, TokenTerms};
use crate::{clock, event, health, http, ownership, reaper, service, supervision, webhook, worker};

/// Who the first token belongs to.
const FIRST_PRINCIPAL: &str = "default";

/// Serves until the process receives a signal to stop.
pub async fn run(arguments: ServeArguments, spans: Spans) -> Result<()> {
    let mut signals = Signals::new()?;
    let work = &arguments.work;
    if arguments.drain >= work.shutdown_timeout {
        bail!("--drain must be shorter than --shutdown-timeout, which includes it");
    }
    let tls = arguments.tls.files()?.map(Tls::load).transpose()?;
    if arguments.read_only && arguments.migrate {
        bail!(
            "--migrate changes the database, and cannot be combined with --read-only; run `restow-server migrate` first"
        );
    }
    let data_dir = &work.database.data_dir;
    let s3 = S3::of(&work.s3)?;
    let servers = if matches!(s3, S3::Embedded) { 2 } else { 1 };
    let max_connections = descriptors::max_connections(arguments.max_connections, servers);
    let embedded = match s3 {
        S3::Embedded => Some(start_embedded_s3(&arguments, max_connections).await?),
        S3::Bucket(_) => None,
    };
    let endpoint = embedded.as_ref().map(|(_, endpoint)| endpoint);
    let mut settings = Settings {
        body_timeout: arguments.body_timeout,
        rates: arguments.rate_limits.rates(),
        issuers: Arc::new(issuers(arguments.oidc_issuers.clone())?),
        event_streams: stream_limits(&arguments, max_connections),
        storage_price: arguments.monitoring.storage_price,
        is_read_only: arguments.read_only,
        ..connect::settings(work)?
    };
    if arguments.no_worker {
        settings.inline_inspection_limit = 0;
    }
    let schema = if arguments.read_only {
        Schema::Check
    } else if arguments.migrate {
        Schema::Migrate
    } else {
        Schema::MigrateSqlite
    };
    let store = connect::store(&work.database, schema).await?;
    let app = connect::app(work, settings, store, endpoint).await?;
    let token_file = match endpoint {
        Some(_) if !arguments.read_only => first_token(&app.store, data_dir).await?,
        _ => None,
    };
    let server = http::serve(
        Arc::clone(&app),
        ServerConfig {
            listen: arguments.listen,
            public_url: arguments.public_url.clone(),
            allowed_origins: arguments.allowed_origins.clone(),
            max_connections,
            idle_timeout: arguments.idle_timeout,
            trusted_proxies: TrustedProxies::new(arguments.rate_limits.trusted_proxies.clone()),
            has_metrics: arguments.monitoring.metrics_listen.is_none(),
            tls: tls.as_deref().map(Tls::config),
        },
    )
    .with_context(|| format!("cannot serve on {}", arguments.listen))?;
    let metrics = serve_metrics(&app, &arguments.monitoring)?;
    warn_of_loopback(
        arguments.listen,
        &work.s3,
        endpoint.map(|endpoint| endpoint.address),
    );
    if health::warn(&app).await {
        ownership::warn(&app).await;
    }
    keep_tasks(&app, &arguments).await;
    let metrics_address = metrics.as_ref().map(http::Server::local_addr);
    let protocol = if tls.is_some() { "https" } else { "http" };
    let url = format!("{protocol}://{}", server.local_addr());
    announce(&url, metrics_address, endpoint, token_file.as_deref());
    if let Some(tls) = tls {
        supervision::keep(&app, "certificate", move |app| {
            tls::watch(app, Arc::clone(&tls))
        });
    }
    let stop = signals.next().await;
    let budget = Budget::start(work.shutdown_timeout);
    shutdown::drain(&app, &mut signals, stop, arguments.drain).await;
    signals.exit_on_next();
    app.stopping.cancel();
    if !server.close(budget.work_end()).await {
        tracing::warn!("some requests did not finish in time");
    }
    // Metrics are served until the work is released.
    shutdown::stop_work(&app, budget).await;
    if let Some(metrics) = metrics {
        metrics.close(budget.work_end()).await;
    }
    spans.finish(budget.left() / 2).await;
    shutdown::close(&app, budget).await;
    if let Some((embedded, _)) = embedded {
        embedded.shutdown(budget.left()).await;
    }
    Ok(())
}

fn stream_limits(arguments: &ServeArguments, max_connections: usize) -> StreamLimits {
    StreamLimits {
        of_principal: arguments.max_event_streams,
        of_process: descriptors::max_streams(max_connections),
    }
}

/// Starts the embedded S3 on the data directory.
async fn start_embedded_s3(
    arguments: &ServeArguments,
    max_connections: usize,
) -> Result<(EmbeddedS3, embedded_s3::EmbeddedEndpoint)> {
    let work = &arguments.work;
    let data_dir = &work.database.data_dir;
    connect::create_data_dir(data_dir)?;
    let min_part_size = work.uploads.min_part_size.as_u64();
    let (listen, region) = (arguments.embedded_s3_listen, &work.s3.s3_region);
    embedded_s3::start(data_dir, listen, region, min_part_size, max_connections).await
}

/// The issuers whose tokens are accepted.
fn issuers(list: Option<IssuerList>) -> Result<Issuers> {
    let issuers = Issuers::new(list.unwrap_or_default());
    issuers.context(
        "cannot trust issuers of tokens, since the certificates of the system cannot be read",
    )
}

/// Starts the background tasks of a process that serves.
async fn keep_tasks(app: &Arc<App>, arguments: &ServeArguments) {
    keep_issuers(app);
    supervision::keep(app, "events", event::feed_streams);
    if arguments.read_only {
        tracing::warn!(
            "read-only: what changes something is refused with 503, and neither worker nor reaper runs"
        );
        // Clients cannot upload, so that this is no service, and time does not count against deadlines.
        supervision::keep(app, "clock", service::read_clock);
        return;
    }
    // Before anything acts on a deadline: the time without service does not count.
    if let Err(error) = service::confirm(app).await {
        tracing::warn!(%error, "failed to note that the deployment is served; nothing expires until that succeeds");
    }
    supervision::keep(app, "service", service::run);
    supervision::keep(app, "refusals", event::record_refusals);
    if !arguments.no_worker {
        supervision::keep(app, "listener", worker::listen);
        supervision::keep(app, "worker", worker::run);
        supervision::keep(app, "webhooks", webhook::dispatch);
    }
    if !arguments.no_reaper {
        supervision::keep(app, "reaper", reaper::run);
    }
}

/// Keeps the keys of issuers fresh, where there are any.
fn keep_issuers(app: &Arc<App>) {
    if app.settings.issuers.configs().next().is_some() {
        supervision::keep(app, "issuers", |app| async move {
            app.settings.issuers.keep_fresh(&app.stopping).await;
        });
    }
}

/// Begins to serve the metrics at an address of their own, if they have one.
pub(super) fn serve_metrics(
    app: &Arc<App>,
    arguments: &MonitoringArguments,
) -> Result<Option<http::Server>> {
    let Some(listen) = arguments.metrics_listen else {
        return Ok(None);
    };
    let serving = http::serve_metrics(Arc::clone(app), listen);
    let server = serving.with_context(|| format!("cannot serve metrics on {listen}"))?;
    Ok(Some(server))
}

/// The file with the first token, which is made where there is none yet.
async fn first_token(store: &Store, data_dir: &Path) -> Result<Option<std::path::PathBuf>> {
    let path = data_dir.join("token");
    if store.count_tokens().await? == 0 {
        let token = NewToken::generate();
        // The file first: a crash in between must not leave a valid token whose secret is lost.
        embedded_s3::write_secret(&path, token.secret.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
        let now = clock::now();
        let principal = store.ensure_principal(FIRST_PRINCIPAL, now).await?;
        store.set_admin(principal.id, true).await?;
        token::insert(
            store,
            &token,
            &principal,
            &TokenTerms::unlimited("first token"),
            now,
        )
        .await?;
    }
    Ok(path.exists().then_some(path))
}

/// Signed URLs that name a loopback address are of no use to clients on other machines.
fn warn_of_loopback(listen: SocketAddr, s3: &S3Arguments, embedded: Option<SocketAddr>) {
    let named = s3.s3_public_endpoint.as_ref().or(s3.s3_endpoint.as_ref());
    let loopback = match (named, embedded) {
        (Some(url), _) => ["//127.", "//localhost", "//[::1]"]
            .iter()
            .any(|host| url.contains(host)),
        (None, Some(address)) => address.ip().is_loopback() || address.ip().is_unspecified(),
        (None, None) => false,
    };
    if loopback && !listen.ip().is_loopback() {
        tracing::warn!(
            "the API listens for other machines, but signed URLs contain a loopback address, which only this machine reaches; set \
             --s3-public-endpoint (and --embedded-s3-listen, for the embedded S3)"
        );
    }
}

/// Prints the addresses. A closed standard output is no error.
fn announce(
    url: &str,
    metrics: Option<SocketAddr>,
    embedded: Option<&embedded_s3::EmbeddedEndpoint>,
    token_file: Option<&Path>,
) {
    let mut lines = vec![
        format!("listening on {url}"),
        format!("  API    {url}/api"),
        format!("  docs   {url}/docs"),
    ];
    lines.extend(metrics.map(|address| format!("  metrics http://{address}/metrics")));
    lines.extend(
        embedded.map(|endpoint| format!("  S3     http://{} (embedded)", endpoint.address)),
    );
    if let Some(file) = token_file.map(Path::display) {
        lines.push(format!("  token  {file}\n\nTry it:"));
        lines.push(format!(
            "  curl -H \"Authorization: Bearer $(cat '{file}')\" {url}/api/datasets"
        ));
    }
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}\n", lines.join("\n")).and_then(|()| out.flush());
}
