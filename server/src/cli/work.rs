//! `restow-server worker` and `restow-server reap`.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use super::arguments::{ReapArguments, WorkArguments, WorkerArguments};
use super::connect::{self, S3, Schema};
use super::embedded_s3;
use super::serve::serve_metrics;
use super::shutdown::{self, Budget, Signals};
use super::spans::Spans;
use crate::app::{App, STORAGE_PRICE, Settings};
use crate::reaper::{self, Reaped, Round, Survey};
use crate::storage::ListedObject;
use crate::{clock, health, http, ownership, service, supervision, webhook, worker};

pub(super) async fn app(arguments: &WorkArguments) -> Result<Arc<App>> {
    app_with(arguments, STORAGE_PRICE).await
}

/// The same, for a process with metrics.
async fn app_with(arguments: &WorkArguments, storage_price: f64) -> Result<Arc<App>> {
    let endpoint = match S3::of(&arguments.s3)? {
        S3::Embedded => Some(embedded_s3::find(&arguments.database.data_dir)?),
        S3::Bucket(_) => None,
    };
    let settings = Settings {
        storage_price,
        ..connect::settings(arguments)?
    };
    connect::app(
        arguments,
        settings,
        connect::store(&arguments.database, Schema::Check).await?,
        endpoint.as_ref(),
    )
    .await
}

/// Inspects uploaded objects until the process receives a signal to stop.
pub async fn worker(arguments: WorkerArguments, spans: Spans) -> Result<()> {
    let mut signals = Signals::new()?;
    let monitoring = &arguments.monitoring;
    let app = app_with(&arguments.work, monitoring.storage_price).await?;
    let metrics = serve_metrics(&app, monitoring)?;
    let probes = match arguments.listen {
        Some(listen) => Some(
            http::serve_probes(Arc::clone(&app), listen, metrics.is_none())
                .with_context(|| format!("cannot serve on {listen}"))?,
        ),
        None => None,
    };
    if health::warn(&app).await {
        ownership::warn(&app).await;
    }
    say!("worker started");
    if let Some(probes) = &probes {
        say!("  probes http://{}", probes.local_addr());
    }
    if let Some(metrics) = &metrics {
        say!("  metrics http://{}/metrics", metrics.local_addr());
    }
    say!("");
    supervision::keep(&app, "clock", service::read_clock);
    supervision::keep(&app, "listener", worker::listen);
    supervision::keep(&app, "worker", worker::run);
    supervision::keep(&app, "webhooks", webhook::dispatch);
    signals.next().await;
    let budget = Budget::start(arguments.work.shutdown_timeout);
    app.draining.cancel();
    signals.exit_on_next();
    shutdown::stop_work(&app, budget).await;
    // Probes and metrics see the worker until it has released its work.
    for server in probes.into_iter().chain(metrics) {
        server.close(budget.work_end()).await;
    }
    spans.finish(budget.left() / 2).await;
    shutdown::close(&app, budget).await;
    Ok(())
}

/// Runs the reaper once and prints what it did, or with `--dry-run` what it would do.
pub async fn reap(arguments: ReapArguments) -> Result<()> {
    let app = app(&arguments.work).await?;
    if arguments.pause || arguments.resume {
        let since = arguments.pause.then(|| app.now());
        app.store.pause_reaping(since).await?;
        say!(
            "reaping is {}",
            if arguments.pause { "paused" } else { "resumed" }
        );
    } else if arguments.dry_run {
        show(&reaper::survey(&app, app.now()).await?);
    } else {
        match reaper::reap(&app).await? {
            Round::Done(reaped) => print_round(&reaped),
            Round::Skipped(reason) => say!("nothing was removed: {reason}"),
        }
    }
    if arguments.delete_unknown_objects {
        match reaper::delete_unknown_objects(&app).await? {
            Ok(removed) => say!("{removed} objects of no job deleted"),
            Err(reason) => say!("0 objects of no job deleted: {reason}"),
        }
    }
    shutdown::finish(&app, Budget::start(arguments.work.shutdown_timeout)).await;
    Ok(())
}

fn print_round(reaped: &Reaped) {
    say!(
        "{} jobs expired, {} deadlines extended",
        reaped.expired,
        reaped.extended
    );
    say!(
        "{} jobs cleaned, {} uploads of no job aborted",
        reaped.cleaned,
        reaped.swept
    );
    say!(
        "{} versions retired, {} objects deleted",
        reaped.retired,
        reaped.removed
    );
    say!(
        "{} deleted datasets and {} ended jobs removed from the database",
        reaped.forgotten,
        reaped.forgotten_jobs
    );
    say!(
        "{} objects of jobs that were never completed left in place",
        reaped.unknown
    );
    say!(
        "{} operations failed and are retried in the next round",
        reaped.failed
    );
}

fn show(survey: &Survey) {
    list(
        "jobs to expire, unless parts are still arriving",
        &survey.overdue,
    );
    list("jobs to clean", &survey.leftovers);
    list("objects to delete", &survey.removable);
    list("uploads of no job to abort", &survey.orphans);
    list(
        "objects of no job, not deleted without --delete-unknown-objects",
        &objects(&survey.unknown),
    );
}

/// Objects by key, size and age.
pub(super) fn objects(objects: &[ListedObject]) -> Vec<String> {
    let now = clock::now();
    let described = objects.iter().map(|object| {
        let size = object.size.map(|size| format!(", {size} bytes"));
        let age = object.last_modified.map(|at| {
            let seconds = (now - at).num_seconds().max(0).cast_unsigned();
            format!(
                ", {} old",
                humantime::format_duration(Duration::from_secs(seconds))
            )
        });
        format!(
            "{}{}{}",
            object.key,
            size.unwrap_or_default(),
            age.unwrap_or_default()
        )
    });
    described.collect()
}

pub(super) fn list(what: &str, items: &[impl std::fmt::Display]) {
    say!("{} {what}", items.len());
    for item in items {
        say!("  {item}");
    }
}
