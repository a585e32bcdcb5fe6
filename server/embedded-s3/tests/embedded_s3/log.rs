//! What the endpoint logs at its most talkative.

use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

static TEXT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        TEXT.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps what the endpoint logs from now on; what the clients in this process log is theirs.
pub fn keep() {
    static KEPT: Once = Once::new();
    KEPT.call_once(|| {
        let endpoint =
            ["s3s", "hyper", "restow_embedded_s3"].map(|target| (target, LevelFilter::TRACE));
        let layer = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(|| Log);
        tracing_subscriber::registry()
            .with(layer)
            .with(Targets::from_iter(endpoint))
            .init();
    });
}

/// All that was logged so far.
pub fn text() -> String {
    let text = TEXT.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8(text.clone()).expect("text")
}
