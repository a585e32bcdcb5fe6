//! An operation that runs in the background.

use pyo3::prelude::*;
use tokio_util::sync::CancellationToken;

/// An operation that was started.
#[pyclass(frozen, module = "restow._native")]
pub struct Running(CancellationToken);

impl Running {
    /// An operation that ends when the token is cancelled.
    pub fn new(cancelled: CancellationToken) -> Self {
        Self(cancelled)
    }
}

#[pymethods]
impl Running {
    /// Stops the operation, whose callback is then not called.
    fn cancel(&self) {
        self.0.cancel();
    }
}
