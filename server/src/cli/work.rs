//! `restow-server worker` and `restow-server reap`.

use std::sync::Arc;

use anyhow::Result;

use super::arguments::{ReapArguments, WorkArguments};
use super::connect::{self, S3};
use super::{embedded_s3, shutdown};
use crate::app::App;
use crate::reaper::{self, Reaped, Round, Survey};
use crate::{ownership, service, worker};

pub(super) async fn app(arguments: &WorkArguments) -> Result<Arc<App>> {
    let place = match S3::of(&arguments.s3)? {
        S3::Embedded => Some(embedded_s3::find(&arguments.database.data_dir)?),
        S3::Bucket(_) => None,
    };
    let settings = connect::settings(arguments)?;
    connect::app(
        arguments,
        settings,
        connect::store(&arguments.database).await?,
        place.as_ref(),
    )
    .await
}

/// Inspects uploaded objects until the process is told to stop.
pub async fn worker(arguments: WorkArguments) -> Result<()> {
    let signals = shutdown::Signals::new()?;
    let app = app(&arguments).await?;
    ownership::warn(&app).await;
    service::confirm(&app).await?;
    say!("working");
    app.tasks.spawn(service::run(Arc::clone(&app)));
    app.tasks.spawn(worker::listen(Arc::clone(&app)));
    app.tasks.spawn(worker::run(Arc::clone(&app)));
    signals.received().await;
    shutdown::finish(&app).await;
    Ok(())
}

/// Reaps once, and says what was done; or only what would be.
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
            Round::Done(reaped) => tell(&reaped),
            Round::Skipped(reason) => say!("nothing was removed: {reason}"),
        }
    }
    if arguments.delete_unknown_objects {
        match reaper::delete_unknown_objects(&app).await? {
            Some(removed) => say!("{removed} unknown objects removed"),
            None => say!("0 unknown objects removed: this database does not own the bucket"),
        }
    }
    shutdown::finish(&app).await;
    Ok(())
}

fn tell(reaped: &Reaped) {
    say!(
        "{} jobs expired, {} put off",
        reaped.expired,
        reaped.extended
    );
    say!(
        "{} jobs cleaned, {} uploads swept that no job knew of",
        reaped.cleaned,
        reaped.swept
    );
    say!(
        "{} versions retired, {} objects removed",
        reaped.retired,
        reaped.removed
    );
    say!(
        "{} deleted datasets forgotten, {} jobs that ended long ago",
        reaped.forgotten,
        reaped.forgotten_jobs
    );
    say!(
        "{} whole objects left in place whose jobs were never completed",
        reaped.unknown
    );
    say!("{} things failed, to be tried again", reaped.failed);
}

fn show(survey: &Survey) {
    list("jobs to expire, unless parts still arrive", &survey.overdue);
    list("jobs to clean", &survey.leftovers);
    list("objects to remove", &survey.removable);
    list("uploads to sweep that no job knows of", &survey.orphans);
    list("objects that no job knows of, left alone", &survey.unknown);
}

pub(super) fn list(what: &str, items: &[impl std::fmt::Display]) {
    say!("{} {what}", items.len());
    for item in items {
        say!("  {item}");
    }
}
