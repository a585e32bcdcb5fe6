//! The module `restow._native`.
//!
//! An operation runs as a task on the background runtime. A blocking call waits for it without the GIL, and looks for
//! signals and reports in between, so that callbacks run in the thread of the caller. An asynchronous call is told the
//! outcome by a callback.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use bytes::Bytes;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use restow_cli::Credentials;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::engine::{Clients, Connection, Settings, runtime};
use crate::execute::execute;
use crate::failure::Failure;
use crate::operation::{Content, Operation};
use crate::reporter::Reporter;

/// How often signals are looked for, and progress is reported.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// How long an interrupted operation may take to release its files.
const STOP_TIMEOUT: Duration = Duration::from_millis(500);

pyo3::create_exception!(
    _native,
    NativeError,
    PyException,
    "An error as a JSON document."
);

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        NativeError::new_err(failure.document())
    }
}

type Outcome = Result<Bytes, Failure>;

/// A client of one server.
#[pyclass(frozen, module = "restow._native")]
struct NativeClient(Connection);

#[pymethods]
impl NativeClient {
    #[new]
    #[pyo3(signature = (endpoint, token, *, retries, connect_timeout, request_timeout, stall_timeout, ca_file))]
    fn new(
        endpoint: Option<&str>,
        token: Option<&str>,
        retries: usize,
        connect_timeout: f64,
        request_timeout: f64,
        stall_timeout: f64,
        ca_file: Option<PathBuf>,
    ) -> PyResult<Self> {
        let credentials = Credentials::find_missing(endpoint, token).map_err(|error| {
            match error.downcast::<restow_sdk::Error>() {
                Ok(invalid) => Failure::from(invalid),
                Err(error) => Failure::unauthorized(&format!(
                    "{error:#}; pass `endpoint` and `token`, set RESTOW_ENDPOINT and RESTOW_TOKEN, or run `restow login`"
                )),
            }
        })?;
        let connection = Connection::new(Settings {
            endpoint: credentials.endpoint,
            token: credentials.token,
            retries,
            connect_timeout: seconds("connect_timeout", connect_timeout)?,
            request_timeout: seconds("request_timeout", request_timeout)?,
            stall_timeout: seconds("stall_timeout", stall_timeout)?,
            ca_file: ca_file.or(credentials.ca_file),
        });
        Ok(Self(connection.map_err(Failure::from)?))
    }

    /// Base URL of the API.
    #[getter]
    fn endpoint(&self) -> PyResult<String> {
        let clients = self.0.clients().map_err(Failure::from)?;
        Ok(clients.quick.endpoint().to_string())
    }

    /// Runs an operation to its end.
    fn run(
        &self,
        py: Python<'_>,
        operation: &str,
        content: Option<ContentArgument>,
        report: Option<Py<PyAny>>,
    ) -> PyResult<Py<PyBytes>> {
        let task = Task::new(&self.0, operation, content)?;
        let (reporter, cancelled) = (task.reporter.clone(), task.cancelled.clone());
        let (sender, receiver) = channel();
        runtime()?.spawn(async move {
            if let Some(outcome) = task.run().await {
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

    /// Starts an operation. `done` is called with its result and no error, or with no result and the error as a document.
    fn start(
        &self,
        operation: &str,
        content: Option<ContentArgument>,
        report: Py<PyAny>,
        done: Py<PyAny>,
    ) -> PyResult<Running> {
        let task = Task::new(&self.0, operation, content)?;
        let cancelled = task.cancelled.clone();
        runtime()?.spawn(run_with_callbacks(task, report, done));
        Ok(Running(cancelled))
    }
}

/// An operation that was started.
#[pyclass(frozen, module = "restow._native")]
struct Running(CancellationToken);

#[pymethods]
impl Running {
    /// Stops the operation, whose callback is then not called.
    fn cancel(&self) {
        self.0.cancel();
    }
}

/// An operation with everything that it needs.
struct Task {
    clients: Clients,
    operation: Operation,
    content: Option<Content>,
    reporter: Arc<Reporter>,
    cancelled: CancellationToken,
}

impl Task {
    fn new(
        connection: &Connection,
        operation: &str,
        content: Option<ContentArgument>,
    ) -> PyResult<Self> {
        Ok(Self {
            clients: connection.clients().map_err(Failure::from)?,
            operation: Operation::parse(operation)?,
            content: content.map(Content::from),
            reporter: Arc::default(),
            cancelled: CancellationToken::new(),
        })
    }

    /// Runs the operation; `None` if it was cancelled.
    async fn run(self) -> Option<Outcome> {
        let context = Context {
            clients: &self.clients,
            reporter: &self.reporter,
            cancelled: &self.cancelled,
        };
        let work = Box::pin(execute(context, self.operation, self.content));
        self.cancelled.run_until_cancelled(work).await
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

async fn run_with_callbacks(task: Task, report: Py<PyAny>, done: Py<PyAny>) {
    let (reporter, report) = (task.reporter.clone(), Arc::new(report));
    let mut work = Box::pin(task.run());
    let mut ticks = interval(POLL_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let outcome = loop {
        tokio::select! {
            outcome = &mut work => break outcome,
            _ = ticks.tick() => call_back(&report, reporter.take()).await,
        }
    };
    let Some(outcome) = outcome else { return };
    call_back(&report, reporter.take()).await;
    attached(move |py| {
        match outcome {
            Ok(result) => done.call1(py, (PyBytes::new(py, &result), py.None())),
            Err(failure) => done.call1(py, (py.None(), failure.document())),
        }
        .map(drop)
    })
    .await;
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

/// Bytes, or a path as `str` or `os.PathLike`.
#[derive(FromPyObject)]
enum ContentArgument {
    #[pyo3(transparent)]
    Bytes(PyBackedBytes),
    #[pyo3(transparent)]
    File(PathBuf),
}

impl From<ContentArgument> for Content {
    fn from(argument: ContentArgument) -> Self {
        match argument {
            ContentArgument::Bytes(bytes) => Self::Bytes(Bytes::from_owner(bytes)),
            ContentArgument::File(path) => Self::File(path),
        }
    }
}

fn seconds(name: &str, value: f64) -> Result<Duration, Failure> {
    Duration::try_from_secs_f64(value)
        .map_err(|error| Failure::validation(&format!("invalid {name}: {error}")))
}

/// Runs the command `restow` with its arguments, the first of which is its name, and returns the exit code.
#[pyfunction]
fn command(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| restow_cli::exit_status(arguments))
}

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{NativeClient, NativeError, Running, command};
}
