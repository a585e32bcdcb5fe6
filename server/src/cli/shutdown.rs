//! The end of a process: what runs is finished, for a while.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::timeout;

use crate::app::App;

/// How long what runs may take to finish.
pub const GRACE: Duration = Duration::from_secs(25);

/// SIGTERM and Ctrl-C, which are received from the beginning on.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Begins to hear them.
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

/// Has the background work come to an end; what does not within the grace is left to its leases.
pub async fn finish(app: &App) {
    app.stopping.cancel();
    app.tasks.close();
    if timeout(GRACE, app.tasks.wait()).await.is_err() {
        tracing::warn!(
            tasks = app.tasks.len(),
            "background work did not finish in time; it is resumed when its leases expire"
        );
    }
    // A connection that does not answer goes with the process.
    let _ = timeout(GRACE, app.store.close()).await;
}
