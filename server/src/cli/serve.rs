//! `restow-server serve`.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use super::arguments::{S3Arguments, ServeArguments};
use super::connect::{self, S3, Schema};
use super::shutdown::{self, Budget, Signals};
use super::{descriptors, embedded_s3};
use crate::app::{App, Settings};
use crate::http::ServerConfig;
use crate::store::Store;
use crate::token::{self, NewToken};
use crate::{clock, health, http, ownership, reaper, service, supervision, worker};

/// Who the first token belongs to.
const FIRST_PRINCIPAL: &str = "default";

/// Serves until the process receives a signal to stop.
pub async fn run(arguments: ServeArguments) -> Result<()> {
    let mut signals = Signals::new()?;
    let work = &arguments.work;
    if arguments.drain >= work.shutdown_timeout {
        bail!("--drain must be shorter than --shutdown-timeout, which includes it");
    }
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
        S3::Embedded => {
            connect::create_data_dir(data_dir)?;
            let min_part_size = work.uploads.min_part_size.as_u64();
            let listen = arguments.embedded_s3_listen;
            let region = &work.s3.s3_region;
            let started =
                embedded_s3::start(data_dir, listen, region, min_part_size, max_connections);
            Some(started.await?)
        }
        S3::Bucket(_) => None,
    };
    let endpoint = embedded.as_ref().map(|(_, endpoint)| endpoint);
    let mut settings = Settings {
        body_timeout: arguments.body_timeout,
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
        },
    )
    .await
    .with_context(|| format!("cannot serve on {}", arguments.listen))?;
    warn_of_loopback(
        arguments.listen,
        &work.s3,
        endpoint.map(|endpoint| endpoint.address),
    );
    if health::warn(&app).await {
        ownership::warn(&app).await;
    }
    run_tasks(&app, &arguments).await;
    announce(server.local_addr(), endpoint, token_file.as_deref());
    let stop = signals.next().await;
    let budget = Budget::start(work.shutdown_timeout);
    shutdown::drain(&app, &mut signals, stop, arguments.drain).await;
    signals.exit_on_next();
    app.stopping.cancel();
    if !server.close(budget.work_end()).await {
        tracing::warn!("some requests did not finish in time");
    }
    shutdown::finish(&app, budget).await;
    if let Some((embedded, _)) = embedded {
        embedded.shutdown(budget.left()).await;
    }
    Ok(())
}

/// Starts the background tasks that are wanted.
async fn run_tasks(app: &Arc<App>, arguments: &ServeArguments) {
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
    if !arguments.no_worker {
        supervision::keep(app, "listener", worker::listen);
        supervision::keep(app, "worker", worker::run);
    }
    if !arguments.no_reaper {
        supervision::keep(app, "reaper", reaper::run);
    }
}

/// The file with the first token, which is made where there is none yet.
async fn first_token(store: &Store, data_dir: &Path) -> Result<Option<std::path::PathBuf>> {
    let path = data_dir.join("token");
    if store.count_tokens().await? == 0 {
        let token = NewToken::generate();
        // The file first: a crash in between must not leave a valid token whose secret is lost.
        embedded_s3::write_secret(&path, token.secret.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
        token::insert(store, &token, FIRST_PRINCIPAL, None, clock::now()).await?;
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
    listen: SocketAddr,
    embedded: Option<&embedded_s3::EmbeddedEndpoint>,
    token_file: Option<&Path>,
) {
    let mut lines = vec![
        format!("listening on http://{listen}"),
        format!("  API    http://{listen}/api"),
        format!("  docs   http://{listen}/docs"),
    ];
    lines.extend(
        embedded.map(|endpoint| format!("  S3     http://{} (embedded)", endpoint.address)),
    );
    if let Some(file) = token_file.map(Path::display) {
        lines.push(format!("  token  {file}\n\nTry it:"));
        lines.push(format!(
            "  curl -H \"Authorization: Bearer $(cat '{file}')\" http://{listen}/api/datasets"
        ));
    }
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}\n", lines.join("\n")).and_then(|()| out.flush());
}
