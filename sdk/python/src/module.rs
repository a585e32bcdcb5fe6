//! The module `restow._native`.
//!
//! An operation runs as a task on the background runtime. A blocking call waits for it without the GIL, and looks for
//! signals and reports in between, so that callbacks run in the thread of the caller. An asynchronous call is told the
//! outcome by a callback.

mod call;
mod following;
mod running;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use restow_cli::Credentials;
use tokio_util::sync::CancellationToken;

use self::call::{Call, Outcome};
use self::following::NativeFollowing;
use self::running::Running;
use crate::context::Context;
use crate::engine::{Clients, Connection, Settings};
use crate::execute::execute;
use crate::failure::Failure;
use crate::following::Following;
use crate::operation::{Content, Operation, parse};
use crate::reporter::Reporter;

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
        task.into_call().run(py, report)
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
        task.into_call().start(Some(report), done)
    }

    /// Prepares a stream of events.
    fn follow(&self, operation: &str) -> PyResult<NativeFollowing> {
        let clients = self.0.clients().map_err(Failure::from)?;
        let following = Following::new(clients.transfers, parse(operation)?);
        Ok(NativeFollowing::new(following))
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
            operation: parse(operation)?,
            content: content.map(Content::from),
            reporter: Arc::default(),
            cancelled: CancellationToken::new(),
        })
    }

    fn into_call(self) -> Call<impl Future<Output = Option<Outcome>> + Send> {
        Call {
            reporter: self.reporter.clone(),
            cancelled: self.cancelled.clone(),
            work: self.run(),
        }
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
    use super::{NativeClient, NativeError, NativeFollowing, Running, command};
}
