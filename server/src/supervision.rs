//! Supervision of background tasks: one that panics or ends is logged, counted, and started again.
//!
//! A task that keeps failing fails `/healthz`, so that an orchestrator restarts the process.

mod failures;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, sleep};
use tracing::Instrument;

use self::failures::MAX_FAILURES;
pub use self::failures::TaskFailures;
use crate::app::App;
use crate::crash;

/// Pause before a task is started again; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Longest pause before a task is started again.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// Runs a task until the process is to stop, and starts it again where it panics or ends before.
pub fn keep<F>(
    app: &Arc<App>,
    name: &'static str,
    task: impl Fn(Arc<App>) -> F + Send + Sync + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let app = Arc::clone(app);
    app.metrics.show_task(name);
    app.tasks.clone().spawn(async move {
        loop {
            let running = task(Arc::clone(&app));
            let ended = tokio::spawn(async move {
                crash::panic_in(name);
                running.await;
            });
            let reason = ended
                .await
                .map_or_else(panic_message, |()| "it ended".to_string());
            if app.stopping.is_cancelled() {
                return;
            }
            let failures = note_failure(&app, name, &reason);
            let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(failures - 1));
            tokio::select! {
                () = app.stopping.cancelled() => return,
                () = sleep(pause.min(MAX_PAUSE)) => {}
            }
        }
    });
}

/// Runs work that continues after its request, and awaits it at shutdown. `None` where it panicked, which is logged and
/// counted.
pub fn spawn<T: Send + 'static>(
    app: &Arc<App>,
    name: &'static str,
    work: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<Option<T>> {
    let app = Arc::clone(app);
    // What the work does is part of the trace of its request.
    let work = async move {
        crash::panic_in(name);
        work.await
    }
    .in_current_span();
    app.tasks.clone().spawn(async move {
        let work = tokio::spawn(work);
        match work.await {
            Ok(outcome) => Some(outcome),
            Err(error) => {
                app.metrics.count_task_failure(name);
                tracing::error!(
                    task = name,
                    reason = panic_message(error),
                    "work failed; its job is continued when the lease expires"
                );
                None
            }
        }
    })
}

fn note_failure(app: &App, task: &'static str, reason: &str) -> u32 {
    app.metrics.count_task_failure(task);
    let failures = app.task_failures.note(task, Instant::now());
    tracing::error!(
        task,
        reason,
        failures,
        "a background task failed; it is started again"
    );
    if failures == MAX_FAILURES {
        tracing::error!(
            task,
            "the task keeps failing; /healthz returns 503 until the process is restarted, or it recovers"
        );
    }
    failures
}

/// What a task that panicked said.
fn panic_message(error: JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else {
        return "it was cancelled".to_string();
    };
    crash::panic_message(&*panic)
}
