//! Wakes the worker when another process announces work.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::app::App;

/// Pause before the database is tried again.
const RECONNECT_INTERVAL: Duration = Duration::from_secs(2);

/// Wakes the worker when another process notifies of work, until the process is to stop.
pub async fn listen(app: Arc<App>) {
    while !app.stopping.is_cancelled() {
        let received = async {
            let Some(mut listener) = app.store.listen_for_work().await? else {
                return Ok(());
            };
            loop {
                app.work_due.notify_one();
                listener.received().await?;
            }
        };
        let received: Result<(), sqlx::Error> = tokio::select! {
            () = app.stopping.cancelled() => return,
            received = received => received,
        };
        match received {
            // SQLite has no notifications; the worker polls.
            Ok(()) => return app.stopping.cancelled().await,
            Err(error) => {
                tracing::warn!(%error, "LISTEN failed, polling instead");
            }
        }
        tokio::select! {
            () = app.stopping.cancelled() => {}
            () = sleep(RECONNECT_INTERVAL) => {}
        }
    }
}
