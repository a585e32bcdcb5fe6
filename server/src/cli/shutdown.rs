//! The end of a process: what runs is finished, for a while.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

use crate::app::App;

/// How long what runs may take to finish.
pub const GRACE: Duration = Duration::from_secs(25);

/// Waits for SIGTERM or Ctrl-C.
pub async fn requested() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping; once more to stop at once");
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        std::process::exit(1);
    });
    Ok(())
}

/// Has the background work come to an end; what does not within the grace is left to its leases.
pub async fn finish(app: &App) {
    app.stopping.cancel();
    app.tasks.close();
    if timeout(GRACE, app.tasks.wait()).await.is_err() {
        tracing::warn!(tasks = app.tasks.len(), "work was left unfinished; it is taken up again when its leases end");
    }
    app.store.close().await;
}
