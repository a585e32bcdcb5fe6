//! Ctrl-C and SIGTERM: the first one stops the command in an orderly way, the second one ends the process.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal;
use tokio_util::sync::CancellationToken;

use crate::exit;
use crate::failure::Failure;

/// Whether there was a SIGINT, which Ctrl-C sends.
static RECEIVED_SIGINT: AtomicBool = AtomicBool::new(false);

/// Whether Ctrl-C was pressed, which the terminal echoes as `^C`.
pub fn is_from_keyboard() -> bool {
    RECEIVED_SIGINT.load(Ordering::Relaxed)
}

/// Starts to listen for signals. The first one cancels the token.
pub fn listen() -> io::Result<CancellationToken> {
    let mut signals = Signals::new()?;
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        signals.next().await;
        cancelled.cancel();
        signals.next().await;
        std::process::exit(i32::from(exit::INTERRUPTED));
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
            .unwrap_or_else(|| Err(Failure::Interrupted(None).into()))
    })
}

#[cfg(unix)]
struct Signals {
    interrupt: signal::unix::Signal,
    terminate: signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use signal::unix::SignalKind;
        Ok(Self {
            interrupt: signal::unix::signal(SignalKind::interrupt())?,
            terminate: signal::unix::signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => RECEIVED_SIGINT.store(true, Ordering::Relaxed),
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Without a handler, the system ends the process on Ctrl-C.
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
