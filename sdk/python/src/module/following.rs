//! Streams of events for Python.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tokio_util::sync::CancellationToken;

use super::call::{Call, Outcome};
use super::running::Running;
use crate::context::document;
use crate::engine::OfProcess;
use crate::failure::Failure;
use crate::following::Following;
use crate::operation::{FollowStep, parse};

/// A stream of events. A step comes as JSON, and returns as JSON whether the stream continues.
#[pyclass(frozen, module = "restow._native")]
pub struct NativeFollowing {
    /// `None` once the stream is closed.
    following: Mutex<Option<OfProcess<Arc<Following>>>>,
    closed: CancellationToken,
}

#[pymethods]
impl NativeFollowing {
    /// Runs a step to its end.
    fn run(&self, py: Python<'_>, step: &str) -> PyResult<Py<PyBytes>> {
        self.call(step)?.run(py, None)
    }

    /// Starts a step. `done` is called like that of an operation.
    fn start(&self, step: &str, done: Py<PyAny>) -> PyResult<Running> {
        self.call(step)?.start(None, done)
    }

    /// Takes the event that was received, unless another call has taken it.
    fn take(&self, py: Python<'_>) -> PyResult<Option<Py<PyBytes>>> {
        let event = self.open()?.and_then(|following| following.take());
        Ok(event.map(|event| PyBytes::new(py, &event).unbind()))
    }

    /// Ends the stream, also for a step that is running.
    fn close(&self) {
        self.closed.cancel();
        discard(self.lock().take());
    }
}

impl NativeFollowing {
    /// A stream that is not connected yet.
    pub fn new(following: Following) -> Self {
        Self {
            following: Mutex::new(Some(OfProcess::new(Arc::new(following)))),
            closed: CancellationToken::new(),
        }
    }

    fn call(
        &self,
        step: &str,
    ) -> PyResult<Call<impl Future<Output = Option<Outcome>> + Send + use<>>> {
        let step: FollowStep = parse(step)?;
        let following = self.open()?;
        let (closed, cancelled) = (self.closed.clone(), self.closed.child_token());
        let work = {
            let cancelled = cancelled.clone();
            async move {
                let outcome = match following {
                    Some(following) => cancelled.run_until_cancelled(following.run(step)).await,
                    None => None,
                };
                if outcome.is_none() && closed.is_cancelled() {
                    return Some(document(&false));
                }
                outcome
            }
        };
        Ok(Call {
            work,
            reporter: Arc::default(),
            cancelled,
        })
    }

    /// The stream; `None` once it is closed.
    ///
    /// # Errors
    /// In a fork of the process that made it.
    fn open(&self) -> Result<Option<Arc<Following>>, Failure> {
        let slot = self.lock();
        let Some(kept) = &*slot else { return Ok(None) };
        let following = kept.get().ok_or_else(Failure::inherited_stream)?;
        Ok(Some(Arc::clone(following)))
    }

    fn lock(&self) -> MutexGuard<'_, Option<OfProcess<Arc<Following>>>> {
        self.following
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for NativeFollowing {
    fn drop(&mut self) {
        discard(self.lock().take());
    }
}

/// Drops a stream, and with it its connection.
fn discard(following: Option<OfProcess<Arc<Following>>>) {
    if following.as_ref().is_some_and(OfProcess::is_inherited) {
        std::mem::forget(following);
    }
}
