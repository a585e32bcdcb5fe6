//! The signal that stops the command.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::exit;

/// Exit code of the first signal; 0 before it.
static FIRST: AtomicU8 = AtomicU8::new(0);

/// Records the exit code of a signal, unless there was one before.
pub fn record(code: u8) {
    // That of the first stays.
    let _ = FIRST.compare_exchange(0, code, Ordering::Relaxed, Ordering::Relaxed);
}

/// Whether Ctrl-C was pressed, which the terminal echoes as `^C`.
pub fn is_from_keyboard() -> bool {
    FIRST.load(Ordering::Relaxed) == exit::INTERRUPTED
}

/// The exit code of an interrupted command: 128 and the number of the signal, as shells have it.
pub fn exit_code() -> u8 {
    match FIRST.load(Ordering::Relaxed) {
        // Without a signal, as in a password prompt, it was a key.
        0 => exit::INTERRUPTED,
        code => code,
    }
}
