//! Shutdown: running work gets some time to finish.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;

use crate::app::App;

/// How long running work may take to finish.
pub const GRACE: Duration = Duration::from_secs(25);

/// SIGTERM and SIGINT, handled from the start of the process.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Registers the handlers.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the first one; a second one ends the process at once.
    pub async fn received(mut self) {
        self.next().await;
        tracing::info!("stopping; send the signal again to stop at once");
        tokio::spawn(async move {
            self.next().await;
            std::process::exit(1);
        });
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Stops the background work; what does not finish within the grace is resumed when its leases expire.
pub async fn finish(app: &App) {
    app.stopping.cancel();
    app.tasks.close();
    if timeout(GRACE, app.tasks.wait()).await.is_err() {
        tracing::warn!(
            tasks = app.tasks.len(),
            "background work did not finish in time; it is resumed when its leases expire"
        );
    }
    // A connection that does not respond is closed with the process.
    let _ = timeout(GRACE, app.store.close()).await;
}
