//! Ctrl-C, SIGTERM and SIGHUP: the first one stops the command in an orderly way, the second one ends the process.

use std::io;
use std::pin::Pin;

use tokio::signal;
use tokio_util::sync::CancellationToken;

use crate::exit;
use crate::failure::Failure;
use crate::first_signal;

/// Starts to listen for signals. The first one cancels the token.
pub fn listen() -> io::Result<CancellationToken> {
    let mut signals = Signals::new()?;
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        let first = signals.next().await;
        first_signal::record(first);
        cancelled.cancel();
        signals.next().await;
        std::process::exit(i32::from(first));
    });
    Ok(token)
}

/// A future of a command, boxed.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = anyhow::Result<T>> + 'a>>;

/// Runs `work` until it ends or `interrupt` is cancelled, which drops it.
///
/// # Errors
/// Those of `work`, and [`Failure::Interrupted`].
pub fn unless_interrupted<'a, T: 'a>(
    interrupt: &'a CancellationToken,
    work: impl Future<Output = anyhow::Result<T>> + 'a,
) -> Work<'a, T> {
    Box::pin(async move {
        interrupt
            .run_until_cancelled(work)
            .await
            .unwrap_or_else(|| Err(Failure::INTERRUPTED.into()))
    })
}

#[cfg(unix)]
struct Signals {
    interrupt: signal::unix::Signal,
    terminate: signal::unix::Signal,
    /// `None` under `nohup`, which has the process ignore this signal.
    hang_up: Option<signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: (!is_hang_up_ignored())
                .then(|| signal(SignalKind::hangup()))
                .transpose()?,
        })
    }

    /// Waits for the next signal, and returns the exit code that it stands for.
    async fn next(&mut self) -> u8 {
        let Self {
            interrupt,
            terminate,
            hang_up,
        } = self;
        let hang_up = async {
            match hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => exit::INTERRUPTED,
            _ = terminate.recv() => exit::TERMINATED,
            _ = hang_up => exit::HUNG_UP,
        }
    }
}

/// Whether the process was started with SIGHUP ignored, or where that is unknown: a handler would undo it.
#[cfg(unix)]
fn is_hang_up_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // The lowest bit is that of signal 1, SIGHUP.
    mask.is_none_or(|mask| mask & 1 == 1)
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> u8 {
        // Without a handler, the system ends the process on Ctrl-C.
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        exit::INTERRUPTED
    }
}
