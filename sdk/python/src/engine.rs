//! The runtime on which operations run, and the clients that they use.
//!
//! A process that was forked has neither the threads of the runtime nor those that serve the connections of a client, so
//! both belong to the process that made them, and another process makes its own.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use restow_sdk::{Client, Error, RetryPolicy};
use tokio::runtime::{Builder, Handle, Runtime};

/// Threads of the runtime. Operations wait for the network; files are read and hashed on threads of their own.
const WORKER_THREADS: usize = 2;

/// Retries of short requests: they fail within seconds.
const MAX_QUICK_RETRIES: usize = 3;

static RUNTIME: Mutex<Option<OfProcess<Runtime>>> = Mutex::new(None);

/// A value that belongs to the process that made it.
#[derive(Debug)]
pub struct OfProcess<T> {
    process_id: u32,
    value: T,
}

impl<T> OfProcess<T> {
    /// A value of this process.
    pub fn new(value: T) -> Self {
        let process_id = std::process::id();
        Self { process_id, value }
    }

    /// Whether another process made it, of which this one is a fork. Dropping it would then wait for threads that only its
    /// own process has.
    pub fn is_inherited(&self) -> bool {
        self.process_id != std::process::id()
    }

    /// The value, if this process made it.
    pub fn get(&self) -> Option<&T> {
        (!self.is_inherited()).then_some(&self.value)
    }
}

/// The value of this process in a slot, made if there is none.
fn of_this_process<T, E>(
    slot: &mut Option<OfProcess<T>>,
    make: impl FnOnce() -> Result<T, E>,
) -> Result<&mut T, E> {
    if slot.as_ref().is_some_and(OfProcess::is_inherited) {
        std::mem::forget(slot.take());
    }
    let kept = match slot.take() {
        Some(kept) => kept,
        None => OfProcess::new(make()?),
    };
    Ok(&mut slot.insert(kept).value)
}

/// The runtime of this process, which is never shut down.
///
/// # Errors
/// If its threads cannot be started.
pub fn runtime() -> io::Result<Handle> {
    let mut slot = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    let start = || {
        Builder::new_multi_thread()
            .worker_threads(WORKER_THREADS)
            .thread_name("restow")
            .enable_all()
            .build()
    };
    of_this_process(&mut slot, start).map(|runtime| runtime.handle().clone())
}

/// Clients of one server.
#[derive(Debug, Clone)]
pub struct Clients {
    /// For short requests, whose retries end within seconds.
    pub quick: Client,
    /// For uploads, downloads, and waiting.
    pub transfers: Client,
}

/// How to connect to a server. Its clients are made for each process that uses them.
pub struct Connection {
    settings: Settings,
    clients: Mutex<Option<OfProcess<Clients>>>,
}

/// Settings of the clients of a server.
pub struct Settings {
    /// URL of the server.
    pub endpoint: String,
    /// Token of the principal, which is never shown.
    pub token: String,
    /// Maximum number of retries of a transfer after transient errors.
    pub retries: usize,
    /// Timeout for connecting.
    pub connect_timeout: Duration,
    /// Timeout for a response of the API.
    pub request_timeout: Duration,
    /// Timeout for a transfer in which no byte moves.
    pub stall_timeout: Duration,
    /// File of certification authorities to trust besides the system's.
    pub ca_file: Option<PathBuf>,
}

impl Connection {
    /// Checks the settings; nothing is sent.
    ///
    /// # Errors
    /// If the endpoint or the token is invalid.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let connection = Self {
            settings,
            clients: Mutex::new(None),
        };
        connection.clients()?;
        Ok(connection)
    }

    /// The clients of this process.
    ///
    /// # Errors
    /// If they cannot be made.
    pub fn clients(&self) -> Result<Clients, Error> {
        let mut slot = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        of_this_process(&mut slot, || self.settings.clients()).cloned()
    }
}

impl Settings {
    fn clients(&self) -> Result<Clients, Error> {
        let retry = RetryPolicy {
            retries: self.retries,
            ..RetryPolicy::default()
        };
        let mut transfers = Client::builder(&self.endpoint, &self.token)
            .connect_timeout(self.connect_timeout)
            .request_timeout(self.request_timeout)
            .stall_timeout(self.stall_timeout)
            .retry(retry);
        if let Some(file) = &self.ca_file {
            transfers = transfers.ca_file(file);
        }
        let transfers = transfers.build()?;
        let quick = transfers.with_retry(RetryPolicy {
            retries: self.retries.min(MAX_QUICK_RETRIES),
            ..retry
        });
        Ok(Clients { quick, transfers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inherited_value_is_made_again() {
        let mut slot = Some(OfProcess {
            process_id: std::process::id() + 1,
            value: "inherited",
        });
        let make = |value| move || Ok::<_, io::Error>(value);
        assert_eq!(*of_this_process(&mut slot, make("own")).unwrap(), "own");
        assert_eq!(*of_this_process(&mut slot, make("other")).unwrap(), "own");
    }
}
