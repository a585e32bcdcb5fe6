//! What can happen to a request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It does not reach S3 and is answered with this status and S3's code for it.
    Refuse(u16, &'static str),
    /// It does not reach S3, and its connection ends.
    Reset,
    /// It does not reach S3 and is never answered.
    Hang,
    /// S3 does it, and the connection ends without the reply.
    LoseReply,
    /// S3 does it, and the connection ends in the middle of the reply.
    CutReply,
    /// S3 does it, and nothing comes after the first half of the reply.
    StallReply,
    /// S3 does it, and the reply is this status with S3's code for an error inside, even where it is a 200.
    Belie(u16, &'static str),
    /// S3 does it, and the reply is an empty 200.
    EmptyReply,
    /// S3 does it, and the reply waits.
    Hold(Gate),
    /// A 200 begins at once, goes on with whitespace for a time, and only then S3 does it.
    Whitespace {
        /// Pause between two pieces of whitespace.
        every: Duration,
        /// How long S3 seems to be at work.
        lasting: Duration,
    },
}

impl Fault {
    /// Whether the request reaches S3.
    pub(super) fn is_forwarded(&self) -> bool {
        !matches!(self, Self::Refuse(..) | Self::Reset | Self::Hang)
    }
}

/// What a held reply waits for.
#[derive(Clone, Debug)]
pub struct Gate {
    reached: Arc<AtomicBool>,
    released: watch::Receiver<()>,
}

impl Gate {
    /// Says that S3 has replied, and waits until the reply is released.
    pub(super) async fn wait(mut self) {
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
    pub(super) fn new() -> (Self, Fault) {
        let (release, released) = watch::channel(());
        let reached = Arc::new(AtomicBool::new(false));
        (Self { reached: Arc::clone(&reached), _release: release }, Fault::Hold(Gate { reached, released }))
    }

    /// Whether S3 has done what it was asked for, and its reply is being held.
    pub fn is_reached(&self) -> bool {
        self.reached.load(Ordering::Relaxed)
    }

    /// Lets the reply go.
    pub fn release(self) {
        drop(self);
    }
}
