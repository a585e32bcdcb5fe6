//! Calls from Python: a blocking one waits for the outcome, an asynchronous one is told it by a callback.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use bytes::Bytes;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::running::Running;
use crate::engine::runtime;
use crate::failure::Failure;
use crate::reporter::Reporter;

/// How often signals are looked for, and progress is reported.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// How long an interrupted operation may take to release its files.
const STOP_TIMEOUT: Duration = Duration::from_millis(500);

/// How an operation ended.
pub type Outcome = Result<Bytes, Failure>;

/// An operation that Python calls.
pub struct Call<W> {
    /// Runs the operation; `None` if it was cancelled.
    pub work: W,
    /// Receives progress and events.
    pub reporter: Arc<Reporter>,
    /// Stops the operation.
    pub cancelled: CancellationToken,
}

impl<W: Future<Output = Option<Outcome>> + Send + 'static> Call<W> {
    /// Runs the operation to its end. The GIL is released meanwhile; signals and reports are handled in the thread of the
    /// caller.
    ///
    /// # Errors
    /// Those of the operation, and what a signal handler or the callback raises.
    pub fn run(self, py: Python<'_>, report: Option<Py<PyAny>>) -> PyResult<Py<PyBytes>> {
        let Self {
            work,
            reporter,
            cancelled,
        } = self;
        let (sender, receiver) = channel();
        runtime()?.spawn(async move {
            if let Some(outcome) = work.await {
                // The caller may have been interrupted.
                let _ = sender.send(outcome);
            }
        });
        let outcome = py.detach(move || {
            let outcome = wait(&receiver, &reporter, report.as_ref());
            if outcome.is_err() {
                cancelled.cancel();
                // Its end, not its outcome, is waited for: the next call may use the same files.
                let _ = receiver.recv_timeout(STOP_TIMEOUT);
            }
            outcome
        })?;
        Ok(PyBytes::new(py, &outcome?).unbind())
    }

    /// Starts the operation. `done` is called with its result and no error, or with no result and the error as a document.
    ///
    /// # Errors
    /// If the threads of the runtime cannot be started.
    pub fn start(self, report: Option<Py<PyAny>>, done: Py<PyAny>) -> PyResult<Running> {
        let cancelled = self.cancelled.clone();
        runtime()?.spawn(async move {
            let outcome = match report {
                Some(report) => run_with_reports(self.work, &self.reporter, report).await,
                None => self.work.await,
            };
            if let Some(outcome) = outcome {
                attached(move |py| finish(py, &outcome, &done)).await;
            }
        });
        Ok(Running::new(cancelled))
    }
}

/// Waits for the outcome. Signals and reports are handled in between.
///
/// # Errors
/// What a signal handler or the callback raises.
fn wait(
    receiver: &Receiver<Outcome>,
    reporter: &Reporter,
    report: Option<&Py<PyAny>>,
) -> PyResult<Outcome> {
    loop {
        let polled = receiver.recv_timeout(POLL_INTERVAL);
        Python::attach(|py| {
            py.check_signals()?;
            call_all(py, report, reporter.take())
        })?;
        match polled {
            Ok(outcome) => return Ok(outcome),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Ok(Err(Failure::internal(
                    "the operation ended without a result; this is a fault of restow, please report it",
                )));
            }
        }
    }
}

fn call_all(py: Python<'_>, report: Option<&Py<PyAny>>, documents: Vec<String>) -> PyResult<()> {
    let Some(report) = report else { return Ok(()) };
    for document in documents {
        report.call1(py, (document,))?;
    }
    Ok(())
}

/// Runs an operation, and calls `report` with what is reported meanwhile.
async fn run_with_reports(
    work: impl Future<Output = Option<Outcome>>,
    reporter: &Reporter,
    report: Py<PyAny>,
) -> Option<Outcome> {
    let (mut work, report) = (Box::pin(work), Arc::new(report));
    let mut ticks = interval(POLL_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let outcome = loop {
        tokio::select! {
            outcome = &mut work => break outcome?,
            _ = ticks.tick() => call_back(&report, reporter.take()).await,
        }
    };
    call_back(&report, reporter.take()).await;
    Some(outcome)
}

fn finish(py: Python<'_>, outcome: &Outcome, done: &Py<PyAny>) -> PyResult<()> {
    match outcome {
        Ok(result) => done.call1(py, (PyBytes::new(py, result), py.None())),
        Err(failure) => done.call1(py, (py.None(), failure.document())),
    }
    .map(drop)
}

async fn call_back(report: &Arc<Py<PyAny>>, documents: Vec<String>) {
    if !documents.is_empty() {
        let report = report.clone();
        attached(move |py| call_all(py, Some(&report), documents)).await;
    }
}

/// Calls Python on a thread that may wait for the GIL. At the end of the interpreter, nothing is called.
async fn attached(callback: impl FnOnce(Python<'_>) -> PyResult<()> + Send + 'static) {
    let call = spawn_blocking(|| Python::try_attach(callback));
    if let Ok(Some(Err(error))) = call.await {
        // The event loop is closed: the result has no receiver.
        drop(error);
    }
}
