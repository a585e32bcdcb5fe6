//! `restow-server worker` and `restow-server reap`.

use std::sync::Arc;

use anyhow::Result;

use super::arguments::WorkArguments;
use super::connect::{self, S3};
use super::{embedded_s3, shutdown};
use crate::app::App;
use crate::{clock, reaper, worker};

async fn app(arguments: &WorkArguments) -> Result<Arc<App>> {
    let place = match S3::of(&arguments.s3)? {
        S3::Embedded => Some(embedded_s3::find(&arguments.database.data_dir)?),
        S3::Bucket(_) => None,
    };
    connect::app(arguments, connect::store(&arguments.database).await?, place.as_ref()).await
}

/// Inspects uploaded objects until the process is told to stop.
pub async fn worker(arguments: WorkArguments) -> Result<()> {
    let signals = shutdown::Signals::new()?;
    let app = app(&arguments).await?;
    app.tasks.spawn(worker::listen(Arc::clone(&app)));
    app.tasks.spawn(worker::run(Arc::clone(&app)));
    println!("working");
    signals.received().await;
    shutdown::finish(&app).await;
    Ok(())
}

/// Reaps once, and says what was done.
pub async fn reap(arguments: WorkArguments) -> Result<()> {
    let app = app(&arguments).await?;
    let reaped = reaper::reap(&app, clock::now()).await?;
    println!("{} jobs expired, {} put off", reaped.expired, reaped.extended);
    println!("{} jobs cleaned, {} to be tried again", reaped.cleaned, reaped.failed);
    println!("{} objects removed, {} deleted datasets forgotten", reaped.removed, reaped.forgotten);
    shutdown::finish(&app).await;
    Ok(())
}
