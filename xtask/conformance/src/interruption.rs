//! Signals that ask the process to end.

use anyhow::{Context, Error, Result, anyhow};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Signals that are received from now on, and no longer end the process by themselves.
#[derive(Debug)]
pub struct Interruption {
    interrupt: Signal,
    terminate: Signal,
}

impl Interruption {
    /// Receives the signals from now on.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("failed to receive signals");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// Waits for a signal since the start, and returns it as an error.
    pub async fn received(&mut self) -> Error {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        anyhow!("interrupted")
    }
}
