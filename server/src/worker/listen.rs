//! Wakes the worker when another process announces work.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::app::App;

/// Pause after the database did not answer.
const PAUSE: Duration = Duration::from_secs(2);

/// Rings for work that other processes announce, until the process is to stop.
pub async fn listen(app: Arc<App>) {
    while !app.stopping.is_cancelled() {
        let heard = async {
            let Some(mut listener) = app.store.listen_for_work().await? else {
                return Ok(());
            };
            loop {
                app.work_due.notify_one();
                listener.heard().await?;
            }
        };
        let heard: Result<(), sqlx::Error> = tokio::select! {
            () = app.stopping.cancelled() => return,
            heard = heard => heard,
        };
        match heard {
            // This database passes nothing on; the worker polls.
            Ok(()) => return,
            Err(error) => {
                tracing::warn!(%error, "announcements of work cannot be heard; they are polled for meanwhile");
            }
        }
        tokio::select! {
            () = app.stopping.cancelled() => {}
            () = sleep(PAUSE) => {}
        }
    }
}
