//! Ctrl-C and SIGTERM: the first one ends what runs in good order, the second one at once.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal;
use tokio_util::sync::CancellationToken;

use crate::exit;
use crate::failure::Failure;

/// Whether there was a SIGINT, which is what Ctrl-C sends.
static FROM_KEYBOARD: AtomicBool = AtomicBool::new(false);

/// Whether somebody has pressed Ctrl-C, of which the terminal then shows a `^C`.
pub fn came_from_keyboard() -> bool {
    FROM_KEYBOARD.load(Ordering::Relaxed)
}

/// Begins to hear signals. The token is cancelled by the first one.
pub fn listen() -> io::Result<CancellationToken> {
    let mut signals = Signals::new()?;
    let token = CancellationToken::new();
    let heard = token.clone();
    tokio::spawn(async move {
        signals.next().await;
        heard.cancel();
        signals.next().await;
        std::process::exit(i32::from(exit::INTERRUPTED));
    });
    Ok(token)
}

/// Work that comes to something, or to an error.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = anyhow::Result<T>> + 'a>>;

/// What `work` comes to, unless it is interrupted: then it is dropped where it stands.
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
            _ = self.interrupt.recv() => FROM_KEYBOARD.store(true, Ordering::Relaxed),
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
        // Without a way to hear Ctrl-C, the system ends the process by itself.
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
