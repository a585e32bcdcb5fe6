//! Replies that proxies hold back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

/// What a held reply waits for.
#[derive(Clone, Debug)]
pub struct Gate {
    reached: Arc<AtomicBool>,
    released: watch::Receiver<()>,
}

impl Gate {
    /// Says that there is a reply, and waits until it is released.
    pub(crate) async fn wait(mut self) {
        self.reached.store(true, Ordering::Relaxed);
        while self.released.changed().await.is_ok() {}
    }
}

/// A reply that is held back until this is dropped.
#[derive(Debug)]
pub struct Held {
    reached: Arc<AtomicBool>,
    /// Nothing is ever sent: its end is the message.
    _release: watch::Sender<()>,
}

impl Held {
    pub(crate) fn new() -> (Self, Gate) {
        let (release, released) = watch::channel(());
        let reached = Arc::new(AtomicBool::new(false));
        (
            Self {
                reached: Arc::clone(&reached),
                _release: release,
            },
            Gate { reached, released },
        )
    }

    /// Whether the request has been executed, and its reply is being held.
    pub fn is_reached(&self) -> bool {
        self.reached.load(Ordering::Relaxed)
    }

    /// Lets the reply go.
    pub fn release(self) {
        drop(self);
    }
}
